/** A front-end on a port of this machine, behind the real host without latency, and unmodified ccxt pointed at it. */
import { EngineConfig } from "../../../../server/contract/config.ts";
import type { Instrument, VenueAccount } from "../../../../server/contract/instrument.ts";
import { createExchange } from "../../../../server/lab/exchange/exchange.ts";
import type { MarketRecord } from "../../../../server/lab/ports.ts";
import { createVenueCore } from "../../../../server/lab/wire/core/venueCore.ts";
import type { LabCore } from "../../../../server/lab/wire/core/venueCore.ts";
import { createWireFaults } from "../../../../server/lab/wire/host/faults.ts";
import { createVenueHost } from "../../../../server/lab/wire/host/host.ts";
import { NO_MARKET, Turns } from "../../../../server/lab/wire/host/turns.ts";
import type { FrontEnd, FrontEndFactory, WireKey } from "../../../../server/lab/wire/ports.ts";

export const DESK: WireKey = {
  apiKey: "deskKey",
  secret: Buffer.from("the secret of the desk, which is long enough").toString("base64"),
  passphrase: "the passphrase",
  account: 0,
  holder: "desk",
  mayTrade: true,
  mayWithdraw: false,
};

type Untimed<R> = R extends unknown ? Omit<R, "exchangeAtUs"> : never;

export interface ServeOptions {
  readonly venue: string;
  readonly front: FrontEndFactory;
  readonly limits: "entry" | "lifted";
  readonly amend: VenueAccount["amend"];
  readonly fees: { readonly makerFrac: number; readonly takerFrac: number };
  readonly quote: string;
  /** Of its one instrument, BTC against the quote. */
  readonly instrument: Partial<Instrument>;
  /** Beside the desk's. */
  readonly keys?: readonly WireKey[];
}

/** What is needed of an instance of ccxt to point it here. */
interface CcxtClient {
  urls: unknown;
  loadHttpProxyAgent(): unknown;
  close(): Promise<unknown>;
}

export interface Served {
  readonly core: LabCore;
  readonly front: FrontEnd;
  readonly port: number;
  market(record: Untimed<MarketRecord>): void;
  /** Moves the venue's clocks. */
  moveClock(byMs: number): void;
  /** Points the client at the venue, and closes it with the venue. */
  connect<C extends CcxtClient>(client: C): Promise<C>;
  close(): Promise<void>;
}

const TICK_MS = 10;
const ONE = 10n ** 8n;

export async function serve(options: ServeOptions): Promise<Served> {
  const { venue, front, limits, quote } = options;
  let movedUs = 0;
  const machineUs = (): number => Math.round((performance.timeOrigin + performance.now()) * 1_000);
  const nowUs = (): number => machineUs() + movedUs;
  const nothing = (): void => undefined;
  const time = new Turns({
    clock: { nowUs: machineUs },
    market: NO_MARKET,
    makeSafe: nothing,
    afterTurn: nothing,
  });
  time.start();
  const config = configOf(options);
  const exchange = createExchange({ config, accounts: [0] });
  const keys = [DESK, ...(options.keys ?? [])];
  const core = createVenueCore({ venue, config, accounts: [0], exchange, nowUs, keys, limits });
  const host = createVenueHost({
    core,
    front,
    faults: createWireFaults(machineUs),
    time,
    latencyUs: { entry: () => 0, response: () => 0, feed: () => 0 },
    log: { info: raise, warn: raise, error: raise },
  });
  const port = await host.listen(0);
  core.deposit(0, quote, 1_000_000n * ONE);
  core.deposit(0, "BTC", 100n * ONE);
  const timer = setInterval(() => host.front.tick(), TICK_MS);
  const clients: CcxtClient[] = [];
  return {
    core,
    front: host.front,
    port,
    market: (record) => core.applyMarket({ ...record, exchangeAtUs: nowUs() } as MarketRecord),
    moveClock: (byMs) => void (movedUs += byMs * 1_000),
    async connect(client) {
      clients.push(client);
      const urls = client.urls as Record<string, unknown>;
      urls["api"] = mapUrls(urls["api"], (url) => rewritten(url, port));
      await client.loadHttpProxyAgent();
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

/** Every URL of ccxt becomes one of this machine, with the original host as its first segment. */
export function rewritten(url: string, port: number): string {
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

function configOf({ venue, amend, fees, quote, instrument }: ServeOptions): EngineConfig {
  return EngineConfig.parse({
    deskCode: "abc",
    epoch: 1,
    reportingAsset: quote,
    assets: ["BTC", quote].map((asset) => ({ asset, decimals: 8 })),
    accounts: [{ account: venue, venue, fees: { name: "test", ...fees }, amend }],
    markets: [{ market: "BTC", base: "BTC", reportingQuote: quote }],
    instruments: [
      {
        account: venue,
        symbol: `BTC/${quote}`,
        kind: "spot",
        base: "BTC",
        quote,
        settle: quote,
        lot: "0.00001",
        ...instrument,
      },
    ],
    parameters: [{ scope: { level: "desk" }, name: "capital", value: 1_000 }],
  });
}
