/** The desk on a recorded market, with everything that it sends written down. */
import type { AmendEffect, Effect, PlaceEffect } from "../../server/contract/effects.ts";
import type { EngineEvent } from "../../server/contract/events.ts";
import { sideSign, type Side } from "../../server/contract/units.ts";
import { decimalToScaled } from "../../server/core/decimal.ts";
import { EngineRun } from "../../server/engine/engineRun.ts";
import { createExchange } from "../../server/lab/exchange/exchange.ts";
import type { SimulatedExchange } from "../../server/lab/ports.ts";
import type { RecordedEvent } from "../../server/lab/recording/events.ts";
import type { Recording } from "../../server/lab/recording/reader.ts";
import { runWorld } from "../../server/lab/world/world.ts";
import { recordedScenario } from "../../server/replay/recordedScenario.ts";
import { parseSettings } from "../../server/replay/settings.ts";

/** One way, desk to venue. */
export const LATENCY_MS = 20;

const PLAIN = { seed: 1, latency: constantLatency(LATENCY_MS * 1e3), feedLatencyMs: LATENCY_MS };

function constantLatency(constantUs: number) {
  return { feed: { constantUs }, entry: { constantUs }, response: { constantUs } };
}

export interface Sent {
  readonly atUs: number;
  readonly instrument: number;
  readonly side: Side;
  readonly priceTicks: number;
}

interface DeskOnRecording {
  readonly run: EngineRun;
  /** Every place and amend, in order. */
  readonly sent: readonly Sent[];
}

interface Seen {
  readonly effects: readonly Effect[];
  readonly exchanges: readonly SimulatedExchange[];
  readonly run: EngineRun;
}

export interface RecordedRunOptions {
  readonly assume?: Readonly<Record<string, number>>;
  readonly fromUs?: number;
  readonly toUs?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** After each event that the desk consumed. */
  readonly look?: (event: EngineEvent, seen: Seen) => void;
}

export function runRecorded(recording: Recording, options: RecordedRunOptions = {}): DeskOnRecording {
  const { fromUs, toUs, look } = options;
  const scenario = recordedScenario(recording, {
    settings: parseSettings({ ...PLAIN, ...options.settings }, "test"),
    assumedRates: new Map(Object.entries(options.assume ?? {})),
    fromUs,
    toUs,
  });
  const { config, deposits } = scenario;
  const exchanges = config.accounts.map(({ account }, index) => {
    const exchange = createExchange({ config, accounts: [index] });
    for (const deposit of deposits.filter((candidate) => candidate.account === account)) {
      const decimals = config.assets.find(({ asset }) => asset === deposit.asset)?.decimals ?? 0;
      exchange.deposit(index, deposit.asset, decimalToScaled(deposit.amount, decimals));
    }
    return exchange;
  });
  const run = new EngineRun(config);
  const sent: Sent[] = [];
  runWorld({
    ...scenario,
    exchanges,
    engine(event) {
      const effects = run.handle(event);
      for (const effect of effects)
        if (effect.type === "place" || effect.type === "amend") sent.push(describe(run, effect, event.atUs));
      look?.(event, { effects, exchanges, run });
      return effects;
    },
  });
  return { run, sent };
}

function describe(run: EngineRun, effect: PlaceEffect | AmendEffect, atUs: number): Sent {
  const { instrument, priceTicks, clientId } = effect;
  const side = run.engine.state.orders.get(clientId)?.side;
  if (side === undefined) throw new Error(`${clientId} left and is not known`);
  return { atUs, instrument, side, priceTicks };
}

/** Where a price lies from a mid, in bps: > 0 on the passive side. */
export function passiveBps(
  { side, priceTicks }: Pick<Sent, "side" | "priceTicks">,
  midTicks: number,
): number {
  return (sideSign(side) * (midTicks - priceTicks) * 1e4) / midTicks;
}

export const TAPE_START_US = 1_700_000_000_000_000;

/** 60,000.00 in ticks of 0.01. */
const PRICE_TICKS = 6_000_000;
const HALF_SPREAD_TICKS = 300;

/** Up and down by a few bps: smooth, so that a jump is never what moved a quote. */
export function walkTicks(ms: number): number {
  const bps = 6 * Math.sin(ms / 7_000) + 2 * Math.sin(ms / 1_300);
  return Math.round(PRICE_TICKS * (1 + bps * 1e-4));
}

export interface TapeVenue {
  readonly everyMs?: number;
  /** Bps above the walk. */
  readonly basisBps?: (ms: number) => number;
  /** True: the venue says nothing at this instant. */
  readonly isSilent?: (ms: number) => boolean;
  /** True: this record shows a bid above the ask. */
  readonly isCrossed?: (ms: number) => boolean;
  /** Of the venue's stamp against the recorder's. */
  readonly stampMs?: number;
  readonly kind?: "book" | "prints";
}

/** Books every 100 ms unless a venue says otherwise, in the order in which a recorder saw them. */
export function tape(seconds: number, venues: readonly TapeVenue[]): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  for (let ms = 0; ms < seconds * 1e3; ms += 100)
    for (const [instrument, venue] of venues.entries()) {
      const { everyMs = 100, basisBps, isSilent, isCrossed, stampMs, kind = "book" } = venue;
      if (ms % everyMs !== 0 || isSilent?.(ms) === true) continue;
      const receivedAtUs = TAPE_START_US + ms * 1e3;
      const venueAtUs = stampMs === undefined ? undefined : receivedAtUs + stampMs * 1e3;
      const mid = Math.round(walkTicks(ms) * (1 + (basisBps?.(ms) ?? 0) * 1e-4));
      const half = isCrossed?.(ms) === true ? -HALF_SPREAD_TICKS : HALF_SPREAD_TICKS;
      const base = { instrument, receivedAtUs, venueAtUs };
      if (kind === "prints")
        events.push({ ...base, kind: "print", priceTicks: mid, sizeLots: 5, aggressor: "buy" });
      else
        events.push({
          ...base,
          kind: "snapshot",
          bids: [mid - half, 900, mid - half - 700, 2_000],
          asks: [mid + half, 900, mid + half + 700, 2_000],
        });
    }
  return events;
}
