/**
 * An order's life at the venue, at the smallest size and, but for the one that has to be refused, far from the market: none
 * of these is meant to trade.
 */
import type { PlaceEffect } from "../../../contract/effects.ts";
import type { VenueEvent } from "../../venue.ts";
import { callEndpoint } from "../gateway/ccxt.ts";
import { CheckError, type Check } from "./check.ts";
import { CHECK_NAMES } from "./checkNames.ts";
import { pastGateway } from "./past.ts";
import { POST_ONLY_CHECK } from "./postOnly.ts";
import { refusalOf } from "./refusal.ts";
import { countResting } from "./resting.ts";
import { smallestLots } from "./smallestLots.ts";
import { isAbout, isEnd, type Trial } from "./trial.ts";

/** Below the best bid, in parts of it: no venue's band ends nearer, and no market falls so far meanwhile. */
const AWAY_FRAC = 0.1;
const ANSWER_WITHIN_MS = 8_000;

/** Where open orders are listed and canceled, that is done again until none is listed: what came next would go, too. */
const SWEPT_AGAIN_MS = 1_500;

/** An order that was accepted is listed by then. */
const LISTED_WITHIN_MS = 10_000;
const LISTED_AGAIN_MS = 1_000;

/** So far down an order is amended: its size has to do there, too. */
const AMENDED_TICKS = 10;

/** So long before it arrives the request has expired. */
const LATE_US = 5_000_000;

/** The least that venues take; then the switch has to have gone off. */
const SWITCH_SECONDS = 10;
const SWITCH_WITHIN_MS = 20_000;

export const ORDER_CHECKS: readonly Check[] = [
  {
    name: CHECK_NAMES.life,
    async run(trial) {
      const order = await restingOrder(trial);
      const startedAtUs = trial.nowUs();
      await placed(trial, order);
      const ms = Math.round((trial.nowUs() - startedAtUs) / 1_000);
      await lookedUp(trial, order, "OPEN");
      const amended = { ...order, priceTicks: order.priceTicks - AMENDED_TICKS };
      const { clientId, priceTicks, sizeLots, account, instrument } = amended;
      const terms = { priceTicks, sizeLots, requestExpiresAtUs: trial.expiry() };
      trial.send({ type: "amend", account, instrument, clientId, ...terms });
      await trial.next("an amendment", isAbout("orderAmended", clientId), ANSWER_WITHIN_MS);
      await lookedUp(trial, amended, "OPEN");
      await canceled(trial, amended);
      await lookedUp(trial, amended, "CANCELED");
      const { priceText, sizeText } = trial.grid;
      return {
        evidence: `${sizeText(sizeLots)} at ${priceText(order.priceTicks)} accepted after ${ms} ms, moved to ${priceText(priceTicks)}, canceled; the venue's own word of it agreed each time`,
      };
    },
  },
  POST_ONLY_CHECK,
  {
    name: CHECK_NAMES.sameId,
    async run(trial) {
      const order = await restingOrder(trial);
      await placed(trial, order);
      const refusal = await refusalOf(trial, order, 0);
      if (!refusal.isDuplicate) throw new CheckError(`the venue says ${refusal.text}`);
      const rest = await countResting(trial);
      if (rest !== 1) throw new CheckError(`${rest} orders rest under one id`);
      await canceled(trial, order);
      return { evidence: `the venue says ${refusal.text}, and one order rests` };
    },
  },
  {
    name: CHECK_NAMES.expiry,
    async run(trial) {
      const order = await restingOrder(trial);
      const { text, isForTime } = await refusalOf(trial, order, LATE_US);
      if (!isForTime) throw new CheckError(`it was refused, and not for its time: ${text}`);
      if ((await countResting(trial)) > 0) throw new CheckError("it was refused, and rests all the same");
      return { evidence: `the venue says ${text}` };
    },
  },
  {
    name: CHECK_NAMES.unheard,
    async run(trial) {
      const past = await pastGateway(trial);
      const order = await restingOrder(trial);
      await past.send(order);
      await lookedUp(trial, order, "OPEN");
      const never = await restingOrder(trial);
      const { answer } = await trial.lookUp(never.clientId, trial.nowUs());
      if (answer.found) throw new CheckError("the venue says that it has an order that was never sent");
      await canceled(trial, order);
      return {
        evidence: "the one rested by its terms and was canceled; of the other the venue knows nothing",
      };
    },
  },
  {
    name: CHECK_NAMES.taking,
    async run(trial) {
      const order = {
        ...(await restingOrder(trial)),
        timeInForce: "IOC",
        selfTrade: "EXPIRE_MAKER",
      } as const;
      trial.send(order);
      const ended = await unlessRefused(trial, order, isEnd(order.clientId, "orderExpired"));
      if (ended.filledLots !== 0) throw new CheckError("it was filled, far from the market");
      return { evidence: "it found nobody and expired" };
    },
  },
  {
    name: CHECK_NAMES.cancelAll,
    async run(trial) {
      const first = await restingOrder(trial);
      const second = await restingOrder(trial, 7);
      for (const order of [first, second]) await placed(trial, order);
      await onlyOurs(trial, 2);
      trial.send({ type: "cancelAll", account: 0 });
      for (const { clientId } of [first, second])
        await trial.next("the end of an order", isEnd(clientId, "orderCanceled"), ANSWER_WITHIN_MS);
      await trial.pause(SWEPT_AGAIN_MS);
      const rest = await countResting(trial);
      if (rest > 0) throw new CheckError(`${rest} orders rest`);
      return { evidence: "two orders ended, and none is listed" };
    },
  },
  {
    name: CHECK_NAMES.silence,
    async run(trial) {
      const { exchange } = trial;
      const arm = exchange.deadMansSwitch?.(SWITCH_SECONDS).rest;
      const disarm = exchange.deadMansSwitch?.(0).rest;
      if (arm === undefined || disarm === undefined) return { skip: "the venue has none" };
      const order = await restingOrder(trial);
      await placed(trial, order);
      const instance = await trial.instance();
      let silentS = 0;
      await onlyOurs(trial, 1);
      try {
        await trial.direct(() => callEndpoint(instance, arm.endpoint, arm.params));
        const startedAtUs = trial.nowUs();
        await trial.next("the switch", isEnd(order.clientId, "orderCanceled"), SWITCH_WITHIN_MS);
        silentS = (trial.nowUs() - startedAtUs) / 1e6;
        if (silentS < SWITCH_SECONDS - 1)
          throw new CheckError(`it went off after ${silentS.toFixed(1)} s already`);
      } finally {
        // Also where nobody knows whether it is on: it would cancel what is placed later.
        await trial.afterwards.direct(() => callEndpoint(instance, disarm.endpoint, disarm.params));
      }
      return { evidence: `the order was canceled after ${silentS.toFixed(1)} s of silence` };
    },
  },
];

/** A buy of the smallest size, `AWAY_FRAC` below the market and so many ticks more. */
async function restingOrder(trial: Trial, ticksBelow = 0): Promise<PlaceEffect> {
  const { bidTicks } = await trial.quote();
  const priceTicks = Math.floor(bidTicks * (1 - AWAY_FRAC)) - ticksBelow;
  return trial.order({ side: "buy", priceTicks, sizeLots: smallestLots(trial, priceTicks - AMENDED_TICKS) });
}

async function placed(trial: Trial, order: PlaceEffect): Promise<void> {
  trial.send({ ...order, requestExpiresAtUs: trial.expiry() });
  await unlessRefused(trial, order, isAbout("orderAccepted", order.clientId));
}

/** What was said of an order. Throws a CheckError when that is a refusal. */
async function unlessRefused<E extends VenueEvent>(
  trial: Trial,
  { clientId }: PlaceEffect,
  fits: (event: VenueEvent) => event is E,
): Promise<E> {
  const isRefused = isAbout("orderRejected", clientId);
  const isAnswer = (event: VenueEvent): event is E | Extract<VenueEvent, { type: "orderRejected" }> =>
    fits(event) || isRefused(event);
  const answer = await trial.next("an answer to an order", isAnswer, ANSWER_WITHIN_MS);
  if (!isRefused(answer)) return answer;
  const { quote } = trial.definition;
  const hint = answer.reason === "INSUFFICIENT_FUNDS" ? `: bring some ${quote} to the account` : "";
  throw new CheckError(`the venue refused an order: ${answer.reason}${hint}`);
}

/**
 * Right before everything is canceled: so many orders of ours rest, and no other. A list that lags is read again. Throws a
 * CheckError when that is not so.
 */
async function onlyOurs(trial: Trial, count: number): Promise<void> {
  const untilUs = trial.nowUs() + LISTED_WITHIN_MS * 1_000;
  for (;;) {
    const { ours, elsewhere, others } = await trial.openOrders();
    const strange = [...elsewhere, ...others];
    if (strange.length > 0)
      throw new CheckError(`${strange.slice(0, 3).join(", ")} rests there, too, and would be canceled`);
    if (ours.length === count) return;
    if (ours.length > count || trial.nowUs() > untilUs)
      throw new CheckError(`${ours.length} orders of ours rest where ${count} should`);
    await trial.pause(LISTED_AGAIN_MS);
  }
}

async function canceled(trial: Trial, { account, instrument, clientId }: PlaceEffect): Promise<void> {
  trial.send({ type: "cancel", account, instrument, clientId });
  const { filledLots } = await trial.next("a cancel", isEnd(clientId, "orderCanceled"), ANSWER_WITHIN_MS);
  if (filledLots !== 0) throw new CheckError("an order far from the market was filled");
}

async function lookedUp(trial: Trial, order: PlaceEffect, status: "OPEN" | "CANCELED"): Promise<void> {
  const { clientId, priceTicks, sizeLots } = order;
  const placedAtUs = order.requestExpiresAtUs - trial.terms.requestExpiryMs * 1_000;
  const { answer } = await trial.lookUp(clientId, placedAtUs);
  if (!answer.found) throw new CheckError("the venue does not know its own order by our id");
  if (answer.status !== status)
    throw new CheckError(`the venue says ${answer.status} where it should be ${status}`);
  if (answer.priceTicks !== priceTicks || answer.sizeLots !== sizeLots)
    throw new CheckError(
      `the venue has ${answer.sizeLots} lots at ${answer.priceTicks} ticks, and ${sizeLots} at ${priceTicks} were asked for`,
    );
}
