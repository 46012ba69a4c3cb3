/** OKX on a port, and unmodified ccxt.pro with the settings that a desk runs it with. */
import ccxt from "ccxt";
import { createOkx } from "../../../../../server/lab/wire/okx/okx.ts";
import type { WireKey } from "../../../../../server/lab/wire/ports.ts";
import { DESK, serve } from "../served.ts";
import type { Served } from "../served.ts";

export type Okx = InstanceType<typeof ccxt.pro.okx>;

export interface ServedOkx extends Served {
  client(key?: Pick<WireKey, "apiKey" | "secret" | "passphrase">): Promise<Okx>;
}

export async function serveOkx(): Promise<ServedOkx> {
  const served = await serve({
    venue: "okx",
    front: createOkx,
    limits: "lifted",
    amend: "in-place",
    fees: { makerFrac: 0.0008, takerFrac: 0.001 },
    quote: "USDT",
    instrument: { tick: "0.1" },
  });
  return {
    ...served,
    client: ({ apiKey, secret, passphrase } = DESK) =>
      served.connect(
        new ccxt.pro.okx({
          apiKey,
          secret,
          password: passphrase,
          enableRateLimit: false,
          timeout: 15_000,
          options: { fetchMarkets: { types: ["spot"] }, ws: { cost: 0 } },
        }),
      ),
  };
}
