/** Kraken on a port, and unmodified ccxt.pro with the options that a desk runs it with, markets loaded. */
import ccxt from "ccxt";
import { createKraken } from "../../../../../server/lab/wire/kraken/kraken.ts";
import type { WireKey } from "../../../../../server/lab/wire/ports.ts";
import { DESK, serve } from "../served.ts";
import type { Served } from "../served.ts";

export type Kraken = InstanceType<typeof ccxt.pro.kraken>;

export const SYMBOL = "BTC/USD";

const GUARD: WireKey = { ...DESK, apiKey: "guardKey", holder: "guard", mayWithdraw: true };

export interface ServedKraken extends Served {
  client(holder?: "desk" | "guard"): Promise<Kraken>;
}

/** Limits are lifted: what the counters do is shown on a clock of its own. */
export async function serveKraken(): Promise<ServedKraken> {
  const served = await serve({
    venue: "kraken",
    front: createKraken,
    limits: "lifted",
    amend: "in-place",
    fees: { makerFrac: 0.0025, takerFrac: 0.004 },
    quote: "USD",
    instrument: { tick: "0.1", sizeMinLots: 5, notionalMinQuote: "0.5" },
    keys: [GUARD],
  });
  return {
    ...served,
    async client(holder = "desk") {
      const { apiKey, secret } = holder === "desk" ? DESK : GUARD;
      const client = new ccxt.pro.kraken({
        apiKey,
        secret,
        enableRateLimit: false,
        timeout: 15_000,
        options: { ws: { cost: 0 } },
      });
      // The clock of the machine counts in milliseconds: two requests in one would have one nonce.
      let lastNonce = 0;
      client.nonce = () => (lastNonce = Math.max(lastNonce + 1, Date.now() * 1_000));
      await served.connect(client);
      await client.loadMarkets();
      return client;
    },
  };
}
