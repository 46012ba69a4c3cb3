/** The front-end on a port of this machine, behind the real host and without latency, and ccxt pointed at it. */
import ccxt from "ccxt";
import { EngineConfig } from "../../../../../server/contract/config.ts";
import { createExchange } from "../../../../../server/lab/exchange/exchange.ts";
import type { MarketRecord } from "../../../../../server/lab/ports.ts";
import { createBinance } from "../../../../../server/lab/wire/binance/binance.ts";
import { createVenueCore } from "../../../../../server/lab/wire/core/venueCore.ts";
import type { LabCore } from "../../../../../server/lab/wire/core/venueCore.ts";
import { createWireFaults } from "../../../../../server/lab/wire/host/faults.ts";
import { createVenueHost } from "../../../../../server/lab/wire/host/host.ts";
import { NO_MARKET, Turns } from "../../../../../server/lab/wire/host/turns.ts";
import type { FrontEnd, WireKey } from "../../../../../server/lab/wire/ports.ts";

export type Binance = InstanceType<typeof ccxt.pro.binance>;

export const DESK: WireKey = {
  apiKey: "deskKey",
  secret: "the secret of the desk",
  passphrase: "",
  account: 0,
  holder: "desk",
  mayTrade: true,
  mayWithdraw: false,
};

type Untimed<R> = R extends unknown ? Omit<R, "exchangeAtUs"> : never;

export interface Served {
  readonly core: LabCore;
  readonly front: FrontEnd;
  readonly port: number;
  market(record: Untimed<MarketRecord>): void;
  /** Unmodified ccxt.pro with the options that a desk runs it with. */
  client(options?: Record<string, unknown>, key?: Pick<WireKey, "apiKey" | "secret">): Promise<Binance>;
  close(): Promise<void>;
}

const TICK_MS = 10;

export async function serveBinance(): Promise<Served> {
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
    venue: "binance",
    config,
    accounts: [0],
    exchange: createExchange({ config, accounts: [0] }),
    nowUs,
    keys: [DESK],
    limits: "entry",
  });
  const log = { info: raise, warn: raise, error: raise };
  const latencyUs = { entry: () => 0, response: () => 0, feed: () => 0 };
  const faults = createWireFaults(nowUs);
  const host = createVenueHost({ core, front: createBinance, faults, time, latencyUs, log });
  const port = await host.listen(0);
  for (const [asset, amount] of Object.entries({ USDT: 1_000_000n, BTC: 100n }))
    core.deposit(0, asset, amount * 10n ** 8n);
  const timer = setInterval(() => host.front.tick(), TICK_MS);
  const clients: Binance[] = [];
  return {
    core,
    front: host.front,
    port,
    market: (record) => core.applyMarket({ ...record, exchangeAtUs: nowUs() } as MarketRecord),
    client: async (options = {}, key = DESK) => {
      const client = await connect(port, options, key);
      clients.push(client);
      return client;
    },
    close: async () => {
      clearInterval(timer);
      for (const client of clients) await client.close();
      await host.close();
      time.stop();
    },
  };
}

/** Every URL of ccxt becomes one of this machine, with the original host as its first segment. */
export function rewritten(url: string, port: number): string {
  const match = /^(https?|wss?):\/\/(.*)$/.exec(url);
  if (match === null) return url;
  const [, scheme = "", rest = ""] = match;
  return `${scheme.startsWith("ws") ? "ws" : "http"}://127.0.0.1:${port}/${rest}`;
}

async function connect(
  port: number,
  options: Record<string, unknown>,
  { apiKey, secret }: Pick<WireKey, "apiKey" | "secret">,
): Promise<Binance> {
  const client = new ccxt.pro.binance({
    apiKey,
    secret,
    enableRateLimit: false,
    timeout: 3_000,
    options: {
      defaultType: "spot",
      fetchMarkets: { types: ["spot"] },
      fetchMargins: false,
      fetchCurrencies: false,
      recvWindow: 2_000,
      ws: { cost: 0 },
      ...options,
    },
  });
  const urls = client.urls as Record<string, unknown>;
  urls["api"] = mapUrls(urls["api"], (url) => rewritten(url, port));
  await client.loadHttpProxyAgent();
  return client;
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
    reportingAsset: "USDT",
    assets: ["BTC", "USDT"].map((asset) => ({ asset, decimals: 8 })),
    accounts: [
      {
        account: "binance",
        venue: "binance",
        fees: { name: "test", makerFrac: 0.001, takerFrac: 0.001 },
        amend: "cancel-new",
      },
    ],
    markets: [{ market: "BTC", base: "BTC", reportingQuote: "USDT" }],
    instruments: [
      {
        account: "binance",
        symbol: "BTC/USDT",
        kind: "spot",
        base: "BTC",
        quote: "USDT",
        settle: "USDT",
        tick: "0.01",
        lot: "0.00001",
        notionalMinQuote: "5",
      },
    ],
    parameters: [{ scope: { level: "desk" }, name: "capital", value: 1_000 }],
  });
}
