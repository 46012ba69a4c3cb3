/** Fills from the stream, the trade cursor and questions: each told once, exactly, under the order it belongs to. */
import type { FillEvent } from "../../../contract/events.ts";
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import { mayForget, type Retention } from "../../../core/retention.ts";
import type { RawFill, RawOrder } from "../exchanges/exchange.ts";
import { plainDecimal } from "../exchanges/fields.ts";
import { atomsOf, exactGrid } from "./grid.ts";
import type { OrderName } from "./names.ts";
import type { OrderReports } from "./reports.ts";
import type { Listed, OrderTracker } from "./tracker.ts";

/** More than the engine remembers: what it is told again, it has to know again. */
export const KNOWN_FILLS: Retention = { least: 600, withinUs: 720 * MICROS_PER_SECOND, most: 3_000 };

/** Orders of other hands, which are looked up once. */
const FOREIGN_MAX = 1_000;

/** A list of orders is never further behind the list of trades. */
const LISTED_WITHIN_MS = 60_000;

/** Of a fee in an asset that the desk does not hold: as fine as any. */
const DECIMALS_OF_OTHERS = 18;

export interface FillsOptions {
  /** The venue's time. */
  readonly venueNowMs: () => number;
  /** From where on the list of trades is read next, in the venue's time: what stands there has to be known. */
  readonly readsFromMs: (symbol: string) => number;
  readonly account: number;
  readonly tracker: OrderTracker;
  readonly reports: Pick<OrderReports, "filled">;
  readonly listed: (symbol: string) => Listed | undefined;
  readonly decimals: ReadonlyMap<string, number>;
  readonly emit: (event: Omit<FillEvent, "atUs">) => void;
  /** Its order, asked of the venue by the venue's id; undefined: not listed there. */
  readonly lookUpOrder: (fill: RawFill, listed: Listed) => Promise<RawOrder | undefined>;
  /** A fill that is whole in no steps that are known here: the venue has others. */
  readonly onOffGrid: () => void;
  readonly log: (text: string, fields: Readonly<Record<string, string | number>>) => void;
  /** Of the venue's time: what is older is told only when it is asked for. A stream may begin with old trades. */
  readonly startMs: number;
}

interface Known {
  readonly terms: string;
  readonly atUs: number;
  readonly symbol: string;
  readonly venueAtMs: number;
}

export class Fills {
  readonly #options: FillsOptions;
  /** What was told last under each key, and when it was, by the venue's clock. */
  readonly #known = new Map<string, Known>();
  readonly #foreign = new Set<string>();

  constructor(options: FillsOptions) {
    this.#options = options;
  }

  /** In these terms: a venue that tells the same trade otherwise is heard. */
  isKnown(fill: RawFill): boolean {
    const terms = this.#known.get(keyOf(fill))?.terms;
    if (terms !== undefined) this.#keep(fill, terms);
    return terms === termsOf(fill);
  }

  /** A venue lists the last trades of a quiet market for ever: what it still tells is forgotten last. */
  #keep(fill: RawFill, terms: string): void {
    const { venueNowMs, readsFromMs } = this.#options;
    const { symbol, venueAtMs } = fill;
    const key = keyOf(fill);
    const nowUs = venueNowMs() * 1_000;
    this.#known.delete(key);
    this.#known.set(key, { terms, atUs: nowUs, symbol, venueAtMs });
    for (const [oldest, known] of this.#known) {
      const { size } = this.#known;
      if (!mayForget(size, nowUs - known.atUs, KNOWN_FILLS)) break;
      if (size <= KNOWN_FILLS.most && known.venueAtMs >= readsFromMs(known.symbol)) break;
      this.#known.delete(oldest);
    }
  }

  /** Whether its order can be named without asking the venue. */
  isAttributed({ clientId, venueOrderId }: RawFill): boolean {
    return (
      clientId !== undefined ||
      this.#foreign.has(venueOrderId) ||
      this.#options.tracker.nameOf(undefined, venueOrderId) !== undefined
    );
  }

  /** Asks the venue whose order it was, where it does not say. Rejects when it cannot be found out now. */
  async attribute(fill: RawFill): Promise<void> {
    const listed = this.#options.listed(fill.symbol);
    if (listed === undefined || this.isAttributed(fill)) return;
    const order = await this.#options.lookUpOrder(fill, listed);
    // Lists of orders may lag the trades: a fill of ours must not be learned as a stranger's.
    if (order === undefined && this.#options.venueNowMs() - fill.venueAtMs < LISTED_WITHIN_MS)
      throw new Error(`the order ${fill.venueOrderId} of a trade is not listed yet`);
    // What a venue has forgotten must not keep the account down for ever: it is told as nobody's, and balances judge it.
    if (order === undefined)
      this.#options.log("a trade is of an order that the venue does not list", {
        tradeId: fill.tradeId,
        venueOrderId: fill.venueOrderId,
      });
    this.learn({ clientId: order?.clientId ?? "", venueOrderId: fill.venueOrderId });
  }

  /** What a list of orders says: whose fills are told under that id. */
  learn({ clientId, venueOrderId }: Pick<RawOrder, "clientId" | "venueOrderId">): void {
    const name = this.#options.tracker.nameOf(clientId, undefined);
    if (name !== undefined) this.#options.tracker.learn(venueOrderId, name);
    else {
      this.#foreign.add(venueOrderId);
      const [oldest] = this.#foreign;
      if (oldest !== undefined && this.#foreign.size > FOREIGN_MAX) this.#foreign.delete(oldest);
    }
  }

  /** True when it was new. `again`: tell it also when it was not. What differs from itself the engine raises. */
  accept(fill: RawFill, again = false): boolean {
    const listed = this.#options.listed(fill.symbol);
    if (listed === undefined) return false;
    const isNew = !this.#known.has(keyOf(fill));
    if (!again && (this.isKnown(fill) || fill.venueAtMs < this.#options.startMs)) return false;
    const name = this.#options.tracker.nameOf(fill.clientId, fill.venueOrderId);
    const event = this.#eventOf(fill, listed, name);
    if (event === undefined) return false;
    this.#keep(fill, termsOf(fill));
    if (name !== undefined) {
      this.#options.tracker.learn(fill.venueOrderId, name);
      if (isNew) this.#options.reports.filled(name, plainText(fill.size), listed);
    }
    if (isNew) this.#raiseOtherFees(fill);
    this.#options.emit(event);
    return isNew;
  }

  /** An event holds one fee: what a balance is short of by another, somebody has to know. */
  #raiseOtherFees({ tradeId, otherFees = [] }: RawFill): void {
    for (const { asset, fee } of otherFees)
      this.#options.log("a second fee of a fill, in another asset, is not booked", { tradeId, asset, fee });
  }

  /**
   * In the steps of its order, or of the listing; else in steps as fine as it is written, which the engine books or
   * raises.
   */
  #eventOf(
    fill: RawFill,
    { index, grid: inForce }: Listed,
    name: OrderName | undefined,
  ): Omit<FillEvent, "atUs"> | undefined {
    const { account, tracker, decimals, onOffGrid, log } = this.#options;
    const { tradeId } = fill;
    const [price, size] = [plainText(fill.price), plainText(fill.size)];
    const order = name === undefined ? undefined : tracker.get(name.clientId);
    const known = [order?.listed.grid ?? inForce, inForce];
    const grid = exactGrid(known, price, [size]);
    const [priceTicks, sizeLots] = [grid.ticks(price), grid.lots(size)];
    if (!known.includes(grid)) {
      log("a fill is no whole number of ticks and lots", { tradeId, price, size });
      onOffGrid();
    }
    if (priceTicks === undefined || sizeLots === undefined || sizeLots === 0) {
      log("a fill is not told: no steps hold it", { tradeId, price, size });
      return undefined;
    }
    const feeAsset = fill.feeAsset === "" ? (fill.symbol.split("/")[1] ?? "") : fill.feeAsset;
    const fee = atomsOf(plainText(fill.fee), decimals.get(feeAsset) ?? DECIMALS_OF_OTHERS);
    return {
      type: "fill",
      account,
      instrument: index,
      ...(name === undefined ? {} : { clientId: name.clientId }),
      venueOrderId: fill.venueOrderId,
      tradeId,
      side: fill.side,
      priceTicks,
      sizeLots,
      steps: grid.steps,
      liquidity: fill.liquidity,
      venueAtUs: Math.round(fill.venueAtMs * 1_000),
      feeAsset,
      feeAtoms: fee.atoms,
    };
  }
}

/** One trade id stands on two symbols at some venues, and on both orders of a self-trade at others. */
function keyOf({ symbol, tradeId, venueOrderId }: RawFill): string {
  return `${symbol} ${tradeId} ${venueOrderId}`;
}

/** Streams and lists write the same number with more zeros or fewer. */
function termsOf({ side, size, price }: RawFill): string {
  return [side, shortest(size), shortest(price)].join(" ");
}

function shortest(text: string): string {
  const plain = plainText(text);
  return plain.includes(".") ? plain.replace(/\.?0+$/, "") : plain;
}

/** A venue may write 1e-8. */
function plainText(text: string): string {
  return /e/i.test(text) ? plainDecimal(Number(text)) : text;
}
