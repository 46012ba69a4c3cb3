/** The front-end on a port of this machine, behind the real host without latency, and unmodified ccxt pointed at it. */
import ccxt from "ccxt";
import { EngineConfig } from "../../../../../server/contract/config.ts";
import { createExchange } from "../../../../../server/lab/exchange/exchange.ts";
import type { MarketRecord } from "../../../../../server/lab/ports.ts";
import { createVenueCore } from "../../../../../server/lab/wire/core/venueCore.ts";
import type { LabCore } from "../../../../../server/lab/wire/core/venueCore.ts";
import { createWireFaults } from "../../../../../server/lab/wire/host/faults.ts";
import { createVenueHost } from "../../../../../server/lab/wire/host/host.ts";
import { NO_MARKET, Turns } from "../../../../../server/lab/wire/host/turns.ts";
import { createOkx } from "../../../../../server/lab/wire/okx/okx.ts";
import type { FrontEnd, WireKey } from "../../../../../server/lab/wire/ports.ts";

export type Okx = InstanceType<typeof ccxt.pro.okx>;

export const DESK: WireKey = {
  apiKey: "deskKey",
  secret: "the secret of the desk",
  passphrase: "the passphrase",
  account: 0,
  holder: "desk",
  mayTrade: true,
  mayWithdraw: false,
};

type Untimed<R> = R extends unknown ? Omit<R, "exchangeAtUs"> : never;

export interface Served {
  readonly core: LabCore;
  readonly front: FrontEnd;
  market(record: Untimed<MarketRecord>): void;
  /** With the settings that a desk runs ccxt with. */
  client(key?: Pick<WireKey, "apiKey" | "secret" | "passphrase">): Promise<Okx>;
  /** Moves the venue's clock. */
  skew(byMs: number): void;
  close(): Promise<void>;
}

const TICK_MS = 10;

export async function serveOkx(limits: "entry" | "lifted" = "lifted"): Promise<Served> {
  let skewUs = 0;
  const nowUs = (): number => Math.round((performance.timeOrigin + performance.now()) * 1_000);
  const time = new Turns({
    clock: { nowUs },
    market: NO_MARKET,
    makeSafe: () => undefined,
    afterTurn: () => undefined,
  });
  time.start();
  const config = configOf();
  const core = createVenueCore({
    venue: "okx",
    config,
    accounts: [0],
    exchange: createExchange({ config, accounts: [0] }),
    nowUs: () => nowUs() + skewUs,
    keys: [DESK],
    limits,
  });
  const fail = (text: string): never => {
    throw new Error(text);
  };
  const host = createVenueHost({
    core,
    front: createOkx,
    faults: createWireFaults(nowUs),
    time,
    latencyUs: { entry: () => 0, response: () => 0, feed: () => 0 },
    log: { info: fail, warn: fail, error: fail },
  });
  const port = await host.listen(0);
  for (const [asset, amount] of Object.entries({ USDT: 1_000_000n, BTC: 100n }))
    core.deposit(0, asset, amount * 10n ** 8n);
  const timer = setInterval(() => host.front.tick(), TICK_MS);
  const clients: Okx[] = [];
  return {
    core,
    front: host.front,
    market: (record) => core.applyMarket({ ...record, exchangeAtUs: nowUs() + skewUs } as MarketRecord),
    async client(key = DESK) {
      const client = await connect(port, key);
      clients.push(client);
      return client;
    },
    skew: (byMs) => void (skewUs += byMs * 1_000),
    async close() {
      clearInterval(timer);
      for (const client of clients) await client.close();
      await host.close();
      time.stop();
    },
  };
}

async function connect(
  port: number,
  { apiKey, secret, passphrase }: Pick<WireKey, "apiKey" | "secret" | "passphrase">,
): Promise<Okx> {
  const client = new ccxt.pro.okx({
    apiKey,
    secret,
    password: passphrase,
    enableRateLimit: false,
    timeout: 3_000,
    options: { fetchMarkets: { types: ["spot"] }, ws: { cost: 0 } },
  });
  client.urls["api"] = {
    rest: `http://127.0.0.1:${port}/www.okx.com`,
    ws: `ws://127.0.0.1:${port}/ws.okx.com/ws/v5`,
  };
  await client.loadHttpProxyAgent();
  return client;
}

function configOf(): EngineConfig {
  return EngineConfig.parse({
    deskCode: "abc",
    epoch: 1,
    reportingAsset: "USDT",
    assets: ["BTC", "USDT"].map((asset) => ({ asset, decimals: 8 })),
    accounts: [
      {
        account: "okx",
        venue: "okx",
        fees: { name: "test", makerFrac: 0.0008, takerFrac: 0.001 },
        amend: "in-place",
      },
    ],
    markets: [{ market: "BTC", base: "BTC", reportingQuote: "USDT" }],
    instruments: [
      {
        account: "okx",
        symbol: "BTC/USDT",
        kind: "spot",
        base: "BTC",
        quote: "USDT",
        settle: "USDT",
        tick: "0.1",
        lot: "0.00001",
      },
    ],
    parameters: [{ scope: { level: "desk" }, name: "capital", value: 1_000 }],
  });
}
