/** An order as a client asks for it, checked parameter by parameter in the venue's order and put into ticks and lots. */
import type { Instrument } from "../../../contract/instrument.ts";
import { parseAtoms, parsePrice, parseSize } from "../decimals.ts";
import type { PlaceRequest, SelfTradeMode } from "../../ports.ts";
import { refuse } from "./codes.ts";
import type { Refusal } from "./codes.ts";
import { isDecimal, missing, wrong } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { ListedInstrument } from "./instruments.ts";
import { hiddenId } from "./orders.ts";
import type { OrderExtras } from "./orders.ts";
import type { OkxVenue } from "./okxVenue.ts";
import { lotsForQuote } from "./quoteSize.ts";

export interface OrderRequest {
  readonly request: PlaceRequest;
  readonly words: Pick<OrderExtras, "tag" | "ordType" | "tgtCcy" | "quoteSz">;
}

const TIMES_IN_FORCE = { limit: "GTC", post_only: "POST_ONLY", ioc: "IOC", fok: "FOK" } as const;

/** What the account is set to when an order says nothing. */
const STP_DEFAULT = "cancel_maker";
const SELF_TRADES: Readonly<Record<string, SelfTradeMode>> = {
  cancel_maker: "EXPIRE_MAKER",
  cancel_taker: "EXPIRE_TAKER",
  cancel_both: "EXPIRE_BOTH",
};

/** Expiry is checked on arrival, before the order is parsed. */
const NEVER_US = Number.MAX_SAFE_INTEGER;

let hiddenCount = 0;

export function parseOrder(
  venue: OkxVenue,
  listing: ListedInstrument,
  fields: Fields,
): OrderRequest | Refusal {
  const { definition, instrument } = listing;
  const { side, ordType, tdMode, clOrdId, tag = "", stpMode = STP_DEFAULT } = fields;
  if (tdMode === undefined) return missing("tdMode");
  if (tdMode !== "cash") return wrong("tdMode");
  if (side === undefined) return missing("side");
  if (side !== "buy" && side !== "sell") return wrong("side");
  if (ordType === undefined) return missing("ordType");
  if (!isOrdType(ordType)) return wrong("ordType");
  if (clOrdId !== undefined && !/^[A-Za-z0-9]{1,32}$/.test(clOrdId)) return wrong("clOrdId");
  if (!/^[A-Za-z0-9]{0,16}$/.test(tag)) return wrong("tag");
  const selfTrade = SELF_TRADES[stpMode];
  if (selfTrade === undefined) return wrong("stpMode");
  if (definition.status === "HALTED") return refuse("51022");

  const clientId = clOrdId ?? hiddenId(venue.core.nowUs(), ++hiddenCount);
  const terms = { clientId, instrument, side, selfTrade, requestExpiresAtUs: NEVER_US } as const;
  if (ordType === "market") return parseMarket(venue, definition, fields, terms);
  const sizeLots = parseSz(definition, fields.sz);
  if (typeof sizeLots !== "number") return sizeLots;
  const priceTicks = parsePx(definition, fields.px);
  if (typeof priceTicks !== "number") return priceTicks;
  const timeInForce = TIMES_IN_FORCE[ordType];
  return {
    request: { ...terms, sizeLots, priceTicks, timeInForce },
    words: { tag, ordType, tgtCcy: "" },
  };
}

/** Lots, or why the text is no size. */
export function parseSz(definition: Instrument, text: string | undefined, name = "sz"): number | Refusal {
  if (text === undefined) return missing(name);
  if (!isDecimal(text) || !/[1-9]/.test(text)) return wrong(name);
  const lots = parseSize(definition, text);
  if (lots === undefined) return refuse("51121");
  return lots < definition.sizeMinLots ? refuse("51020") : lots;
}

/** Ticks, or why the text is no price. */
export function parsePx(definition: Instrument, text: string | undefined, name = "px"): number | Refusal {
  if (text === undefined) return missing(name);
  if (!isDecimal(text) || !/[1-9]/.test(text)) return wrong(name);
  return parsePrice(definition, text) ?? refuse("51150");
}

/** A market buy is sized in quote unless it says otherwise. */
function parseMarket(
  venue: OkxVenue,
  definition: Instrument,
  { sz, tag = "", tgtCcy: wanted, side }: Fields,
  terms: Omit<PlaceRequest, "sizeLots" | "priceTicks" | "timeInForce">,
): OrderRequest | Refusal {
  const tgtCcy = wanted ?? (side === "buy" ? "quote_ccy" : "base_ccy");
  if (tgtCcy !== "base_ccy" && tgtCcy !== "quote_ccy") return wrong("tgtCcy");
  const words = { tag, ordType: "market", tgtCcy } as const;
  if (tgtCcy === "base_ccy") {
    const sizeLots = parseSz(definition, sz);
    if (typeof sizeLots !== "number") return sizeLots;
    return { request: { ...terms, sizeLots, timeInForce: "IOC" }, words };
  }
  if (sz === undefined) return missing("sz");
  const quoteAtoms = parseAtoms(sz, quoteDecimals(venue, definition));
  if (quoteAtoms === undefined || quoteAtoms === 0n) return wrong("sz");
  const sizeLots = lotsForQuote(venue.core, terms, definition, quoteAtoms);
  if (sizeLots === undefined) return refuse("51109");
  if (sizeLots < definition.sizeMinLots) return refuse("51020");
  return { request: { ...terms, sizeLots, timeInForce: "IOC" }, words: { ...words, quoteSz: sz } };
}

function quoteDecimals({ core }: OkxVenue, { quote }: Instrument): number {
  return core.assets.find(({ asset }) => asset === quote)?.decimals ?? 0;
}

function isOrdType(text: string): text is OrderExtras["ordType"] {
  return text === "market" || Object.hasOwn(TIMES_IN_FORCE, text);
}
