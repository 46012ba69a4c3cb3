/**
 * A fill that nobody was there to hear: our own connections are cut, and before they are back an order that no answer of
 * the gateway's has named trades. The fill has to be told all the same, from the venue's list of trades.
 */
import type { PlaceEffect } from "../../../contract/effects.ts";
import type { VenueEvent } from "../../venue.ts";
import { keptOf, type Fill } from "./balances.ts";
import { CheckError, type Check } from "./check.ts";
import { CHECK_NAMES } from "./checkNames.ts";
import { fillsOf, fillsSince, lotsOf, namingKept } from "./fills.ts";
import { pastGateway, type PastGateway } from "./past.ts";
import { lotsToBuy, sellBack, takingOrder } from "./take.ts";
import type { Trial } from "./trial.ts";

const DOWN_WITHIN_MS = 5_000;
const UP_WITHIN_MS = 30_000;
const TOLD_WITHIN_MS = 20_000;

/** A stream that is back before the order is answered has missed nothing: then it is tried again. */
export const MISSED_FILL_TRIES_MAX = 3;

export const MISSED_FILL_CHECK: Check = {
  name: CHECK_NAMES.missedFill,
  run: (trial) =>
    namingKept(trial, async () => {
      const past = await pastGateway(trial);
      const from = trial.events.length;
      for (let tries = 1; tries <= MISSED_FILL_TRIES_MAX; tries++) {
        const order = await takingOrder(trial, "buy", await lotsToBuy(trial));
        const { wasMissed, bought } = await buyUnheard(trial, past, order);
        await sellBack(trial, bought);
        if (!wasMissed) continue;
        const ids = bought.map(({ tradeId }) => tradeId).join(", ");
        const kept = keptOf(trial, fillsSince(trial, from)) ?? `no ${trial.definition.base} of it stays`;
        return { evidence: `trade ${ids} was told after the reconnect; ${kept}` };
      }
      throw new CheckError(
        `the stream was back before the order was answered, ${MISSED_FILL_TRIES_MAX} times: try again`,
      );
    }),
};

interface Bought {
  /** Nobody could hear of it when it traded. */
  readonly wasMissed: boolean;
  readonly bought: readonly Fill[];
}

/** Rejects when the fills are not told, or not all of them. */
async function buyUnheard(trial: Trial, past: PastGateway, order: PlaceEffect): Promise<Bought> {
  const from = trial.events.length;
  const placedAtUs = trial.nowUs();
  trial.cut("cut off on purpose");
  const isDown = trial.next("the loss of our own stream", isAccount("down"), DOWN_WITHIN_MS, from);
  await Promise.all([isDown, past.send(order)]);
  const wasMissed = !trial.events.slice(from).some(isAccount("up"));
  await trial.next("the stream again", isAccount("up"), UP_WITHIN_MS, from);
  // Before the order is asked for: that question has its fills told, too.
  const anyTold = (): true | undefined => fillsOf(trial, order).length > 0 || undefined;
  await trial.until("the fill that we have missed", anyTold, TOLD_WITHIN_MS);
  const { answer } = await trial.lookUp(order.clientId, placedAtUs);
  if (!answer.found) throw new CheckError("the venue does not know its own order by our id");
  const isTold = (): true | undefined => lotsOf(fillsOf(trial, order)) >= answer.filledLots || undefined;
  await trial.until("all fills of the order", isTold, TOLD_WITHIN_MS);
  const bought = fillsOf(trial, order);
  if (lotsOf(bought) !== answer.filledLots)
    throw new CheckError(`${lotsOf(bought)} lots were told, and the order has filled ${answer.filledLots}`);
  return { wasMissed, bought };
}

function isAccount(status: "up" | "down") {
  return (event: VenueEvent): event is Extract<VenueEvent, { type: "account" }> =>
    event.type === "account" && event.status === status;
}
