/** An emulated venue on a port of this machine, and the private side of a gateway that trades on it. */
import { expect } from "vitest";
import { EngineConfig } from "../../../../../server/contract/config.ts";
import type {
  AmendEffect,
  CancelEffect,
  OrderEffect,
  PlaceEffect,
} from "../../../../../server/contract/effects.ts";
import type { WireFault } from "../../../../../server/contract/wireFaults.ts";
import { createExchange } from "../../../../../server/lab/exchange/exchange.ts";
import type { MarketRecord } from "../../../../../server/lab/ports.ts";
import { createVenueCore } from "../../../../../server/lab/wire/core/venueCore.ts";
import { createWireFaults } from "../../../../../server/lab/wire/host/faults.ts";
import { createVenueHost } from "../../../../../server/lab/wire/host/host.ts";
import { NO_MARKET, Turns } from "../../../../../server/lab/wire/host/turns.ts";
import type { WireKey } from "../../../../../server/lab/wire/ports.ts";
import { FRONT_ENDS } from "../../../../../server/lab/wire/registry.ts";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import { createBudget } from "../../../../../server/venues/ccxt/gateway/budget.ts";
import { createPrivateSide } from "../../../../../server/venues/ccxt/gateway/privateSide.ts";
import type { PrivateSide } from "../../../../../server/venues/ccxt/gateway/privateSide.ts";
import type { ExchangeId, GatewayContext } from "../../../../../server/venues/ccxt/ports.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";

export const KEY: WireKey = {
  apiKey: "key-of-the-desk",
  secret: Buffer.from("a secret that is long enough to sign with").toString("base64"),
  passphrase: "passphrase",
  account: 0,
  holder: "desk",
  mayTrade: true,
  mayWithdraw: false,
};

const AMEND = { binance: "cancel-new", okx: "in-place", kraken: "in-place" } as const;
const DECIMALS = 10;
const TICK_MS = 10;

type Untimed<R> = R extends unknown ? Omit<R, "exchangeAtUs"> : never;

export const nowUs = (): number => Math.round((performance.timeOrigin + performance.now()) * 1_000);

/** 60,000.00 bid, 60,000.10 offered; a lot is 0.00001 BTC. */
export const BID = 600_000;
export const ASK = 600_001;

export async function serve(id: ExchangeId, limits: "entry" | "lifted" = "lifted") {
  const config = configOf(id);
  const time = new Turns({
    clock: { nowUs },
    market: NO_MARKET,
    makeSafe: () => undefined,
    afterTurn: () => undefined,
  });
  time.start();
  const faults = createWireFaults(nowUs);
  const core = createVenueCore({
    venue: id,
    config,
    accounts: [0],
    exchange: createExchange({ config, accounts: [0] }),
    nowUs: () => nowUs() + faults.skewUs(),
    steadyUs: nowUs,
    keys: [KEY],
    limits,
  });
  const complaints: string[] = [];
  const complain = (text: string): void => void complaints.push(text);
  const front = FRONT_ENDS[id];
  if (front === undefined) throw new Error(`no front-end of ${id}`);
  const host = createVenueHost({
    core,
    front,
    faults,
    time,
    latencyUs: { entry: () => 0, response: () => 0, feed: () => 0 },
    log: { info: () => undefined, warn: complain, error: complain },
  });
  const port = await host.listen(0);
  const ticking = setInterval(() => host.front.tick(), TICK_MS);
  for (const [asset, amount] of Object.entries({ USDT: 10_000_000n, BTC: 1_000n, ETH: 1_000n }))
    core.deposit(0, asset, amount * 10n ** BigInt(DECIMALS));
  const market = (record: Untimed<MarketRecord>): void =>
    core.applyMarket({ ...record, exchangeAtUs: nowUs() } as MarketRecord);
  for (const instrument of [0, 1])
    market({ kind: "snapshot", instrument, bids: [BID, 1_000_000], asks: [ASK, 1_000_000] });

  const sides: PrivateSide[] = [];
  const closers: (() => void)[] = [];
  function desk(
    credentials: { readonly apiKey: string; readonly secret: string; readonly passphrase: string } = KEY,
    configured: (index: number) => boolean = () => true,
  ) {
    const events: VenueEvent[] = [];
    const logged: string[] = [];
    const budget = createBudget({
      scopes: exchangeOf(id).limits.scopes,
      nowUs,
      speed: 1,
      limits: limits === "lifted" ? limits : undefined,
    });
    closers.push(() => budget.stop());
    const terms = config.accounts[0];
    if (terms === undefined) throw new Error("no account");
    const context: GatewayContext = {
      account: 0,
      terms,
      instruments: config.instruments
        .map((definition, index) => ({ definition, index }))
        .filter(({ index }) => configured(index)),
      assets: config.assets,
      deskCode: config.deskCode,
      access: {
        exchange: id,
        origin: `http://127.0.0.1:${port}`,
        credentials,
        limits: limits === "lifted" ? limits : undefined,
      },
      clock: undefined,
      nowUs,
      emit: (event) => void events.push(event),
      connection: () => undefined,
      log: (level, text, fields) => void logged.push(`${level} ${text} ${JSON.stringify(fields ?? {})}`),
      budget,
    };
    const doubts: string[] = [];
    const side = createPrivateSide(context, {
      monotonicMs: () => performance.now(),
      measureClock() {
        doubts.push("clock");
        side.skew(faults.skewUs());
        return Promise.resolve();
      },
      doubtDefinitions: () => void doubts.push("definitions"),
    });
    sides.push(side);
    return {
      side,
      events,
      logged,
      doubts,
      budget,
      send: (effect: OrderEffect) => side.send(effect, nowUs()),
    };
  }

  return {
    core,
    host,
    port,
    market,
    complaints,
    desk,
    fault: (fault: WireFault) => host.fault(fault),
    async close() {
      await Promise.all(sides.map((side) => side.stop()));
      for (const close of closers) close();
      clearInterval(ticking);
      await host.close();
      time.stop();
    },
  };
}

/** No pause of a busy machine ends a request. */
const PATIENT_US = 10_000_000;

let counter = 0;

/** A quote deep in the book, unless told otherwise. */
export function place(terms: Partial<PlaceEffect> = {}): PlaceEffect {
  return {
    type: "place",
    account: 0,
    instrument: 0,
    clientId: `qabc0001${(++counter).toString(36).padStart(7, "0")}`,
    side: "buy",
    priceTicks: BID - 1_000,
    sizeLots: 1_000,
    timeInForce: "POST_ONLY",
    selfTrade: "EXPIRE_TAKER",
    requestExpiresAtUs: nowUs() + PATIENT_US,
    ...terms,
  };
}

export function amend(order: PlaceEffect, terms: Pick<AmendEffect, "priceTicks" | "sizeLots">): AmendEffect {
  const { account, instrument, clientId } = order;
  return { type: "amend", account, instrument, clientId, ...terms, requestExpiresAtUs: nowUs() + PATIENT_US };
}

export function cancel(clientId: string, instrument = 0): CancelEffect {
  return { type: "cancel", account: 0, instrument, clientId };
}

export type Served = Awaited<ReturnType<typeof serve>>;
export type Desk = ReturnType<Served["desk"]>;

export const POLL = { interval: 2, timeout: 15_000 };

/** `expect.poll` for tests that run side by side. */
export async function soon<T>(read: () => T, check: (value: T) => void): Promise<void> {
  for (const untilMs = performance.now() + POLL.timeout; performance.now() < untilMs;) {
    try {
      return check(read());
    } catch {
      await new Promise((resolve) => setTimeout(resolve, POLL.interval));
    }
  }
  check(read());
}

/** Subscribed, and up. */
export async function openDesk(venue: Served, desk = venue.desk()): Promise<Desk> {
  await desk.side.start();
  await soon(
    () => statuses(desk).at(-1),
    (status) => expect(status).toBe("up"),
  );
  return desk;
}

export function statuses(desk: Desk): string[] {
  return desk.events.flatMap((event) => (event.type === "account" ? [event.status] : []));
}

/** Events of one order in words, in the order in which they came. */
export function told(desk: Desk, clientId: string): string[] {
  return desk.events.flatMap((event) =>
    "clientId" in event && event.clientId === clientId ? [brief(event)] : [],
  );
}

export function brief(event: VenueEvent): string {
  switch (event.type) {
    case "orderCanceled":
    case "orderExpired":
      return `${event.type} ${event.filledLots}`;
    case "orderRejected":
    case "cancelRejected":
    case "amendRejected":
      return `${event.type} ${event.reason}`;
    case "orderAmended":
      return `${event.type} ${event.sizeLots}@${event.priceTicks}`;
    case "orderUnknown":
      return `${event.type} ${event.request}`;
    case "fill":
      return `fill ${event.sizeLots}@${event.priceTicks} ${event.liquidity}`;
    case "orderStatus": {
      const { answer } = event;
      if (!answer.found) return "status none";
      return `status ${answer.status} ${answer.filledLots}/${answer.sizeLots}@${answer.priceTicks}`;
    }
    case "orderAccepted":
    case "book":
    case "trade":
    case "feed":
    case "instrument":
    case "account":
    case "balances":
    case "transfer":
    case "openOrders":
      return event.type;
  }
}

export function configOf(id: ExchangeId): EngineConfig {
  return EngineConfig.parse({
    deskCode: "abc",
    epoch: 1,
    reportingAsset: "USDT",
    assets: ["BTC", "ETH", "USDT"].map((asset) => ({ asset, decimals: DECIMALS })),
    accounts: [
      {
        account: "a",
        venue: id,
        fees: {
          name: "test",
          makerFrac: 0.001,
          takerFrac: 0.002,
          paidIn: id === "kraken" ? "quote" : "received",
        },
        amend: AMEND[id],
      },
    ],
    markets: ["BTC", "ETH"].map((base) => ({ market: base, base, reportingQuote: "USDT" })),
    instruments: ["BTC", "ETH"].map((base) => ({
      account: "a",
      symbol: `${base}/USDT`,
      kind: "spot",
      base,
      quote: "USDT",
      settle: "USDT",
      tick: "0.1",
      lot: "0.00001",
      notionalMinQuote: "5",
    })),
    parameters: [{ scope: { level: "desk" }, name: "capital", value: 1_000 }],
  });
}
