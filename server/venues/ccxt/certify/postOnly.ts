/**
 * A post-only order where it would take. Venues refuse it at once, or accept it and end it themselves; it must not trade.
 * Where the market has moved away meanwhile it rests, is canceled, and says nothing.
 */
import type { PlaceEffect } from "../../../contract/effects.ts";
import type { VenueEvent } from "../../venue.ts";
import { CheckError, type Check } from "./check.ts";
import { CHECK_NAMES } from "./checkNames.ts";
import { namingKept } from "./fills.ts";
import { noneRests } from "./resting.ts";
import { smallestLots } from "./smallestLots.ts";
import { REACH_FRAC } from "./take.ts";
import { isAbout, isEnd, type Trial } from "./trial.ts";

const TRIES_MAX = 5;
const ANSWER_WITHIN_MS = 8_000;
/** What a venue has accepted and ends itself has ended by then: longer it should not rest at the touch. */
const ENDED_WITHIN_MS = 500;

export const POST_ONLY_CHECK: Check = {
  name: CHECK_NAMES.postOnly,
  run: (trial) =>
    namingKept(trial, async () => {
      for (let tries = 1; tries <= TRIES_MAX; tries++) {
        const order = await crossingOrder(trial);
        const evidence = await refused(trial, order);
        await noneRests(trial);
        // Once more: what was filled may be told late.
        findEnd(trial, order);
        if (evidence !== undefined) return { evidence };
      }
      throw new CheckError(
        `it was not refused but rested until it was canceled, ${TRIES_MAX} times: where the market was moving, try again`,
      );
    }),
};

/** So far through the asks that few markets move away in time: what rests at the touch is filled within milliseconds. */
async function crossingOrder(trial: Trial): Promise<PlaceEffect> {
  const { askTicks } = await trial.quote();
  const priceTicks = Math.ceil(askTicks * (1 + REACH_FRAC));
  return trial.order({ side: "buy", priceTicks, sizeLots: smallestLots(trial, priceTicks) });
}

/** How the venue said so, in words; undefined: it rested, and is canceled. Throws a CheckError when it traded. */
async function refused(trial: Trial, order: PlaceEffect): Promise<string | undefined> {
  const { account, instrument, clientId } = order;
  trial.send(order);
  const findAnswer = () => findEnd(trial, order) ?? trial.events.find(isAbout("orderAccepted", clientId));
  const answer = await trial.until("an answer to an order", findAnswer, ANSWER_WITHIN_MS);
  if (answer.type === "orderAccepted") await trial.pause(ENDED_WITHIN_MS);
  const ended = findEnd(trial, order);
  if (ended === undefined) trial.send({ type: "cancel", account, instrument, clientId });
  const end = ended ?? (await trial.until("a cancel", () => findEnd(trial, order), ANSWER_WITHIN_MS));
  if (end.type === "orderRejected") {
    if (end.reason !== "POST_ONLY_WOULD_TAKE")
      throw new CheckError(`it was refused, and not because it would take: ${end.reason}`);
    return "the venue refused it as POST_ONLY_WOULD_TAKE";
  }
  const isOurCancel = ended === undefined && end.type === "orderCanceled";
  return isOurCancel ? undefined : "the venue accepted it and ended it unfilled";
}

type End = Extract<
  VenueEvent,
  { readonly type: "orderRejected" | "orderCanceled" | "orderExpired"; readonly clientId: string }
>;

/** Throws a CheckError when it has traded. */
function findEnd({ events, grid }: Trial, { clientId }: PlaceEffect): End | undefined {
  const fill = events.find(isAbout("fill", clientId));
  if (fill !== undefined)
    throw new CheckError(
      fill.liquidity === "maker"
        ? "the market moved away, and it was filled while it rested"
        : "the venue let it take",
    );
  const end =
    events.find(isAbout("orderRejected", clientId)) ??
    events.find(isEnd(clientId, "orderExpired")) ??
    events.find(isEnd(clientId, "orderCanceled"));
  if (end !== undefined && end.type !== "orderRejected" && end.filledLots > 0)
    throw new CheckError(`${grid.sizeText(end.filledLots)} of it was filled`);
  return end;
}
