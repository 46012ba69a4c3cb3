/**
 * Kraken lets a client use an order id of its own again once the order has ended; the core does not. So an id is
 * passed on as it is the first time and with a count behind `~` from then on, and an order without one gets an id that
 * begins with it. The venue's own form has no `~`.
 */
import type { OrderRecord, VenueCore } from "../ports.ts";

/** A UUID with or without hyphens, or free text of up to 18 ASCII characters. */
const CL_ORD_ID = /^(?:[!-}]{1,18}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32})$/i;

type Orders = Pick<VenueCore, "order" | "nowUs">;

export function isClOrdId(text: string): boolean {
  return CL_ORD_ID.test(text);
}

/** Undefined for an order that was placed without one. */
export function clOrdIdOf(clientId: string): string | undefined {
  const id = clientId.replace(/~\d+$/, "");
  return id === "" || id.startsWith("~") ? undefined : id;
}

/** Under which id the core knows a new order; undefined when an order that is open has this one. */
export function newClientId(core: Orders, account: number, clOrdId: string): string | undefined {
  for (let use = 0; ; use++) {
    const clientId = idOf(clOrdId, use);
    const order = core.order(account, { clientId });
    if (order === undefined) return clientId;
    if (order.status === "OPEN") return undefined;
  }
}

/** The last order under this id. */
export function findByClOrdId(core: Orders, account: number, clOrdId: string): OrderRecord | undefined {
  let found: OrderRecord | undefined;
  for (let use = 0; ; use++) {
    const order = core.order(account, { clientId: idOf(clOrdId, use) });
    if (order === undefined) return found;
    found = order;
  }
}

/** Ids for orders without one, by the clock and a count: unlike those of an earlier life of the lab. */
export function createNamelessIds(core: Orders): () => string {
  let count = 0;
  return () => `~${core.nowUs().toString(36)}.${(count++).toString(36)}`;
}

function idOf(clOrdId: string, use: number): string {
  return use === 0 ? clOrdId : `${clOrdId}~${use}`;
}
