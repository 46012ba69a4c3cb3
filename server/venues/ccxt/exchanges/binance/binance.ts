/** Binance spot. */
import type { Exchange } from "../exchange.ts";
import { errorsOf } from "./answers.ts";
import { binanceEntry } from "./entry.ts";
import { BINANCE_ERRORS } from "./errors.ts";
import { binanceLimits } from "./limits.ts";
import { confirmsPrivate, readPrivate } from "./privateStream.ts";
import { binanceReads } from "./reads.ts";

export const binance: Exchange = {
  id: "binance",
  instanceOptions: {
    defaultType: "spot",
    fetchMarkets: { types: ["spot"] },
    fetchMargins: false,
    fetchCurrencies: false,
    warnOnFetchOpenOrdersWithoutSymbol: false,
  },
  prepare(instance) {
    // ccxt puts its own default in place of what a request asks for.
    instance.options["recvWindow"] = undefined;
  },
  amend: "cancel-new",
  requestLifeMinMs: 50,
  privateCalls: "concurrent",
  entry: binanceEntry,
  reads: binanceReads,
  limits: binanceLimits,
  errorRows: BINANCE_ERRORS,
  errorsOf,
  confirmsPrivate,
  heartbeat: "frames",
  readPrivate,
};
