/** Without faults the desk's books are the venues' accounts at every second, whatever operators and markets do. */
import { describe, expect, it } from "vitest";
import { EngineConfig } from "../../server/contract/config.ts";
import type { Effect } from "../../server/contract/effects.ts";
import type { FillEvent } from "../../server/contract/events.ts";
import type { VenueAccount } from "../../server/contract/instrument.ts";
import { MICROS_PER_SECOND } from "../../server/contract/units.ts";
import { atomsToNumber, decimalToScaled } from "../../server/core/decimal.ts";
import { read } from "../../server/core/ledger/attribution.ts";
import { createEngine } from "../../server/core/setup.ts";
import type { Engine } from "../../server/core/state.ts";
import { step } from "../../server/core/step.ts";
import { createExchange } from "../../server/lab/exchange/exchange.ts";
import { LATENCY_PRESETS } from "../../server/lab/world/latency.ts";
import { runWorld } from "../../server/lab/world/world.ts";
import { demoScenario } from "../../server/replay/demoScenario.ts";
import { readPnl } from "../../server/core/pnl.ts";
import { parseSettings } from "../../server/replay/settings.ts";
import { Operator } from "../../server/replay/simulate/operator.ts";
import type { TrueFill } from "../../server/replay/simulate/orderTruth.ts";
import { compareBooks } from "../../server/replay/simulate/settled.ts";
import { watch } from "../../server/replay/simulate/witness.ts";

const DURATION_S = 75;

interface Modes {
  readonly seed: number;
  readonly amend: VenueAccount["amend"];
  readonly paidIn: VenueAccount["fees"]["paidIn"];
}

const MODES: readonly Modes[] = (["in-place", "cancel-new", "none"] as const).flatMap((amend, a) =>
  (["quote", "received"] as const).flatMap((paidIn, p) =>
    [0, 1].map((n) => ({ seed: 1 + 10 * a + 5 * p + n, amend, paidIn })),
  ),
);

/** Of the desk's own turnover, the rounding that sums of floats may have. */
const TOLERANCE_FRAC = 1e-9;

/** What one fee is worth to the desk at the instant at which it books it. */
function feeWorth(engine: Engine, { instrument, feeAsset, feeAtoms }: FillEvent): number {
  const { state, config } = engine;
  const decimals = config.assets.find(({ asset }) => asset === feeAsset)?.decimals ?? 0;
  const market = state.markets[state.instruments[instrument]?.market ?? -1];
  const price = market?.base === feeAsset ? market.fair : state.rates.get(feeAsset)?.value;
  return atomsToNumber(feeAtoms, decimals) * (price ?? Number.NaN);
}

function expectPartsToSum(engine: Engine): void {
  for (const market of engine.state.markets) {
    const view = read(market.attribution);
    if (view === undefined) continue;
    const { total, turnoverQuote, ...parts } = view;
    const sum = Object.values(parts).reduce((all, part) => all + part, 0);
    expect(Math.abs(sum - total)).toBeLessThanOrEqual(1e-6 + TOLERANCE_FRAC * turnoverQuote);
  }
}

describe("the desk's books", () => {
  it.each(MODES)(
    "are the venues' with $amend amendments and fees in $paidIn, seed $seed",
    ({ seed, amend, paidIn }) => {
      const parameters = { spreadMultiplier: 0.5, orderNotionalPct: 0.5 };
      const scenario = demoScenario(parseSettings({ seed, parameters }, "test"), DURATION_S);
      const config = EngineConfig.parse({
        ...scenario.config,
        accounts: scenario.config.accounts.map((account) => ({
          ...account,
          amend,
          fees: { ...account.fees, makerFrac: 0.1e-4, paidIn },
        })),
      });
      const engine = createEngine(config);
      const fills: { account: number; fill: TrueFill }[] = [];
      const venues = config.accounts.map((_, index) => createExchange({ config, accounts: [index] }));
      for (const { account, asset, amount } of scenario.deposits) {
        const index = config.accounts.findIndex((candidate) => candidate.account === account);
        const decimals = config.assets.find((spec) => spec.asset === asset)?.decimals ?? 0;
        venues[index]?.deposit(index, asset, decimalToScaled(amount, decimals));
      }
      const broughtIn = venues.map(
        (venue, index) => new Map(venue.balances(index).map(({ asset, totalAtoms }) => [asset, totalAtoms])),
      );
      const exchanges = venues.map((venue) =>
        watch(venue, {
          arrived: () => undefined,
          happened: (account, report) =>
            void (report.type === "fill" && fills.push({ account, fill: report })),
          published: () => undefined,
        }),
      );
      const operator = new Operator({ seed, config, startAtUs: scenario.fromUs, exchanges });
      const told = new Set<string>();
      let checks = 0;
      let fees = 0;

      function check(): void {
        // A transfer that the desk has not heard of yet is a difference that ought to be there.
        if (told.size < operator.transfers.length) return;
        checks += 1;
        const stock = broughtIn.map((start) => new Map(start));
        for (const { account, asset, amountAtoms } of operator.transfers)
          stock[account]?.set(asset, (stock[account].get(asset) ?? 0n) + amountAtoms);
        expect(compareBooks(engine, { exchanges, fills, broughtIn: stock })).toEqual([]);
        expectPartsToSum(engine);
        const { makerFees, takerFees } = readPnl(engine);
        const turnover = engine.state.counts.volumeReporting;
        expect(Math.abs(makerFees + takerFees + fees)).toBeLessThanOrEqual(1e-6 + TOLERANCE_FRAC * turnover);
      }

      runWorld({
        config,
        exchanges,
        driver: scenario.driver,
        latency: LATENCY_PRESETS.zero,
        seed,
        engine(event) {
          const effects: Effect[] = [];
          for (let due = operator.next(event.atUs); due !== undefined; due = operator.next(event.atUs)) {
            if (due.type === "transfer") told.add(due.transferId);
            const answer = step(engine, due);
            operator.saw(answer, due.atUs);
            effects.push(...answer);
          }
          const feeIfNew = event.type === "fill" ? feeWorth(engine, event) : 0;
          const booked = engine.state.counts.fills;
          effects.push(...step(engine, event));
          // A fill that the desk asks to be told again costs nothing more.
          if (engine.state.counts.fills > booked) fees += feeIfNew;
          // Without latency nothing is under way when a timer comes: what happened in its instant was told before it.
          if (event.type === "timer" && event.atUs % MICROS_PER_SECOND === 0) check();
          return effects;
        },
      });
      expect(checks).toBeGreaterThan(DURATION_S / 3);
      expect(fills.length).toBeGreaterThan(20);
      expect(engine.state.counts.anomalies).toBe(0);
    },
  );
});
