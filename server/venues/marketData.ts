/** What a venue says of its market, to everybody; all else it says is about an account. */
import type { VenueEvent } from "./venue.ts";

export type MarketData = Extract<VenueEvent, { readonly type: "book" | "trade" | "feed" | "instrument" }>;

export function isMarketData(event: VenueEvent): event is MarketData {
  switch (event.type) {
    case "book":
    case "trade":
    case "feed":
    case "instrument":
      return true;
    case "account":
    case "balances":
    case "transfer":
    case "openOrders":
    case "orderAccepted":
    case "orderRejected":
    case "orderCanceled":
    case "orderExpired":
    case "orderAmended":
    case "amendRejected":
    case "cancelRejected":
    case "orderUnknown":
    case "orderStatus":
    case "fill":
      return false;
  }
}
