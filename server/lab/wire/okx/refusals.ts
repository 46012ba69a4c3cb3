/** What the core's no is called here. */
import type { VenueRefusal } from "../../../contract/reasons.ts";
import { refuse } from "./codes.ts";
import type { Refusal } from "./codes.ts";
import type { ListedInstrument } from "./instruments.ts";
import type { OkxVenue } from "./okxVenue.ts";
import type { OrderRequest } from "./orderRequest.ts";
import { pxText } from "./text.ts";

/** As the venue limits one account and instrument. */
const PENDING_MAX = 200;

export function placeRefusal(
  venue: OkxVenue,
  { instrument, definition, instId }: ListedInstrument,
  { side, priceTicks }: OrderRequest["request"],
  reason: Exclude<VenueRefusal, "POST_ONLY_WOULD_TAKE">,
): Refusal {
  switch (reason) {
    case "INSUFFICIENT_FUNDS":
      return refuse("51008", side === "buy" ? definition.quote : definition.base);
    case "FILTER":
      return filterRefusal(venue, instrument, priceTicks);
    case "DUPLICATE_ID":
      return refuse("51016");
    case "HALTED":
      return refuse("51022");
    case "NO_LIQUIDITY":
      return refuse("51109");
    case "EXPIRED_REQUEST":
      return refuse("50036");
    case "OTHER":
    case "RATE_LIMIT":
    case "UNKNOWN_ORDER":
      return refuse("51174", instId, String(PENDING_MAX));
  }
}

/** Sizes were checked already: it is the band around the mid, or the least value of an order. */
export function filterRefusal(venue: OkxVenue, instrument: number, priceTicks: number | undefined): Refusal {
  const { bids, asks } = venue.core.book(instrument);
  const definition = venue.core.listings.find((listing) => listing.instrument === instrument)?.definition;
  const [bidTicks, askTicks] = [bids[0], asks[0]];
  const bandFrac = definition?.priceBandFrac;
  if (definition === undefined || bandFrac === undefined || priceTicks === undefined) return refuse("51020");
  if (bidTicks === undefined || askTicks === undefined) return refuse("51020");
  const midTicks = (bidTicks + askTicks) / 2;
  if (Math.abs(priceTicks - midTicks) <= bandFrac * midTicks) return refuse("51020");
  const maxTicks = Math.floor(midTicks * (1 + bandFrac));
  const minTicks = Math.ceil(midTicks * (1 - bandFrac));
  return refuse("51006", pxText(definition, maxTicks), pxText(definition, minTicks));
}
