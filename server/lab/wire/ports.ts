/**
 * The border between a venue's protocol and everything behind and around it. A front-end translates one venue's HTTP
 * and WebSocket messages into calls at its core, synchronously; sockets, latency and the faults of the wire are the
 * host's. Orders, accounts and matching are the core's.
 */
import type { Instrument } from "../../contract/instrument.ts";
import type { VenueRefusal } from "../../contract/reasons.ts";
import type { Side } from "../../contract/units.ts";
import type {
  BalanceTruth,
  FeeRates,
  LedgerPage,
  LedgerQuery,
  PlaceRequest,
  PrivateReport,
  PublicEvent,
  SelfTradeMode,
  TreasuryOutcome,
  Withdrawal,
} from "../ports.ts";

/** An instrument as it is listed now: a changed tick, a halt or a delisting replaces the definition. */
export interface Listing {
  readonly instrument: number;
  readonly definition: Instrument;
}

export interface WireKey {
  readonly apiKey: string;
  /** As the venue hands it out: base64 where the venue decodes it before signing. */
  readonly secret: string;
  /** Where the venue has one. */
  readonly passphrase: string;
  /** Position of its account. */
  readonly account: number;
  /** Two keys per account, so that the guard has its own. */
  readonly holder: "desk" | "guard";
  readonly mayTrade: boolean;
  readonly mayWithdraw: boolean;
  /** How far below the highest nonce so far one may still lie, in the client's own units; 0 when absent (Kraken). */
  readonly nonceWindow?: number | undefined;
}

/** An order with all that a venue says of one. Ids are whole numbers as text, unique at the venue. */
export interface OrderRecord {
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly instrument: number;
  readonly side: Side;
  readonly timeInForce: PlaceRequest["timeInForce"];
  readonly selfTrade: SelfTradeMode;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly filledLots: number;
  /** Σ price × size of its fills, in ticks × lots: exact. */
  readonly filledTickLots: bigint;
  readonly status: "OPEN" | "FILLED" | "CANCELED" | "EXPIRED";
  readonly createdAtUs: number;
  readonly updatedAtUs: number;
}

/** A fill as it is kept: `tradeId` is a whole number as text, per instrument and rising. */
export type FillRecord = Extract<PrivateReport, { type: "fill" }>;

export interface FillQuery {
  readonly instrument?: number | undefined;
  readonly venueOrderId?: string | undefined;
  readonly sinceUs?: number | undefined;
  readonly untilUs?: number | undefined;
  /** Only trade ids from this one on. */
  readonly fromTradeId?: string | undefined;
  /** The oldest that match come first, or the newest. */
  readonly order: "oldest" | "newest";
  readonly limit: number;
}

export interface OrderQuery {
  readonly instrument?: number | undefined;
  readonly sinceUs?: number | undefined;
  readonly limit: number;
}

/** How an order is named: by our id or by the venue's. */
export type OrderRef = { readonly clientId: string } | { readonly venueOrderId: string };

export type PlaceOutcome =
  | { readonly ok: true; readonly order: OrderRecord; readonly fills: readonly FillRecord[] }
  | { readonly ok: false; readonly reason: VenueRefusal };

export type AmendOutcome =
  | { readonly ok: true; readonly order: OrderRecord; readonly keptPriority: boolean }
  | { readonly ok: false; readonly reason: VenueRefusal };

export type CancelOutcome =
  { readonly ok: true; readonly order: OrderRecord } | { readonly ok: false; readonly reason: VenueRefusal };

/** What everyone sees of an instrument: flat `[priceTicks, sizeLots, …]`, best first, at most 50 levels a side. */
export interface PublicBook {
  readonly bids: readonly number[];
  readonly asks: readonly number[];
  /** Counts the public changes of this book. */
  readonly updates: number;
}

export interface PublicTrade {
  readonly tradeId: number;
  readonly atUs: number;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly aggressor: Side | undefined;
}

/**
 * One venue behind its protocol. Every call acts at this instant of the venue's clock; what it causes is told to the
 * front-end (`FrontEnd.public`, `FrontEnd.private`) before the call returns, as events overtake answers at venues.
 */
export interface VenueCore {
  readonly venue: string;
  /** By the venue's own clock, which a fault may set wrong. */
  nowUs(): number;
  /** By a clock that nothing sets wrong: for what the venue counts down. */
  steadyUs(): number;
  readonly listings: readonly Listing[];
  /**
   * The definition that an order or a fill was made under: its ticks and lots are of that one, and an instrument whose
   * tick or lot has changed since is listed with another. Nothing that is open is of an older one.
   */
  definitionOf(record: { readonly instrument: number; readonly venueOrderId: string }): Instrument;
  /** Positions of the accounts it serves. */
  readonly accounts: readonly number[];
  /** Positions of assets in the configuration do not matter: names and decimals do. */
  readonly assets: readonly { readonly asset: string; readonly decimals: number }[];
  key(apiKey: string): WireKey | undefined;
  /** Whether entry-tier rate limits are on; only throughput benches lift them. */
  readonly limits: "entry" | "lifted";

  place(account: number, request: PlaceRequest): PlaceOutcome;
  /** In place. `sizeLots` is the total including what was filled. */
  amend(
    account: number,
    ref: OrderRef,
    terms: { readonly priceTicks: number; readonly sizeLots: number },
  ): AmendOutcome;
  cancel(account: number, ref: OrderRef): CancelOutcome;
  /** Others take what is left of the order at its price, now: for the fault of a cancel that comes too late. */
  fillByOthers(account: number, ref: OrderRef): void;
  /** The orders that it ended, as they ended. */
  cancelAll(account: number, instrument?: number): OrderRecord[];

  order(account: number, ref: OrderRef): OrderRecord | undefined;
  openOrders(account: number): OrderRecord[];
  /** Ended and open, newest first; `sinceUs` is of their creation. */
  orders(account: number, query: OrderQuery): OrderRecord[];
  fills(account: number, query: FillQuery): FillRecord[];
  balances(account: number): BalanceTruth[];
  ledger(account: number, query?: LedgerQuery): LedgerPage;
  feeRates(account: number): FeeRates;
  requestWithdrawal(account: number, asset: string, amountAtoms: bigint): TreasuryOutcome;
  endWithdrawal(account: number, withdrawalId: string, status: "CANCELED" | "DONE"): Withdrawal | undefined;
  withdrawals(account: number): Withdrawal[];
  transfer(from: number, to: number, asset: string, amountAtoms: bigint): TreasuryOutcome;

  book(instrument: number): PublicBook;
  /** Newest last, at most 1,000. */
  trades(instrument: number): readonly PublicTrade[];
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Without the query. */
  readonly path: string;
  /** As it stood behind the question mark: signatures cover the text. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: string;
}

/** A socket as the front-end has it. What it sends arrives in order after the latency of its class. */
export interface WireSocket {
  readonly path: string;
  /** As it stood behind the question mark; some venues name streams there. */
  readonly query?: string | undefined;
  send(text: string, kind: "feed" | "report" | "answer"): void;
  close(code: number, reason: string): void;
}

export interface SocketHandler {
  message(text: string): void;
  closed(): void;
}

/** What only the protocol itself can do wrong. Ordered by the control interface; each is over after its time. */
export type ProtocolFault =
  /** The next public book message of the instrument is left out. */
  | { readonly kind: "gap"; readonly instrument: number }
  /** The next book message carries a wrong checksum or sequence, as the venue has it. */
  | { readonly kind: "badChecksum"; readonly instrument: number }
  /** Books are told with bid above ask once. */
  | { readonly kind: "crossedBook"; readonly instrument: number }
  /** The next level that goes is not told as gone; sequence and checksum are those of the true book. */
  | { readonly kind: "ghostLevel"; readonly instrument: number }
  /** Requests are refused as over the limit: a ban, with the venue's headers and codes. */
  | { readonly kind: "ban"; readonly forMs: number }
  /** The same without a ban: the words for one request too many. */
  | { readonly kind: "rateLimited"; readonly forMs: number }
  | { readonly kind: "maintenance"; readonly forMs: number }
  /** The next batch request fails for every second member. */
  | { readonly kind: "partialBatch" }
  /** The next cancel meets an order that was filled at that moment: it is refused as unknown. */
  | { readonly kind: "cancelRace" }
  /** The next order request is answered with the venue's own internal error although it was carried out. */
  | { readonly kind: "internalError" }
  /** The next cancel is refused, and the order stays open. */
  | { readonly kind: "refusedCancel" }
  /** So many requests that place, change or cancel are refused before anything is done: the venue is too busy. */
  | { readonly kind: "overload"; readonly requests: number }
  /** The next login to a private stream is refused, in the words for a trouble of the venue's own. */
  | { readonly kind: "loginRefused" }
  /** Every session of a private stream ends now, in the venue's way, and what it was opened with is void. */
  | { readonly kind: "sessionExpired" };

export interface FrontEnd {
  /**
   * Neither a ban nor a rate limit says when it ends, and clients sit a ban out for a quarter of an hour: no schedule
   * orders them.
   */
  readonly hasOpenBans?: true;
  /** Paths of which `connect` serves sockets; everything else is HTTP. */
  http(request: HttpRequest): HttpAnswer;
  /** Whether the request changes nothing: it may be answered from what was so some time ago. Absent: as GET does. */
  isQuestion?(request: HttpRequest): boolean;
  /** Undefined: no socket is served at this path. */
  connect(socket: WireSocket): SocketHandler | undefined;
  /**
   * Something became public: an own mirror of it is the front-end's business. `core.book` has it already; of a trade
   * the newest of `core.trades` is this one, with its id.
   */
  public(event: PublicEvent): void;
  /** What happened to orders of the account, in order. Refusals are not among it: whoever asked has them as outcome. */
  private(account: number, report: PrivateReport): void;
  /** Money that moved without a trade. */
  moved(account: number, asset: string): void;
  /** A listing was replaced. */
  listed(instrument: number): void;
  /** Called every 10 ms or so of the venue's clock: batches of books, heartbeats, dead-man's switches. */
  tick(): void;
  fault(fault: ProtocolFault): void;
}

export type FrontEndFactory = (core: VenueCore) => FrontEnd;
