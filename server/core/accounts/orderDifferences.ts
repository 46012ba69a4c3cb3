/** The venue's list of open orders against our orders, and what it counts as filled against our fills, in words. */
import type { OpenOrderElsewhere, OpenOrderView } from "../../contract/events.ts";
import { epochOfClientId } from "../orders/clientId.ts";
import type { Order } from "../orders/order.ts";
import type { AccountState, Engine, InstrumentState } from "../state.ts";
import { inSteps } from "../steps.ts";
import type { Difference } from "./breaks.ts";
import { liveOrders } from "./liveOrders.ts";

/** An order that is listed and has no place in our books: of other hands, or of an earlier life of this desk. */
export function listedWithoutOurs(engine: Engine, view: OpenOrderView, order: Order | undefined): Difference {
  const isOurs = epochOfClientId(view.clientId, engine.config.deskCode) !== undefined;
  return {
    what: view.clientId,
    ours: isOurs ? `${order?.status ?? "not of this run"}, cancel sent` : "none",
    venue: orderText(engine, view),
    isTold: isOurs,
  };
}

/** In a symbol that this desk does not trade: nobody here can cancel it, whoever's it is. */
export function listedElsewhere(engine: Engine, order: OpenOrderElsewhere): Difference {
  const { symbol, clientId, venueOrderId, side, size, price } = order;
  const isOurs = epochOfClientId(clientId, engine.config.deskCode) !== undefined;
  return {
    what: clientId === "" ? venueOrderId : clientId,
    ours: isOurs ? "none, and it bears the code of this desk: cancel it by hand" : "none",
    venue: `${symbol} ${side} ${size} at ${price}`,
    isTold: false,
  };
}

/** Orders of ours that should rest by now and are not listed. */
export function oursWithoutListed(engine: Engine, account: AccountState): Difference[] {
  return liveOrders(engine, account).flatMap((order) =>
    order.missingSinceUs === undefined
      ? []
      : [
          {
            what: order.clientId,
            ours: `${orderText(engine, order)}, ${order.status}`,
            venue: "not listed",
            isTold: true,
          },
        ],
  );
}

/** Of orders of which the venue counts more as filled than it has told us fill by fill. */
export function untoldFills(engine: Engine, account: AccountState): Difference[] {
  const { instruments, orders } = engine.state;
  return instruments.flatMap((inst) =>
    inst.account !== account.index
      ? []
      : inst.live.flatMap((id) => {
          const order = orders.get(id);
          if (order === undefined || order.venueFilledLots <= order.filledLots) return [];
          return [
            {
              what: order.clientId,
              ours: filledText(inst, order, order.filledLots),
              venue: filledText(inst, order, order.venueFilledLots),
              isTold: false,
            },
          ];
        }),
  );
}

function orderText(
  engine: Engine,
  {
    instrument,
    side,
    priceTicks,
    sizeLots,
    steps,
  }: Pick<OpenOrderView, "instrument" | "side" | "priceTicks" | "sizeLots" | "steps">,
): string {
  const inst = engine.state.instruments[instrument];
  if (inst === undefined) throw new Error(`an order names instrument ${instrument}: there is none`);
  const { tick, lot } = steps ?? inst.definition;
  return `${inst.definition.symbol} ${side} ${inSteps(sizeLots, lot)} at ${inSteps(priceTicks, tick)}`;
}

function filledText({ definition }: InstrumentState, { steps }: Order, lots: number): string {
  return `${inSteps(lots, steps.lot)} ${definition.base} filled`;
}
