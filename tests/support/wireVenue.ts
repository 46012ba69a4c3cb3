/**
 * A venue behind a front-end, in memory: one core with two spot instruments, a clock that stands still until it is
 * moved, requests and sockets without a network. Nothing in it waits.
 */
import { EngineConfig } from "../../server/contract/config.ts";
import type { Instrument, VenueAccount } from "../../server/contract/instrument.ts";
import { createExchange } from "../../server/lab/exchange/exchange.ts";
import type { MarketRecord } from "../../server/lab/ports.ts";
import { createVenueCore } from "../../server/lab/wire/core/venueCore.ts";
import type { LabCore } from "../../server/lab/wire/core/venueCore.ts";
import type {
  FrontEnd,
  FrontEndFactory,
  HttpAnswer,
  HttpRequest,
  SocketHandler,
  WireKey,
} from "../../server/lab/wire/ports.ts";

/** Positions of the instruments. */
export const BTC = 0;
export const ETH = 1;

/** 2026-01-01T00:00:00Z. */
export const START_AT_US = 1_767_225_600_000_000;

type Untimed<R> = R extends unknown ? Omit<R, "exchangeAtUs"> : never;

export interface WireVenueOptions {
  readonly venue: string;
  readonly front: FrontEndFactory;
  /** A second account, which trades nothing: for transfers. */
  readonly twoAccounts?: boolean;
  readonly amend?: VenueAccount["amend"];
  readonly fees?: Partial<VenueAccount["fees"]>;
  readonly quote?: string;
  /** Changes of both instruments, and of each: `{ BTC: { tick: "0.1" } }`. */
  readonly instruments?: Readonly<Record<string, Partial<Instrument>>>;
  readonly limits?: "entry" | "lifted";
  /** In units of the asset; both accounts get them. */
  readonly deposits?: Readonly<Record<string, number>>;
}

/** A socket as a client sees it. */
export interface TestSocket {
  /** Everything that it was sent, parsed where it is JSON. */
  readonly received: unknown[];
  readonly kinds: ("feed" | "report" | "answer")[];
  readonly closed: { readonly code: number; readonly reason: string } | undefined;
  send(message: unknown): void;
  /** What was received since the last call. */
  take(): unknown[];
  close(): void;
}

export interface WireVenue {
  readonly core: LabCore;
  readonly front: FrontEnd;
  /** Of the desk and of the guard, by account. */
  key(account?: number, holder?: WireKey["holder"]): WireKey;
  nowUs(): number;
  setNow(atUs: number): void;
  /** Sets the venue's clock off from the steady one. */
  skew(byUs: number): void;
  /** Moves the clock in steps of 10 ms, with a tick of the front-end after each. */
  advanceMs(ms: number): void;
  market(record: Untimed<MarketRecord>): void;
  /** Levels are flat `[priceTicks, sizeLots, …]`, best first. */
  snapshot(bids: readonly number[], asks: readonly number[], instrument?: number): void;
  http(request: Partial<HttpRequest> & Pick<HttpRequest, "path">): HttpAnswer;
  /** Undefined when no socket is served there. */
  connect(path: string): TestSocket | undefined;
}

export function wireVenue(options: WireVenueOptions): WireVenue {
  const config = configOf(options);
  const accounts = options.twoAccounts ? [0, 1] : [0];
  const keys = accounts.flatMap((account) =>
    (["desk", "guard"] as const).map((holder) => keyOf(account, holder)),
  );
  let steadyUs = START_AT_US;
  let skewUs = 0;
  const nowUs = (): number => steadyUs + skewUs;
  const core = createVenueCore({
    venue: options.venue,
    config,
    accounts,
    exchange: createExchange({ config, accounts }),
    nowUs,
    steadyUs: () => steadyUs,
    keys,
    limits: options.limits ?? "entry",
  });
  const front = options.front(core);
  core.attach(front);
  const { quote = "USDT" } = options;
  for (const account of accounts)
    for (const [asset, amount] of Object.entries(
      options.deposits ?? { [quote]: 1_000_000, BTC: 100, ETH: 1_000 },
    ))
      core.deposit(account, asset, BigInt(amount) * ONE);
  const market = (record: Untimed<MarketRecord>): void =>
    core.applyMarket({ ...record, exchangeAtUs: nowUs() } as MarketRecord);

  return {
    core,
    front,
    key(account = 0, holder = "desk") {
      const found = keys.find((key) => key.account === account && key.holder === holder);
      if (found === undefined) throw new Error(`no key of account ${account}`);
      return found;
    },
    nowUs,
    setNow: (atUs) => void (steadyUs = atUs - skewUs),
    skew: (byUs) => void (skewUs = byUs),
    advanceMs(ms) {
      for (let leftMs = ms; leftMs > 0; leftMs -= 10) {
        steadyUs += Math.min(10, leftMs) * 1_000;
        front.tick();
      }
    },
    market,
    snapshot: (bids, asks, instrument = BTC) => market({ kind: "snapshot", instrument, bids, asks }),
    http: (request) => front.http({ method: "GET", query: "", headers: {}, body: "", ...request }),
    connect: (path) => connect(front, path),
  };
}

const DECIMALS = 8;
const ONE = 10n ** BigInt(DECIMALS);

function connect(front: FrontEnd, path: string): TestSocket | undefined {
  const received: unknown[] = [];
  const kinds: TestSocket["kinds"] = [];
  let closed: TestSocket["closed"];
  let taken = 0;
  const handler: SocketHandler | undefined = front.connect({
    path,
    send(text, kind) {
      if (closed !== undefined) throw new Error("sent on a closed socket");
      received.push(parsed(text));
      kinds.push(kind);
    },
    close(code, reason) {
      closed ??= { code, reason };
    },
  });
  if (handler === undefined) return undefined;
  return {
    received,
    kinds,
    get closed() {
      return closed;
    },
    send: (message) => handler.message(typeof message === "string" ? message : JSON.stringify(message)),
    take() {
      const since = received.slice(taken);
      taken = received.length;
      return since;
    },
    close() {
      closed ??= { code: 1000, reason: "" };
      handler.closed();
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function keyOf(account: number, holder: WireKey["holder"]): WireKey {
  const name = `${holder}${account}`;
  return {
    apiKey: `key-${name}`,
    secret: Buffer.from(`secret of ${name}, long enough to sign with`).toString("base64"),
    passphrase: `pass-${name}`,
    account,
    holder,
    mayTrade: true,
    mayWithdraw: false,
  };
}

function configOf({
  venue,
  amend,
  fees,
  quote = "USDT",
  instruments = {},
  twoAccounts,
}: WireVenueOptions): EngineConfig {
  const names = [venue, ...(twoAccounts ? [`${venue}-2`] : [])];
  return EngineConfig.parse({
    deskCode: "abc",
    epoch: 1,
    reportingAsset: quote,
    assets: ["BTC", "ETH", quote].map((asset) => ({ asset, decimals: DECIMALS })),
    accounts: names.map((account) => ({
      account,
      venue,
      fees: { name: "test", makerFrac: 0.001, takerFrac: 0.002, ...fees },
      amend: amend ?? "in-place",
    })),
    markets: ["BTC", "ETH"].map((base) => ({ market: base, base, reportingQuote: quote })),
    instruments: ["BTC", "ETH"].map((base) => ({
      account: venue,
      symbol: `${base}/${quote}`,
      kind: "spot",
      base,
      quote,
      settle: quote,
      tick: "0.01",
      lot: base === "BTC" ? "0.00001" : "0.0001",
      notionalMinQuote: "5",
      ...instruments[base],
    })),
    parameters: [{ scope: { level: "desk" }, name: "capital", value: 1_000 }],
  });
}
