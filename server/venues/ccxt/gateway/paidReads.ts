/** Questions to the venue, each at its price: none leaves without room for it, and what never left costs nothing. */
import type { Exchange, RawOrder, ReadKind } from "../exchanges/exchange.ts";
import type { RequestBudget, RequestClass } from "../ports.ts";
import type { CcxtInstance } from "./ccxt.ts";
import { withDeadline } from "./deadline.ts";
import { neverLeft } from "./taxonomy.ts";

/**
 * One question of each kind gets its turn from a counter that is full and goes down by one in three seconds: whoever
 * gives up before loses the place in the queue, and asks again behind the others.
 */
const WAIT_MAX_MS = 30_000;
const ANSWER_WITHIN_MS = 3_000;
const LONG_LIST = { answerWithinMs: 4_000 };

export interface Purse {
  readonly exchange: Pick<Exchange, "limits">;
  readonly budget: Pick<RequestBudget, "takeAll" | "giveBack">;
}

export interface PaidReadsOptions extends Purse {
  readonly exchange: Pick<Exchange, "limits" | "reads">;
  readonly instance: CcxtInstance;
}

export interface ReadTerms {
  readonly kind?: RequestClass;
  readonly waitMaxMs?: number;
  readonly answerWithinMs?: number;
  /** It has room, and leaves now. */
  readonly onLeave?: () => void;
}

export interface PaidReads {
  /** Rejects with a BudgetError when there is no room in time, with a DeadlineError without an answer. */
  read<T>(what: ReadKind, ask: () => Promise<T>, terms?: ReadTerms): Promise<T>;
  /** Of all symbols. Whoever wants the list while a reading of it still waits for room shares that one. */
  openOrders(onLeave?: () => void): Promise<readonly RawOrder[]>;
  /** How many lists of open orders have left. */
  listsLeft(): number;
  /** One that has left when so many had left before it, or a later one; undefined: there is none, or it failed. */
  openOrdersAfter(listsLeft: number): Promise<readonly RawOrder[]> | undefined;
  /** Of one market, where the venue has such a list: it costs as much as one of trades. */
  readonly recentOrders: ((marketId: string) => Promise<readonly RawOrder[]>) | undefined;
}

export async function readPaid<T>(
  { exchange, budget }: Purse,
  what: ReadKind,
  ask: () => Promise<T>,
  { kind = "query", waitMaxMs = WAIT_MAX_MS, answerWithinMs = ANSWER_WITHIN_MS, onLeave }: ReadTerms = {},
): Promise<T> {
  const charges = exchange.limits.read(what);
  await budget.takeAll(kind, charges, waitMaxMs);
  onLeave?.();
  try {
    return await withDeadline(ask(), answerWithinMs);
  } catch (error) {
    if (neverLeft(error)) budget.giveBack(charges);
    throw error;
  }
}

export function createPaidReads({ exchange, instance, budget }: PaidReadsOptions): PaidReads {
  let waiting: { readonly list: Promise<readonly RawOrder[]>; readonly onLeave: (() => void)[] } | undefined;

  let listsLeft = 0;
  let latest: Promise<readonly RawOrder[]> | undefined;

  const read: PaidReads["read"] = (what, ask, terms) => readPaid({ exchange, budget }, what, ask, terms);

  function openOrders(onLeave?: () => void): Promise<readonly RawOrder[]> {
    if (waiting === undefined) {
      const hearers: (() => void)[] = [];
      const leaves = (): void => {
        waiting = undefined;
        listsLeft += 1;
        latest = list;
        for (const hear of hearers) hear();
      };
      const ask = () => exchange.reads.openOrders(instance);
      const list = read("openOrders", ask, { kind: "list", onLeave: leaves });
      list.catch(() => {
        if (waiting?.list === list) waiting = undefined;
        if (latest === list) latest = undefined;
      });
      waiting = { list, onLeave: hearers };
    }
    if (onLeave !== undefined) waiting.onLeave.push(onLeave);
    return waiting.list;
  }

  const { recentOrders } = exchange.reads;
  return {
    read,
    openOrders,
    listsLeft: () => listsLeft,
    openOrdersAfter: (before) => (listsLeft > before ? latest : undefined),
    recentOrders:
      recentOrders && ((marketId) => read("trades", () => recentOrders(instance, marketId), LONG_LIST)),
  };
}
