/** The front-end on a port of this machine, behind the real host and without latency, and ccxt pointed at it. */
import ccxt from "ccxt";
import { EngineConfig } from "../../../../../server/contract/config.ts";
import { createExchange } from "../../../../../server/lab/exchange/exchange.ts";
import type { MarketRecord } from "../../../../../server/lab/ports.ts";
import { createVenueCore } from "../../../../../server/lab/wire/core/venueCore.ts";
import type { LabCore } from "../../../../../server/lab/wire/core/venueCore.ts";
import { createWireFaults } from "../../../../../server/lab/wire/host/faults.ts";
import { createVenueHost } from "../../../../../server/lab/wire/host/host.ts";
import type { VenueHost } from "../../../../../server/lab/wire/host/host.ts";
import { NO_MARKET, Turns } from "../../../../../server/lab/wire/host/turns.ts";
import { createKraken } from "../../../../../server/lab/wire/kraken/kraken.ts";
import type { WireKey } from "../../../../../server/lab/wire/ports.ts";

export type Kraken = InstanceType<typeof ccxt.pro.kraken>;

export const SYMBOL = "BTC/USD";

const DESK: WireKey = {
  apiKey: "deskKey",
  secret: Buffer.from("the secret of the desk, which is long enough").toString("base64"),
  passphrase: "",
  account: 0,
  holder: "desk",
  mayTrade: true,
  mayWithdraw: false,
};

const GUARD: WireKey = { ...DESK, apiKey: "guardKey", holder: "guard", mayWithdraw: true };

type Untimed<R> = R extends unknown ? Omit<R, "exchangeAtUs"> : never;

export interface Served {
  readonly core: LabCore;
  readonly host: VenueHost;
  market(record: Untimed<MarketRecord>): void;
  /** Unmodified ccxt.pro with the options that a desk runs it with, markets loaded. */
  client(holder?: "desk" | "guard", options?: Record<string, unknown>): Promise<Kraken>;
  close(): Promise<void>;
}

const TICK_MS = 10;

/** Limits are lifted: what the counters do is shown on a clock of its own. */
export async function serveKraken(limits: "entry" | "lifted" = "lifted"): Promise<Served> {
  const nowUs = (): number => Math.round((performance.timeOrigin + performance.now()) * 1_000);
  const time = new Turns({
    clock: { nowUs },
    market: NO_MARKET,
    makeSafe: () => undefined,
    afterTurn: () => undefined,
  });
  time.start();
  const config = configOf();
  const exchange = createExchange({ config, accounts: [0] });
  const keys = [DESK, GUARD];
  const core = createVenueCore({ venue: "kraken", config, accounts: [0], exchange, nowUs, keys, limits });
  const log = { info: raise, warn: raise, error: raise };
  const latencyUs = { entry: () => 0, response: () => 0, feed: () => 0 };
  const faults = createWireFaults(nowUs);
  const host = createVenueHost({ core, front: createKraken, faults, time, latencyUs, log });
  const port = await host.listen(0);
  for (const [asset, amount] of Object.entries({ USD: 1_000_000n, BTC: 100n }))
    core.deposit(0, asset, amount * 10n ** 8n);
  const timer = setInterval(() => host.front.tick(), TICK_MS);
  const clients: Kraken[] = [];
  return {
    core,
    host,
    market: (record) => core.applyMarket({ ...record, exchangeAtUs: nowUs() } as MarketRecord),
    async client(holder = "desk", options = {}) {
      const client = await connect(port, holder === "desk" ? DESK : GUARD, options);
      clients.push(client);
      await client.loadMarkets();
      return client;
    },
    async close() {
      clearInterval(timer);
      for (const client of clients) await client.close();
      await host.close();
      time.stop();
    },
  };
}

async function connect(port: number, key: WireKey, options: Record<string, unknown>): Promise<Kraken> {
  const client = new ccxt.pro.kraken({
    apiKey: key.apiKey,
    secret: key.secret,
    enableRateLimit: false,
    timeout: 3_000,
    options: { ws: { cost: 0 }, ...options },
  });
  const urls = client.urls as Record<string, unknown>;
  urls["api"] = mapUrls(urls["api"], (url) => rewritten(url, port));
  // The clock of the machine counts in milliseconds: two requests in one would have one nonce.
  let lastNonce = 0;
  client.nonce = () => (lastNonce = Math.max(lastNonce + 1, Date.now() * 1_000));
  await client.loadHttpProxyAgent();
  return client;
}

/** Every URL of ccxt becomes one of this machine, with the original host as its first segment. */
function rewritten(url: string, port: number): string {
  const match = /^(https?|wss?):\/\/(.*)$/.exec(url);
  if (match === null) return url;
  const [, scheme = "", rest = ""] = match;
  return `${scheme.startsWith("ws") ? "ws" : "http"}://127.0.0.1:${port}/${rest}`;
}

function mapUrls(value: unknown, change: (url: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapUrls(inner, change)]));
}

function raise(text: string): never {
  throw new Error(text);
}

function configOf(): EngineConfig {
  return EngineConfig.parse({
    deskCode: "abc",
    epoch: 1,
    reportingAsset: "USD",
    assets: ["BTC", "USD"].map((asset) => ({ asset, decimals: 8 })),
    accounts: [
      {
        account: "kraken",
        venue: "kraken",
        fees: { name: "test", makerFrac: 0.0025, takerFrac: 0.004 },
        amend: "in-place",
      },
    ],
    markets: [{ market: "BTC", base: "BTC", reportingQuote: "USD" }],
    instruments: [
      {
        account: "kraken",
        symbol: SYMBOL,
        kind: "spot",
        base: "BTC",
        quote: "USD",
        settle: "USD",
        tick: "0.1",
        lot: "0.00001",
        sizeMinLots: 5,
        notionalMinQuote: "0.5",
      },
    ],
    parameters: [{ scope: { level: "desk" }, name: "capital", value: 1_000 }],
  });
}
