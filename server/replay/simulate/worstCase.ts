/** What could become of a side if everything that is on the wire or open there were filled, by the truth alone. */
import type { EngineConfig } from "../../contract/config.ts";
import { sideSign, type Side } from "../../contract/units.ts";
import type { Funds } from "./funds.ts";
import type { OrderTruth } from "./orderTruth.ts";
import type { Limits } from "./permissions.ts";
import type { ViolationCode } from "./violation.ts";

/**
 * Limits in base units move with fair value, which only the desk knows: the last trade stands in for it. This is
 * several times the distance that they can have.
 */
const PRICE_SLACK_FRAC = 0.015;

/** Noise of floats over a run. */
const FUNDS_SLACK_FRAC = 1e-6;

const SIDES = ["buy", "sell"] as const;

type Fail = (code: ViolationCode, why: string) => void;

/** Where and when an order leaves; it is part of the truth already. */
interface Leaving {
  readonly instrument: number;
  readonly side: Side;
  readonly atUs: number;
}

export class WorstCase {
  readonly #config: EngineConfig;
  readonly #orders: OrderTruth;
  readonly #funds: Funds;
  readonly #accountOf: readonly number[];
  readonly #lastTicks: (number | undefined)[];

  constructor(config: EngineConfig, orders: OrderTruth, funds: Funds) {
    this.#config = config;
    this.#orders = orders;
    this.#funds = funds;
    this.#accountOf = config.instruments.map(({ account }) =>
      config.accounts.findIndex((candidate) => candidate.account === account),
    );
    this.#lastTicks = config.instruments.map(() => undefined);
  }

  traded(instrument: number, priceTicks: number): void {
    this.#lastTicks[instrument] = priceTicks;
  }

  /**
   * An order moves its own side's worst case only, and away from zero: w = q + all that is on the wire or open on
   * that side. A fill that the desk has not heard of is in q here and still open to the desk: its w is no smaller.
   */
  checkLimits({ instrument, side, atUs }: Leaving, limits: Limits, fail: Fail): void {
    const price = this.#priceOf(this.#baseOf(instrument));
    // Before the first trade nobody can say what a limit is worth.
    if (price === undefined) return;
    const sign = sideSign(side);
    const check = (code: ViolationCode, worst: number, limitPct: number) => {
      const limit = (limits.capital * limitPct) / 100;
      if (sign * worst > limit * (1 + PRICE_SLACK_FRAC))
        fail(code, `makes ${side} ${Math.round(Math.abs(worst))} of ${Math.round(limit)} allowed`);
    };
    const account = this.#accountOf[instrument];
    check("ASSET_LIMIT", this.#worst(instrument, side, atUs) * price, limits.assetMaxPct);
    check("VENUE_LIMIT", this.#worst(instrument, side, atUs, account) * price, limits.venueMaxPct);
    let net = 0;
    for (const { base } of this.#config.markets) {
      const member = this.#config.instruments.findIndex((candidate) => candidate.base === base);
      net += this.#worst(member, side, atUs) * (this.#priceOf(base) ?? 0);
    }
    check("NET_LIMIT", net, limits.netMaxPct);
  }

  /** All that is on the wire or open must be paid for by what is there. */
  checkFunds({ instrument, side, atUs }: Leaving, fail: Fail): void {
    const asset = this.#paidWith(instrument, side);
    const account = this.#accountOf[instrument] ?? -1;
    let reserved = 0;
    for (const index of this.#config.instruments.keys())
      if (this.#accountOf[index] === account)
        for (const each of SIDES)
          if (this.#paidWith(index, each) === asset) reserved += this.#orders.reserved(index, each, atUs);
    const balance = this.#funds.balance(account, asset);
    if (reserved > balance * (1 + FUNDS_SLACK_FRAC))
      fail("FUNDS", `commits ${reserved} ${asset} of ${balance} at account ${account}`);
  }

  /** Nearer to zero and not through it, over all venues or at one. */
  checkReduces({ instrument, side, atUs }: Leaving, fail: Fail, account?: number): void {
    const worst = this.#worst(instrument, side, atUs, account);
    if (sideSign(side) * worst > this.#orders.lotBase(instrument))
      fail("REDUCES", `may bring inventory to ${worst.toFixed(8)}, through zero`);
  }

  /** Signed base units of the instrument's asset over all venues, or at one. */
  #worst(instrument: number, side: Side, atUs: number, account?: number): number {
    const base = this.#baseOf(instrument);
    let worst = 0;
    for (const index of this.#config.accounts.keys())
      if (account === undefined || index === account) worst += this.#orders.inventory(index, base);
    for (const [index, definition] of this.#config.instruments.entries())
      if (definition.base === base && (account === undefined || this.#accountOf[index] === account))
        worst += this.#orders.workingBase(index, side, atUs);
    return worst;
  }

  #paidWith(instrument: number, side: Side): string {
    const definition = this.#config.instruments[instrument];
    return (side === "buy" ? definition?.quote : definition?.base) ?? "";
  }

  #baseOf(instrument: number): string {
    return this.#config.instruments[instrument]?.base ?? "";
  }

  #priceOf(base: string): number | undefined {
    for (const [index, definition] of this.#config.instruments.entries()) {
      const ticks = this.#lastTicks[index];
      if (definition.base === base && ticks !== undefined) return ticks * Number(definition.tick);
    }
    return undefined;
  }
}
