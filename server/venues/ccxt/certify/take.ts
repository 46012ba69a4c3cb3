/** Trades of the smallest size that are meant: what is there is taken, and what was bought is sold again. */
import type { PlaceEffect } from "../../../contract/effects.ts";
import type { Side } from "../../../contract/units.ts";
import { atomsOf } from "../gateway/grid.ts";
import type { Fill } from "./balances.ts";
import { CheckError } from "./check.ts";
import { ASSET_DECIMALS } from "./session.ts";
import { smallestLots } from "./smallestLots.ts";
import { isAbout, isEnd, type Trial } from "./trial.ts";

/** How far through the other side a price may reach. */
export const REACH_FRAC = 0.005;
const FILLED_WITHIN_MS = 10_000;
/** Fees and rounding: of what was bought a little less is there to be sold. */
const ROOM_FRAC = 0.05;

/** The least that can be sold again afterwards. */
export async function lotsToBuy(trial: Trial): Promise<number> {
  const { askTicks } = await trial.quote();
  return Math.ceil(smallestLots(trial, askTicks) * (1 + ROOM_FRAC));
}

/** Takes what is there now, and nothing later. */
export async function takingOrder(trial: Trial, side: Side, sizeLots: number): Promise<PlaceEffect> {
  const { bidTicks, askTicks } = await trial.quote();
  const priceTicks =
    side === "buy" ? Math.ceil(askTicks * (1 + REACH_FRAC)) : Math.floor(bidTicks * (1 - REACH_FRAC));
  return trial.order({ side, priceTicks, sizeLots, timeInForce: "IOC", selfTrade: "EXPIRE_MAKER" });
}

/** Takes what is there. Throws a CheckError when nothing was. */
export async function take(trial: Trial, side: Side, sizeLots: number): Promise<Fill[]> {
  const order = await takingOrder(trial, side, sizeLots);
  const { clientId } = order;
  trial.send(order);
  const fillsOf = (): Fill[] =>
    trial.events.filter((event): event is Fill => event.type === "fill" && event.clientId === clientId);
  const toldLots = (): number => fillsOf().reduce((sum, fill) => sum + fill.sizeLots, 0);
  const findFilledLots = (): number | undefined => {
    const refused = trial.events.find(isAbout("orderRejected", clientId));
    if (refused !== undefined)
      throw new CheckError(`the venue refused an order to ${side}: ${refused.reason}`);
    const expired = trial.events.find(isEnd(clientId, "orderExpired"));
    return expired?.filledLots ?? (toldLots() === sizeLots ? sizeLots : undefined);
  };
  const filledLots = await trial.until(`the end of an order to ${side}`, findFilledLots, FILLED_WITHIN_MS);
  // What the order's end counts may be told after it.
  const isTold = (): true | undefined => toldLots() >= filledLots || undefined;
  await trial.until(`the fills of an order to ${side}`, isTold, FILLED_WITHIN_MS);
  const fills = fillsOf();
  if (fills.length === 0) throw new CheckError(`nobody was there to ${side} from: the book is too thin`);
  return fills;
}

/** What is left of it after fees; nothing where that is too little to be sold. */
export async function sellBack(trial: Trial, bought: readonly Fill[]): Promise<readonly Fill[]> {
  const left = lotsLeft(trial, bought);
  const { bidTicks } = await trial.quote();
  const canSell =
    left >= smallestLots(trial, bidTicks) / (1 + ROOM_FRAC) && left >= trial.definition.sizeMinLots;
  return canSell ? take(trial, "sell", left) : [];
}

/** Of what was bought, without what the venue took of it as its fee. */
function lotsLeft({ definition }: Trial, bought: readonly Fill[]): number {
  const lotAtoms = atomsOf(definition.lot, ASSET_DECIMALS).atoms;
  const atoms = bought.reduce(
    (sum, { sizeLots, feeAsset, feeAtoms }) =>
      sum + BigInt(sizeLots) * lotAtoms - (feeAsset === definition.base ? feeAtoms : 0n),
    0n,
  );
  return Number(atoms / lotAtoms);
}
