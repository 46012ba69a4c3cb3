/** Orders past the gateway: what it would not let leave, and what it is not to hear the answer of. */
import type { PlaceEffect } from "../../../contract/effects.ts";
import type { PlaceTerms } from "../exchanges/exchange.ts";
import { callEndpoint } from "../gateway/ccxt.ts";
import type { Trial } from "./trial.ts";

export interface PastGateway {
  /** Throws what the venue says where it does not take the order. */
  send(order: PlaceEffect): Promise<void>;
}

/** Ready to send at once, by a clock that is `behindUs` behind. */
export async function pastGateway(trial: Trial, behindUs = 0): Promise<PastGateway> {
  const { exchange, grid } = trial;
  const [instance, market] = [await trial.instance(behindUs), await trial.market()];
  // Anew for each try: its time would run out while it waits for the next.
  const termsOfNow = (order: PlaceEffect): PlaceTerms => {
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
  return {
    async send(order) {
      await trial.direct(() => {
        const { endpoint, params } = exchange.entry.place(termsOfNow(order)).rest;
        return callEndpoint(instance, endpoint, params);
      });
    },
  };
}
