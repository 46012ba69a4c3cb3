/**
 * An order that takes, and its cancel sent in the same instant behind it. Either may win, and the fill may be told before
 * or after what became of the cancel: what was told of it all, and the venue's own word of the order, have to be one story.
 */
import type { PlaceEffect } from "../../../contract/effects.ts";
import type { VenueEvent } from "../../venue.ts";
import { keptOf } from "./balances.ts";
import { CheckError, type Check } from "./check.ts";
import { CHECK_NAMES } from "./checkNames.ts";
import { fillsOf, fillsSince, lotsOf, namingKept } from "./fills.ts";
import { noneRests } from "./resting.ts";
import { lotsToBuy, sellBack, takingOrder } from "./take.ts";
import { isAbout, isEnd, type Trial } from "./trial.ts";
import { untilAgreed } from "./untilAgreed.ts";

const ENDED_WITHIN_MS = 10_000;
/** A filled order ends before its cancel is answered, and a refused cancel is not told of one that has ended. */
const CANCEL_HEARD_WITHIN_MS = 1_000;

export const CANCEL_RACE_CHECK: Check = {
  name: CHECK_NAMES.cancelRace,
  run: (trial) =>
    namingKept(trial, async () => {
      const from = trial.events.length;
      const order = await takingOrder(trial, "buy", await lotsToBuy(trial));
      const { account, instrument, clientId } = order;
      const placedAtUs = trial.nowUs();
      trial.send(order);
      trial.send({ type: "cancel", account, instrument, clientId });
      await trial.until("the end of an order", () => hasEnded(trial, order), ENDED_WITHIN_MS);
      await trial.pause(CANCEL_HEARD_WITHIN_MS);
      const story = await untilAgreed(trial, () => readStory(trial, order, placedAtUs));
      await noneRests(trial);
      await sellBack(trial, fillsOf(trial, order));
      const kept = keptOf(trial, fillsSince(trial, from)) ?? `no ${trial.definition.base} of it stays`;
      return { evidence: `${story}, and the venue's own word of it agreed; ${kept}` };
    }),
};

type Ended = Extract<VenueEvent, { readonly type: "orderCanceled" | "orderExpired" }>;

/** As it was told. Throws a CheckError when it was refused. */
function hasEnded(trial: Trial, order: PlaceEffect): true | undefined {
  const refusal = trial.events.find(isAbout("orderRejected", order.clientId));
  if (refusal !== undefined) throw new CheckError(`the venue refused an order to buy: ${refusal.reason}`);
  const isFilled = lotsOf(fillsOf(trial, order)) >= order.sizeLots;
  return isFilled || endsOf(trial, order).length > 0 || undefined;
}

function endsOf({ events }: Trial, { clientId }: PlaceEffect): Ended[] {
  const [isCanceled, isExpired] = [isEnd(clientId, "orderCanceled"), isEnd(clientId, "orderExpired")];
  return events.filter((event): event is Ended => isCanceled(event) || isExpired(event));
}

/** In words. Throws a CheckError where there are two. */
async function readStory(trial: Trial, order: PlaceEffect, placedAtUs: number): Promise<string> {
  const { answer } = await trial.lookUp(order.clientId, placedAtUs);
  if (!answer.found) throw new CheckError("the venue does not know its own order by our id");
  const { status, filledLots } = answer;
  const told = lotsOf(fillsOf(trial, order));
  if (told !== filledLots)
    throw new CheckError(`${told} lots were told, and the order has filled ${filledLots}`);
  const [end, ...more] = endsOf(trial, order);
  if (more.length > 0) throw new CheckError("its end was told twice");
  const { sizeText } = trial.grid;
  if (end === undefined) {
    if (status !== "FILLED" || filledLots !== order.sizeLots)
      throw new CheckError(
        `it was told as filled, and the venue says ${status} with ${filledLots} of ${order.sizeLots} lots`,
      );
    return `the order won: all of its ${sizeText(filledLots)} were filled`;
  }
  if (end.filledLots !== filledLots)
    throw new CheckError(`it ended with ${end.filledLots} lots filled, and the venue says ${filledLots}`);
  if (status !== "CANCELED" && status !== "EXPIRED")
    throw new CheckError(`it was told as ended, and the venue says ${status}`);
  return `${end.type === "orderCanceled" ? "the cancel won" : "the order found too little"}: ${sizeText(filledLots)} of ${sizeText(order.sizeLots)} were filled`;
}
