/** What an effect asks for, as the gateway keeps it and as the venue reads it: in the steps in which it was decided. */
import type { AmendEffect, PlaceEffect } from "../../../contract/effects.ts";
import type { Steps } from "../../../contract/instrument.ts";
import type { Exchange, RawOrderNews } from "../exchanges/exchange.ts";
import { gridOf } from "./grid.ts";
import type { Grid } from "./grid.ts";
import type { OrderName } from "./names.ts";
import type { Listed, PendingAmend, TrackedOrder } from "./tracker.ts";

export function trackedOf(effect: PlaceEffect, listed: Listed, nowMs: number): TrackedOrder {
  const { clientId, side, timeInForce, selfTrade, priceTicks, sizeLots } = effect;
  return {
    clientId,
    listed,
    side,
    firstRevision: 0,
    timeInForce,
    selfTrade,
    revision: 0,
    lastRevision: 0,
    venueOrderId: undefined,
    priceTicks,
    sizeLots,
    replacedLots: 0,
    filledLots: 0,
    pending: undefined,
    isAccepted: false,
    isEnded: false,
    changedAtMs: nowMs,
  };
}

/**
 * One of this desk that an earlier gateway has placed, from what the venue says of it, and the fills told of it here.
 */
export function adoptedOf(
  { clientId, revision }: OrderName,
  listed: Listed,
  { side, venueOrderId, price, size }: RawOrderNews,
  booked: ReadonlyMap<number, number>,
  nowMs: number,
): TrackedOrder {
  let replacedLots = 0;
  for (const [earlier, lots] of booked) if (earlier < revision) replacedLots += lots;
  return {
    clientId,
    listed,
    side,
    firstRevision: revision,
    timeInForce: "POST_ONLY",
    selfTrade: "EXPIRE_TAKER",
    revision,
    lastRevision: revision,
    venueOrderId,
    priceTicks: (price === undefined ? undefined : listed.grid.ticks(price)) ?? 0,
    sizeLots: (size === undefined ? undefined : listed.grid.lots(size)) ?? 0,
    replacedLots,
    filledLots: booked.get(revision) ?? 0,
    pending: undefined,
    isAccepted: false,
    isEnded: false,
    changedAtMs: nowMs,
  };
}

export function pendingOf(order: TrackedOrder, effect: AmendEffect, style: Exchange["amend"]): PendingAmend {
  const inPlace = style === "in-place";
  return {
    revision: inPlace ? order.revision : order.lastRevision + 1,
    priceTicks: effect.priceTicks,
    sizeLots: effect.sizeLots,
    revisionLots: inPlace ? effect.sizeLots : effect.sizeLots - order.replacedLots - order.filledLots,
    expiresAtMs: effect.requestExpiresAtUs / 1_000,
    replacedFilledLots: undefined,
  };
}

/** What the effect is counted in. */
export function gridIn({ steps }: Pick<PlaceEffect, "steps">, { grid }: Listed): Grid {
  return steps === undefined || isCountedIn(grid, steps) ? grid : gridOf(steps);
}

export function isCountedIn({ steps: { tick, lot } }: Grid, steps: Steps | undefined): boolean {
  return steps === undefined || (steps.tick === tick && steps.lot === lot);
}

export function priced(
  { priceTicks, sizeLots }: { readonly priceTicks: number; readonly sizeLots: number },
  grid: Grid,
) {
  return { price: grid.priceText(priceTicks), size: grid.sizeText(sizeLots) };
}
