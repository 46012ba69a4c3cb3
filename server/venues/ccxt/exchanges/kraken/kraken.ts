/** Kraken spot. REST calls carry a nonce that must rise in order of arrival. */
import type { Exchange } from "../exchange.ts";
import { errorsOf } from "./answers.ts";
import { krakenEntry } from "./entry.ts";
import { KRAKEN_ERRORS } from "./errors.ts";
import { krakenLimits } from "./limits.ts";
import { keepVenueNames } from "./names.ts";
import { confirmsPrivate, readPrivate, sequenceOf } from "./privateStream.ts";
import { krakenReads } from "./reads.ts";

/** The nearest deadline that it takes. */
const DEADLINE_MIN_MS = 500;

export const kraken: Exchange = {
  id: "kraken",
  instanceOptions: { fetchCurrencies: false },
  prepare: keepVenueNames,
  amend: "in-place",
  requestLifeMinMs: DEADLINE_MIN_MS,
  privateCalls: "one-at-a-time",
  entry: krakenEntry,
  reads: krakenReads,
  limits: krakenLimits,
  errorRows: KRAKEN_ERRORS,
  errorsOf,
  confirmsPrivate,
  // ccxt asks for them: the last 50.
  streamBeginsWithTrades: true,
  sequenceOf,
  heartbeat: "messages",
  readPrivate,
  deadMansSwitch: (timeoutSeconds) => ({
    socket: { method: "cancel_all_orders_after", params: { timeout: timeoutSeconds } },
    rest: { endpoint: "privatePostCancelAllOrdersAfter", params: { timeout: String(timeoutSeconds) } },
  }),
};
