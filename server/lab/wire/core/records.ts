/**
 * What a venue remembers of an account for questions: its fills, the order in which its orders came, and the orders of
 * earlier lives. Bounded: the oldest are forgotten first.
 */
import type { FillQuery, FillRecord, OrderRecord, OrderRef } from "../ports.ts";

/** Ten minutes of brisk quoting. */
export const FILLS_KEPT_MAX = 500;

/**
 * Ended orders of an account that a venue on the wire answers for: minutes of brisk quoting, longer than any question
 * about an order waits.
 */
export const ENDED_KEPT_MAX = 500;

/** In the order in which orders came: those that rest for long have to be among them when they end. */
export const CLIENT_IDS_KEPT_MAX = 1_500;

/** A venue's clock is never set wrong by more: what is older than this before an instant was before it. */
export const CLOCK_SKEW_MAX_US = 60_000_000;

/** Oldest first. */
export interface EarlierRecords {
  readonly orders: readonly OrderRecord[];
  readonly fills: readonly FillRecord[];
}

export interface AccountRecords {
  addFill(fill: FillRecord): void;
  addOrder(clientId: string): void;
  fills(query: FillQuery): FillRecord[];
  /** Newest first. */
  clientIds(): Iterable<string>;
  earlierOrder(ref: OrderRef): OrderRecord | undefined;
  /** Newest first. */
  earlierOrders(): readonly OrderRecord[];
}

export function createAccountRecords(earlier: EarlierRecords): AccountRecords {
  const fills = createRing<FillRecord>(FILLS_KEPT_MAX);
  const orders = createRing<string>(CLIENT_IDS_KEPT_MAX);
  for (const fill of earlier.fills) fills.push(fill);
  const byClientId = new Map(earlier.orders.map((order) => [order.clientId, order]));
  const byVenueId = new Map(earlier.orders.map((order) => [order.venueOrderId, order]));
  const newestFirst = earlier.orders.toReversed();
  return {
    addFill: (fill) => fills.push(fill),
    addOrder: (clientId) => orders.push(clientId),
    fills: (query) => selectFills(fills, query),
    clientIds: () => orders.newestFirst(),
    earlierOrder: (ref) =>
      "clientId" in ref ? byClientId.get(ref.clientId) : byVenueId.get(ref.venueOrderId),
    earlierOrders: () => newestFirst,
  };
}

function selectFills(fills: Ring<FillRecord>, query: FillQuery): FillRecord[] {
  const { order, limit, instrument, fromTradeId, sinceUs = -Infinity } = query;
  const fromId = Number(fromTradeId ?? 0);
  const found: FillRecord[] = [];
  for (const fill of fills.newestFirst()) {
    if (fill.venueAtUs < sinceUs - CLOCK_SKEW_MAX_US) break;
    // Trade ids of an instrument rise.
    if (fill.instrument === instrument && Number(fill.tradeId) < fromId) break;
    if (!matches(fill, query)) continue;
    found.push(fill);
    if (order === "newest" && found.length >= limit) break;
  }
  return order === "newest" ? found : found.reverse().slice(0, limit);
}

function matches(fill: FillRecord, query: FillQuery): boolean {
  const { instrument, venueOrderId, sinceUs = -Infinity, untilUs = Infinity, fromTradeId } = query;
  return (
    fill.venueAtUs >= sinceUs &&
    fill.venueAtUs <= untilUs &&
    (instrument === undefined || fill.instrument === instrument) &&
    (venueOrderId === undefined || fill.venueOrderId === venueOrderId) &&
    (fromTradeId === undefined || Number(fill.tradeId) >= Number(fromTradeId))
  );
}

interface Ring<T> {
  push(value: T): void;
  newestFirst(): Iterable<T>;
}

function createRing<T>(keptMax: number): Ring<T> {
  const slots: T[] = [];
  let count = 0;
  return {
    push(value) {
      slots[count++ % keptMax] = value;
    },
    *newestFirst() {
      for (let n = count - 1; n >= Math.max(0, count - keptMax); n--) yield slots[n % keptMax] as T;
    },
  };
}
