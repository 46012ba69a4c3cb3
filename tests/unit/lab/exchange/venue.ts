/** A small venue for tests: one account, one spot market and one perpetual, and everything it ever said. */
import { EngineConfig } from "../../../../server/contract/config.ts";
import type { VenueAccount } from "../../../../server/contract/instrument.ts";
import type { Side } from "../../../../server/contract/units.ts";
import { createExchange } from "../../../../server/lab/exchange/exchange.ts";
import type { ExchangeAssumptions } from "../../../../server/lab/exchange/exchange.ts";
import type {
  DepthRecord,
  PlaceRequest,
  PrivateReport,
  PublicEvent,
  TakeRecord,
} from "../../../../server/lab/ports.ts";

export const SPOT = 0;
export const PERPETUAL = 1;
/** With `thirdAsset`: prices BNB in USDT, on the scales of the BTC market. */
export const BNB_MARKET = 2;
/** A tick is 0.01 USDT and a lot 0.001 BTC: one tick-lot is 1,000 atoms of USDT, one lot 100,000 atoms of BTC. */
export const ATOMS_PER_TICK_LOT = 1_000n;
export const ATOMS_PER_LOT = 100_000n;
const NEVER_US = Number.MAX_SAFE_INTEGER;

export interface VenueSetup {
  readonly fees?: Partial<VenueAccount["fees"]>;
  readonly amend?: VenueAccount["amend"];
  readonly instrument?: Readonly<Record<string, unknown>>;
  readonly assumptions?: Partial<ExchangeAssumptions>;
  readonly usdtAtoms?: bigint;
  readonly btcAtoms?: bigint;
  readonly bnbAtoms?: bigint;
  /** Lists BNB and its market. */
  readonly bnb?: boolean;
  /** Lists a second account, "b", that trades nothing. */
  readonly twoAccounts?: boolean;
}

/** What a request may say beside the order itself. */
export type Terms = Partial<Pick<PlaceRequest, "instrument" | "selfTrade" | "requestExpiresAtUs">>;

export interface Order {
  readonly id: string;
  readonly side: Side;
  readonly price: number;
  readonly size: number;
}

export function exchangeConfig(setup: VenueSetup = {}): EngineConfig {
  const spot = { account: "a", base: "BTC", quote: "USDT", settle: "USDT", tick: "0.01", lot: "0.001" };
  return EngineConfig.parse({
    deskCode: "abc",
    epoch: 1,
    reportingAsset: "USDT",
    assets: [
      { asset: "BTC", decimals: 8 },
      { asset: "USDT", decimals: 8 },
      ...(setup.bnb ? [{ asset: "BNB", decimals: 8 }] : []),
    ],
    accounts: ["a", ...(setup.twoAccounts ? ["b"] : [])].map((account) => ({
      account,
      venue: "v",
      fees: { name: "test", makerFrac: 0.001, takerFrac: 0.002, ...setup.fees },
      amend: setup.amend ?? "in-place",
    })),
    markets: [{ market: "BTC", base: "BTC", reportingQuote: "USDT" }],
    instruments: [
      { ...spot, symbol: "BTC/USDT", kind: "spot", ...setup.instrument },
      { ...spot, symbol: "BTC/USDT:USDT", kind: "linear-perpetual" },
      ...(setup.bnb ? [{ ...spot, symbol: "BNB/USDT", kind: "spot", base: "BNB" }] : []),
    ],
    parameters: [{ scope: { level: "desk" }, name: "capital", value: 1_000 }],
  });
}

/** Calls are numbered: call 1 happens at 1 µs, and so on. Each returns what it alone caused. */
export function createVenue(setup: VenueSetup = {}) {
  const exchange = createExchange({
    config: exchangeConfig(setup),
    accounts: setup.twoAccounts ? [0, 1] : [0],
    assumptions: { keepFills: true, ...setup.assumptions },
  });
  exchange.deposit(0, "USDT", setup.usdtAtoms ?? 10n ** 15n);
  exchange.deposit(0, "BTC", setup.btcAtoms ?? 10n ** 15n);
  if (setup.bnb) exchange.deposit(0, "BNB", setup.bnbAtoms ?? 10n ** 15n);
  let atUs = 0;
  let reports: PrivateReport[] = [];
  let events: PublicEvent[] = [];
  const output = {
    public: (event: PublicEvent): void => void events.push(event),
    private: (_account: number, report: PrivateReport): void => void reports.push(report),
  };
  const call = (run: () => void): PrivateReport[] => {
    atUs++;
    reports = [];
    events = [];
    run();
    return reports;
  };
  const depth = (
    kind: DepthRecord["kind"],
    bids: number[],
    asks: number[],
    instrument = SPOT,
  ): PrivateReport[] =>
    call(() => exchange.applyMarket({ kind, instrument, exchangeAtUs: atUs, bids, asks }, atUs, output));
  const send = (order: PlaceRequest): PrivateReport[] => call(() => exchange.place(0, order, atUs, output));

  return {
    exchange,
    output,
    /** Public events of the last call. */
    events: (): PublicEvent[] => events,
    call,
    now: (): number => atUs,
    /** The next call happens then; time does not go back. */
    moveTo: (us: number): void => void (atUs = Math.max(atUs, us - 1)),
    snapshot: (bids: number[], asks: number[]) => depth("snapshot", bids, asks),
    priceBnb: (bidTicks: number, askTicks: number) =>
      depth("snapshot", [bidTicks, 1], [askTicks, 1], BNB_MARKET),
    delta: (bids: number[], asks: number[]) => depth("delta", bids, asks),
    top: (bids: number[], asks: number[]) => depth("top", bids, asks),
    print: (priceTicks: number, sizeLots: number, aggressor?: Side) =>
      call(() =>
        exchange.applyMarket(
          { kind: "print", instrument: SPOT, exchangeAtUs: atUs, priceTicks, sizeLots, aggressor },
          atUs,
          output,
        ),
      ),
    take: (side: Side, sizeLots: number, limitTicks?: TakeRecord["limitTicks"]) =>
      call(() =>
        exchange.applyMarket(
          { kind: "take", instrument: SPOT, exchangeAtUs: atUs, side, sizeLots, limitTicks },
          atUs,
          output,
        ),
      ),
    channel: (kind: "alive" | "gap") =>
      call(() => exchange.applyMarket({ kind, instrument: SPOT, exchangeAtUs: atUs }, atUs, output)),
    quote: (order: Order, terms?: Terms) =>
      send({ ...request(order, terms), timeInForce: "POST_ONLY", priceTicks: order.price }),
    limit: (order: Order, terms?: Terms) =>
      send({ ...request(order, terms), timeInForce: "GTC", priceTicks: order.price }),
    ioc: (order: Order, terms?: Terms) =>
      send({ ...request(order, terms), timeInForce: "IOC", priceTicks: order.price }),
    fok: (order: Order, terms?: Terms) =>
      send({ ...request(order, terms), timeInForce: "FOK", priceTicks: order.price }),
    market: (order: Omit<Order, "price">, terms?: Terms, timeInForce: "IOC" | "FOK" = "IOC") =>
      send({ ...request(order, terms), timeInForce }),
    amend: (clientId: string, priceTicks: number, sizeLots: number, requestExpiresAtUs = NEVER_US) =>
      call(() =>
        exchange.amend(
          0,
          { type: "amend", account: 0, instrument: SPOT, clientId, priceTicks, sizeLots, requestExpiresAtUs },
          atUs,
          output,
        ),
      ),
    cancel: (clientId: string) =>
      call(() =>
        exchange.cancel(0, { type: "cancel", account: 0, instrument: SPOT, clientId }, atUs, output),
      ),
    cancelAll: () => call(() => exchange.cancelAll(0, atUs, output)),
    balance: (asset: string) => {
      const found = exchange.balances(0).find((b) => b.asset === asset);
      return { total: found?.totalAtoms, held: found?.heldAtoms };
    },
  };
}

export type Venue = ReturnType<typeof createVenue>;

function request({ id, side, size }: Omit<Order, "price">, terms: Terms = {}) {
  return {
    clientId: id,
    instrument: SPOT,
    side,
    sizeLots: size,
    selfTrade: "EXPIRE_TAKER" as const,
    requestExpiresAtUs: NEVER_US,
    ...terms,
  };
}

export function quoteRequest(order: Order): PlaceRequest {
  return { ...request(order), timeInForce: "POST_ONLY", priceTicks: order.price };
}

export const bid = (id: string, price: number, size: number): Order => ({ id, side: "buy", price, size });
export const ask = (id: string, price: number, size: number): Order => ({ id, side: "sell", price, size });

/** Reports in short: `accepted b1`, `fill b1 5@100 maker`, `rejected b1 FILTER`. */
export function brief(reports: readonly PrivateReport[]): string[] {
  return reports.map((r) => {
    switch (r.type) {
      case "orderAccepted":
        return `accepted ${r.clientId}`;
      case "orderRejected":
        return `rejected ${r.clientId} ${r.reason}`;
      case "orderCanceled":
      case "orderExpired":
        return `${r.type === "orderCanceled" ? "canceled" : "expired"} ${r.clientId} filled ${r.filledLots}`;
      case "orderAmended":
        return `amended ${r.clientId} ${r.sizeLots}@${r.priceTicks}`;
      case "amendRejected":
      case "cancelRejected":
        return `${r.type} ${r.clientId} ${r.reason}`;
      case "fill":
        return `fill ${r.clientId} ${r.sizeLots}@${r.priceTicks} ${r.liquidity}`;
    }
  });
}

/** Public events in short: `delta bids 100:5 asks`, `trade 5@100 sell`, `feed alive`. */
export function briefPublic(events: readonly PublicEvent[]): string[] {
  const levels = (flat: readonly number[]): string => {
    const pairs: string[] = [];
    for (let i = 0; i < flat.length; i += 2) pairs.push(` ${flat[i]}:${flat[i + 1]}`);
    return pairs.join("");
  };
  return events.map((e) => {
    switch (e.type) {
      case "book":
        return `${e.kind} bids${levels(e.bids)} asks${levels(e.asks)}`;
      case "trade":
        return `trade ${e.sizeLots}@${e.priceTicks} ${e.aggressor ?? "unknown"}`;
      case "feed":
        return `feed ${e.status}`;
    }
  });
}
