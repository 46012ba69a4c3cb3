/**
 * What the venue says of an order and the core does not keep: that it was a market order, and how much of it
 * self-trade prevention took. Bounded; a forgotten order is told as a limit order, and as plainly expired.
 */
import type { OrderRecord } from "../ports.ts";

/** Questions are about orders of the last minutes; this is an hour at 20 orders a second. */
const NOTES_MAX = 72_000;

interface OrderNote {
  readonly isMarket: boolean;
  readonly prevented: { readonly matchId: number; readonly lots: number } | undefined;
}

export interface OrderNotes {
  of(account: number, order: Pick<OrderRecord, "clientId">): OrderNote;
  market(account: number, clientId: string): void;
  /** Returns the id of the prevented match. */
  prevented(account: number, clientId: string, lots: number): number;
}

const NOTHING: OrderNote = { isMarket: false, prevented: undefined };

export function createOrderNotes(): OrderNotes {
  const notes = new Map<string, OrderNote>();
  let matches = 0;
  const keyOf = (account: number, clientId: string): string => `${account} ${clientId}`;
  const put = (key: string, note: OrderNote): void => {
    notes.set(key, note);
    const [oldest] = notes.keys();
    if (notes.size > NOTES_MAX && oldest !== undefined) notes.delete(oldest);
  };
  return {
    of: (account, { clientId }) => notes.get(keyOf(account, clientId)) ?? NOTHING,
    market: (account, clientId) => put(keyOf(account, clientId), { ...NOTHING, isMarket: true }),
    prevented: (account, clientId, lots) => {
      const key = keyOf(account, clientId);
      const before = notes.get(key) ?? NOTHING;
      const matchId = ++matches;
      put(key, { ...before, prevented: { matchId, lots: (before.prevented?.lots ?? 0) + lots } });
      return matchId;
    },
  };
}
