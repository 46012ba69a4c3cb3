/** OKX spot. */
import type { Exchange } from "../exchange.ts";
import { errorsOf } from "./answers.ts";
import { okxEntry, sendExpiryAsHeader } from "./entry.ts";
import { OKX_ERRORS } from "./errors.ts";
import { okxLimits } from "./limits.ts";
import { confirmsPrivate, readPrivate } from "./privateStream.ts";
import { okxReads } from "./reads.ts";

export const okx: Exchange = {
  id: "okx",
  instanceOptions: { defaultType: "spot", fetchMarkets: { types: ["spot"] }, fetchCurrencies: false },
  prepare: sendExpiryAsHeader,
  amend: "in-place",
  requestLifeMinMs: 50,
  privateCalls: "concurrent",
  entry: okxEntry,
  reads: okxReads,
  limits: okxLimits,
  errorRows: OKX_ERRORS,
  errorsOf,
  confirmsPrivate,
  heartbeat: "messages",
  readPrivate,
  deadMansSwitch: (timeoutSeconds) => ({
    rest: { endpoint: "privatePostTradeCancelAllAfter", params: { timeOut: String(timeoutSeconds) } },
  }),
};
