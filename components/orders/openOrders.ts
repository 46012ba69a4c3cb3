/** What works at the venues: the engine's answer, brought up to date by every line that the stream has. */
import type { OrderLine } from "../../server/contract/lines.ts";
import type { OpenOrderLine } from "../../server/contract/link.ts";
import { matches, matchesStatus, type Filters } from "./filters.ts";

export interface OpenOrder extends OpenOrderLine {
  readonly role: OrderLine["role"] | undefined;
}

export function orderKey({ account, symbol, clientId }: OpenOrderLine | OrderLine): string {
  return `${account} ${symbol} ${clientId}`;
}

/**
 * The lines end where the stream is now, so applying all of them over any older answer arrives at the present;
 * an answer that is newer than the last line is ahead for a moment only. Newest order first.
 */
export function mergeOpen(
  asked: readonly OpenOrderLine[],
  lines: readonly OrderLine[],
): readonly OpenOrder[] {
  const open = new Map<string, OpenOrder>();
  for (const order of asked) open.set(orderKey(order), { ...order, role: undefined });
  for (const line of lines) {
    const key = orderKey(line);
    if (line.isFinal) open.delete(key);
    else open.set(key, openOf(line));
  }
  return [...open.values()].toSorted(
    (a, b) => b.placedAtUs - a.placedAtUs || (orderKey(a) < orderKey(b) ? -1 : 1),
  );
}

export function filterOpen(orders: readonly OpenOrder[], filters: Filters): readonly OpenOrder[] {
  return orders.filter(
    (order) => matches(filters, order, order.placedAtUs) && matchesStatus(filters.status, order.status),
  );
}

function openOf(line: OrderLine): OpenOrder {
  const { account, symbol, clientId, side, status, price, sizeBase, filledBase, placedAtUs, role } = line;
  return { account, symbol, clientId, side, status, price, sizeBase, filledBase, placedAtUs, role };
}

export interface HeldOrder {
  readonly order: OpenOrder;
  /** It has ended since, and stays where it was until the pointer leaves. */
  readonly hasEnded: boolean;
}

/** Rows under the pointer keep their places: their figures go on, the ended ones say so, new ones wait. */
export function holdOpen(held: readonly OpenOrder[], now: readonly OpenOrder[]): readonly HeldOrder[] {
  const byKey = new Map(now.map((order) => [orderKey(order), order]));
  return held.map((order) => {
    const current = byKey.get(orderKey(order));
    return { order: current ?? order, hasEnded: current === undefined };
  });
}
