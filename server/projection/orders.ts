/** Orders as they were last told, so that exactly those are told again that an event changed. */
import type { Effect } from "../contract/effects.ts";
import type { EngineEvent, FillEvent } from "../contract/events.ts";
import { isFinal, type Order } from "../core/orders/order.ts";
import type { Engine } from "../core/state.ts";
import { priceOf, sizeOf } from "./figures.ts";
import type { LineList } from "./lineList.ts";

/** What a line of an order shows. */
type Told = Pick<Order, "status" | "venueOrderId" | "priceTicks" | "sizeLots" | "filledLots">;

export class OrderWatch {
  readonly #engine: Engine;
  /** Held by the engine's own objects: what it forgets is forgotten here. */
  readonly #told = new WeakMap<Order, Told>();

  constructor(engine: Engine) {
    this.#engine = engine;
    for (const order of engine.state.orders.values()) this.#told.set(order, copyOf(order));
  }

  after(event: EngineEvent, effects: readonly Effect[], out: LineList): void {
    const { orders } = this.#engine.state;
    switch (event.type) {
      case "fill":
        this.#tell(findFilled(this.#engine, event), out);
        break;
      case "orderAccepted":
      case "orderRejected":
      case "orderCanceled":
      case "orderExpired":
      case "orderAmended":
      case "amendRejected":
      case "cancelRejected":
      case "orderUnknown":
      case "orderStatus":
        this.#tell(orders.get(event.clientId), out);
        break;
      // These may change any order that lives, or is listed as if it did.
      case "openOrders":
        for (const { clientId } of event.orders) this.#tell(orders.get(clientId), out);
        this.#tellLive(out);
        break;
      case "account":
      case "restart":
      case "timer":
        this.#tellLive(out);
        break;
      case "book":
      case "trade":
      case "feed":
      case "instrument":
      case "balances":
      case "transfer":
      case "command":
      case "storage":
      case "clockStep":
        break;
    }
    for (const effect of effects) if ("clientId" in effect) this.#tell(orders.get(effect.clientId), out);
  }

  #tellLive(out: LineList): void {
    const { instruments, orders } = this.#engine.state;
    for (const inst of instruments) for (const id of inst.live) this.#tell(orders.get(id), out);
  }

  #tell(order: Order | undefined, out: LineList): void {
    if (order === undefined) return;
    const told = this.#told.get(order);
    if (told !== undefined && isSame(told, order)) return;
    this.#told.set(order, copyOf(order));
    const inst = this.#engine.state.instruments[order.instrument];
    if (inst === undefined) throw new Error(`order ${order.clientId} names no instrument`);
    out.push({
      cursor: out.next(),
      atUs: out.atUs,
      type: "order",
      account: inst.definition.account,
      symbol: inst.definition.symbol,
      clientId: order.clientId,
      venueOrderId: order.venueOrderId,
      role: order.role,
      side: order.side,
      status: order.status,
      isFinal: isFinal(order.status),
      price: priceOf(inst, order.priceTicks),
      sizeBase: sizeOf(this.#engine, inst, order.sizeLots),
      filledBase: sizeOf(this.#engine, inst, order.filledLots),
      placedAtUs: order.placedAtUs,
    });
  }
}

/** The order that the ledger booked a fill to; a venue that sends no client id names it by its own. */
export function findFilled(
  { state }: Engine,
  { clientId, account, venueOrderId }: FillEvent,
): Order | undefined {
  if (clientId !== undefined) {
    const named = state.orders.get(clientId);
    return named?.account === account ? named : undefined;
  }
  for (const order of state.orders.values())
    if (order.account === account && order.venueOrderId === venueOrderId) return order;
  return undefined;
}

function copyOf({ status, venueOrderId, priceTicks, sizeLots, filledLots }: Order): Told {
  return { status, venueOrderId, priceTicks, sizeLots, filledLots };
}

function isSame(told: Told, order: Order): boolean {
  return (
    told.status === order.status &&
    told.filledLots === order.filledLots &&
    told.priceTicks === order.priceTicks &&
    told.sizeLots === order.sizeLots &&
    told.venueOrderId === order.venueOrderId
  );
}
