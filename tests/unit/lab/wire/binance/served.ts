/** Binance on a port, and unmodified ccxt.pro with the options that a desk runs it with. */
import ccxt from "ccxt";
import { createBinance } from "../../../../../server/lab/wire/binance/binance.ts";
import type { WireKey } from "../../../../../server/lab/wire/ports.ts";
import { DESK, serve } from "../served.ts";
import type { Served } from "../served.ts";

export type Binance = InstanceType<typeof ccxt.pro.binance>;

export interface ServedBinance extends Served {
  client(options?: Record<string, unknown>, key?: Pick<WireKey, "apiKey" | "secret">): Promise<Binance>;
}

export async function serveBinance(): Promise<ServedBinance> {
  const served = await serve({
    venue: "binance",
    front: createBinance,
    limits: "entry",
    amend: "cancel-new",
    fees: { makerFrac: 0.001, takerFrac: 0.001 },
    quote: "USDT",
    instrument: { tick: "0.01", notionalMinQuote: "5" },
  });
  return {
    ...served,
    client: (options = {}, { apiKey, secret } = DESK) =>
      served.connect(
        new ccxt.pro.binance({
          apiKey,
          secret,
          enableRateLimit: false,
          timeout: 15_000,
          options: {
            defaultType: "spot",
            fetchMarkets: { types: ["spot"] },
            fetchMargins: false,
            fetchCurrencies: false,
            recvWindow: 2_000,
            ws: { cost: 0 },
            ...options,
          },
        }),
      ),
  };
}
