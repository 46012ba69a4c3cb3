/** What a venue says to an order that it should refuse. */
import type { PlaceEffect } from "../../../contract/effects.ts";
import type { PlaceTerms } from "../exchanges/exchange.ts";
import { callEndpoint } from "../gateway/ccxt.ts";
import { answerOf } from "../gateway/instance.ts";
import { classify, isOfTime } from "../gateway/taxonomy.ts";
import { CheckError } from "./check.ts";
import type { Trial } from "./trial.ts";

export interface Refusal {
  /** The venue's own words. */
  readonly text: string;
  readonly isDuplicate: boolean;
  readonly isForTime: boolean;
}

/** Past the gateway, which would not let it leave, by a clock that is `behindUs` behind. What the venue says to it; a CheckError when it is taken. */
export async function refusalOf(trial: Trial, order: PlaceEffect, behindUs: number): Promise<Refusal> {
  const { exchange, grid } = trial;
  const [instance, market] = [await trial.instance(behindUs), await trial.market()];
  // Anew for each try: its time would run out while it waits for the next.
  const termsOfNow = (): PlaceTerms => {
    const nowMs = (trial.nowUs() - behindUs) / 1_000;
    return {
      symbol: trial.definition.symbol,
      marketId: market.id,
      marketInfo: market.info,
      clientId: order.clientId,
      nowMs,
      expiresAtMs: nowMs + trial.terms.requestExpiryMs,
      side: order.side,
      timeInForce: order.timeInForce,
      selfTrade: order.selfTrade,
      price: grid.priceText(order.priceTicks),
      size: grid.sizeText(order.sizeLots),
    };
  };
  try {
    await trial.direct(() => {
      const { endpoint, params } = exchange.entry.place(termsOfNow()).rest;
      return callEndpoint(instance, endpoint, params);
    });
  } catch (error) {
    const verdict = classify(exchange, error);
    const [told] = exchange.errorsOf(answerOf(error)?.body);
    const text =
      told === undefined ? (error instanceof Error ? error.message : "nothing") : `${told.code} ${told.text}`;
    if (verdict.kind === "unknown") throw new CheckError(`nobody knows what became of it: ${text}`);
    const isDuplicate =
      verdict.kind === "placed" || (verdict.kind === "refused" && verdict.reason === "DUPLICATE_ID");
    return { text, isDuplicate, isForTime: isOfTime(verdict) };
  }
  throw new CheckError("the venue took it");
}
