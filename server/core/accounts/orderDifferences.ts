/** The venue's list of open orders against our orders, and what it counts as filled against our fills, in words. */
import type { OpenOrderView } from "../../contract/events.ts";
import { decimalToScaled, scaledToDecimal } from "../decimal.ts";
import { epochOfClientId } from "../orders/clientId.ts";
import type { Order } from "../orders/order.ts";
import type { AccountState, Engine, InstrumentState } from "../state.ts";
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
              ours: filledText(engine, inst, order.filledLots),
              venue: filledText(engine, inst, order.venueFilledLots),
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
  }: Pick<OpenOrderView, "instrument" | "side" | "priceTicks" | "sizeLots">,
): string {
  const inst = engine.state.instruments[instrument];
  if (inst === undefined) throw new Error(`an order names instrument ${instrument}: there is none`);
  const { symbol, tick } = inst.definition;
  const places = tick.split(".")[1]?.length ?? 0;
  const price = scaledToDecimal(BigInt(priceTicks) * decimalToScaled(tick, places), places);
  return `${symbol} ${side} ${sizeText(engine, inst, sizeLots)} at ${price}`;
}

function filledText(engine: Engine, inst: InstrumentState, lots: number): string {
  return `${sizeText(engine, inst, lots)} ${inst.definition.base} filled`;
}

function sizeText({ config }: Engine, inst: InstrumentState, lots: number): string {
  const spec = config.assets.find(({ asset }) => asset === inst.definition.base);
  return scaledToDecimal(BigInt(lots) * inst.baseAtomsPerLot, spec?.decimals ?? 0);
}
