/**
 * What differs from exchange to exchange, and nothing else: how an instance is set up, what a request looks like on
 * the socket and over REST, how answers, private frames and errors read, and what requests cost. Texts of numbers are
 * the venue's own; ticks, lots and our ids are the gateway's business.
 */
import type { PlaceEffect } from "../../../contract/effects.ts";
import type { VenueRefusal } from "../../../contract/reasons.ts";
import type { Liquidity, Side } from "../../../contract/units.ts";
import type { CcxtClient, CcxtInstance } from "../gateway/ccxt.ts";
import type { RestAnswer } from "../gateway/instance.ts";
import type { Charge, ExchangeId } from "../ports.ts";

export interface Exchange {
  readonly id: ExchangeId;
  /** Options of ccxt's constructor, beside those that every instance gets. */
  readonly instanceOptions: Readonly<Record<string, unknown>>;
  /** Replaces what of this exchange's ccxt class does not fit. */
  prepare?(instance: CcxtInstance): void;
  /** One order changed in place, or a cancel and a new order in one request, under a new client id. */
  readonly amend: "in-place" | "cancel-new";
  /** A request must reach the venue so long before it expires, for the venue to take its expiry at all. */
  readonly requestLifeMinMs: number;
  /** How a private REST call may overtake another: where nonces must arrive in order, it may not. */
  readonly privateCalls: "concurrent" | "one-at-a-time";
  readonly entry: EntryProtocol;
  readonly reads: ReadProtocol;
  readonly limits: Limits;
  /** First match wins: what the venue's own codes mean, where ccxt's classes say too little or the wrong thing. */
  readonly errorRows: readonly ErrorRow[];
  /** The error codes in an answer, most telling first. */
  errorsOf(answer: unknown): readonly VenueError[];
  /**
   * What a frame of the private stream says of orders and fills; undefined when it is none. `symbolOf` gives ccxt's
   * symbol of a market's id.
   */
  readPrivate(message: unknown, symbolOf: SymbolOf): readonly PrivateNote[] | undefined;
  /** Whether a message says that the private stream is subscribed: nothing is missed from here on. */
  confirmsPrivate(message: unknown): boolean;
  /** It begins with the newest trades: what was missed in the second before need not be asked for. */
  readonly streamBeginsWithTrades?: boolean;
  /** The number of a private frame, where each is one more than the last: a gap is a loss. */
  sequenceOf?(message: unknown): number | undefined;
  /** What shows that a quiet socket is alive: frames of the protocol, or messages that answer ccxt's pings. */
  readonly heartbeat: "frames" | "messages";
  /** The venue cancels everything when it has not heard this again in time; absent where it has no such switch. */
  deadMansSwitch?(timeoutSeconds: number): RepeatableRequest;
}

export type SymbolOf = (marketId: string) => string | undefined;

export interface VenueError {
  readonly code: string;
  readonly text: string;
}

/** What an error says of the request that caused it. */
export type Verdict =
  /** The order does not exist and never will by this request. */
  | { readonly kind: "refused"; readonly reason: VenueRefusal }
  /** Not placed either, for a passing reason. */
  | { readonly kind: "later"; readonly because: "clock" | "rate" | "maintenance" | "unreachable" }
  | { readonly kind: "unknown" }
  | { readonly kind: "placed" }
  /** Not placed, and nothing will be before a person has looked: keys, permissions, a blocked account. */
  | { readonly kind: "halt" };

export interface ErrorRow {
  readonly code: string;
  /** Must occur in the venue's text, where one code has several meanings. */
  readonly text?: string;
  readonly verdict: Verdict;
}

export interface RestCall {
  /** ccxt's implicit method. */
  readonly endpoint: string;
  readonly params: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];
}

/** A request for the entry socket, all but its id. */
export type SocketFrame = Readonly<Record<string, unknown>>;

interface OrderTerms {
  readonly symbol: string;
  readonly marketId: string;
  /** The market as the venue lists it. */
  readonly marketInfo: Readonly<Record<string, unknown>>;
  /** In the venue's form: the revision included, where amendments make new orders. */
  readonly clientId: string;
  /** By the venue's clock. */
  readonly nowMs: number;
  readonly expiresAtMs: number;
}

export interface PlaceTerms extends OrderTerms, Pick<PlaceEffect, "side" | "timeInForce" | "selfTrade"> {
  readonly price: string;
  readonly size: string;
}

export interface AmendTerms extends PlaceTerms {
  /** Of the order that takes its place, where an amendment makes a new one. */
  readonly newClientId: string;
}

export type CancelTerms = Pick<OrderTerms, "symbol" | "marketId" | "marketInfo"> & {
  readonly clientId: string | undefined;
  readonly venueOrderId: string | undefined;
};

export interface EntryProtocol {
  /** Connects and logs in; what frames must carry from then on. Rejects when it cannot. */
  open(instance: CcxtInstance): Promise<EntrySession>;
  place(terms: PlaceTerms): EntryRequest;
  amend(terms: AmendTerms): EntryRequest;
  cancel(terms: CancelTerms): EntryRequest;
  /** The whole frame, signed where frames are. */
  frame(instance: CcxtInstance, session: EntrySession, request: SocketFrame, id: number): unknown;
  /** Undefined when the message answers no request of ours. */
  readAnswer(message: unknown): EntryAnswer | undefined;
  /** What an answer that is no error says of the order, by socket or REST. */
  readOrder(answer: unknown): RawOrderNews;
  /** What remains of an amendment that failed half-way; undefined when the order was not touched. */
  readHalfAmended?(answer: unknown): HalfAmended | undefined;
  /** Ends all orders of an account. Calls that may leave at once, or one that needs the list of open orders first. */
  readonly cancelAll:
    | { readonly kind: "calls"; calls(marketIds: readonly string[]): readonly RepeatableRequest[] }
    | {
        readonly kind: "listed";
        readonly batchMax: number;
        batch(orders: readonly ListedOrder[]): RepeatableRequest;
      };
}

export interface EntrySession {
  readonly client: CcxtClient;
  readonly token?: string | undefined;
}

export interface EntryRequest {
  readonly socket: SocketFrame;
  readonly rest: RestCall;
}

/** What does no harm when it arrives twice. */
export interface RepeatableRequest {
  /** Absent where the venue takes it over REST alone. */
  readonly socket?: SocketFrame | undefined;
  readonly rest: RestCall;
}

export interface EntryAnswer {
  readonly id: number;
  readonly ok: boolean;
  /** The result, or the error with its codes. */
  readonly body: unknown;
}

export interface ListedOrder {
  readonly marketId: string;
  readonly venueOrderId: string;
}

export interface HalfAmended {
  /** The old order was canceled. Its fills until then. */
  readonly filled: string;
  /** Why there is no new one; undefined: nobody knows. */
  readonly errors: readonly VenueError[];
}

export type OrderStatus = "OPEN" | "FILLED" | "CANCELED" | "EXPIRED" | "REJECTED";

/** What a message says of an order; what it does not say is undefined. Sizes are of this revision alone. */
export interface RawOrderNews {
  readonly clientId?: string | undefined;
  readonly venueOrderId?: string | undefined;
  readonly side?: Side | undefined;
  readonly status?: OrderStatus | undefined;
  readonly price?: string | undefined;
  readonly size?: string | undefined;
  readonly filled?: string | undefined;
  /** Of the order whose place it took. */
  readonly replacedFilled?: string | undefined;
  /** Why the venue itself ended it, where that is a refusal told late. */
  readonly refusal?: VenueRefusal | undefined;
}

/** An order as it is listed. */
export interface RawOrder {
  readonly symbol: string;
  readonly marketId: string;
  /** "" where its owner gave none. */
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly side: Side;
  readonly status: OrderStatus;
  readonly price: string;
  readonly size: string;
  readonly filled: string;
}

export interface RawFill {
  readonly symbol: string;
  readonly tradeId: string;
  readonly venueOrderId: string;
  /** Where the venue says it. */
  readonly clientId: string | undefined;
  readonly side: Side;
  readonly price: string;
  readonly size: string;
  readonly liquidity: Liquidity;
  readonly venueAtMs: number;
  readonly feeAsset: string;
  /** Cost > 0. */
  readonly fee: string;
  /** In other assets, where a trade carries several. */
  readonly otherFees?: readonly { readonly asset: string; readonly fee: string }[] | undefined;
}

export type PrivateNote =
  | { readonly type: "fill"; readonly fill: RawFill }
  | { readonly type: "order"; readonly symbol: string; readonly news: RawOrderNews };

export interface EndedOrdersPage {
  readonly orders: readonly RawOrder[];
  /** Where the next page begins; undefined: what was on none of them, and is not open, the venue does not know. */
  readonly next: string | undefined;
}

export interface ReadProtocol {
  /** All symbols of the account. */
  openOrders(instance: CcxtInstance): Promise<readonly RawOrder[]>;
  /** One order by its client id or the venue's; undefined: the venue knows none. */
  order(instance: CcxtInstance, ref: OrderRef): Promise<RawOrder | undefined>;
  /**
   * Ended ones of those placed since an instant of the venue's, newest first, where one question answers for all
   * symbols. A page costs what the list of open ones does.
   */
  endedOrders?(instance: CcxtInstance, sinceMs: number, next?: string): Promise<EndedOrdersPage>;
  /**
   * At most fifty orders by the venue's ids, open and ended; what it does not know is left out. Costs what the list of
   * open ones does.
   */
  ordersByIds?(instance: CcxtInstance, venueOrderIds: readonly string[]): Promise<readonly RawOrder[]>;
  /**
   * The newest orders of a symbol, ended ones included, as many as the venue gives at once; they may lag. Costs what a
   * list of trades does.
   */
  recentOrders?(instance: CcxtInstance, marketId: string): Promise<readonly RawOrder[]>;
  /** Totals as text by asset. */
  balances(instance: CcxtInstance): Promise<ReadonlyMap<string, string>>;
  /** Whether trades must be asked for symbol by symbol. */
  readonly tradesPerSymbol: boolean;
  /** Trades from an instant on, or the next page after one. In any order. */
  trades(instance: CcxtInstance, query: TradesQuery): Promise<TradesPage>;
}

export interface OrderRef {
  readonly symbol: string;
  readonly marketId: string;
  readonly clientId?: string | undefined;
  readonly venueOrderId?: string | undefined;
}

export interface TradesQuery {
  /** Where trades are asked for by symbol. */
  readonly symbol: string | undefined;
  readonly marketId: string | undefined;
  readonly sinceMs: number;
  /** As the page before gave it. */
  readonly next: string | undefined;
}

export interface TradesPage {
  readonly fills: readonly RawFill[];
  /** Undefined: that was all. */
  readonly next: string | undefined;
}

/** How a venue counts requests. */
export type LimitScope = {
  readonly name: string;
  /** Neither orders nor cancels count here: nothing has to be kept free for them. */
  readonly isForReads?: boolean | undefined;
  /**
   * Cancels count and are never refused for it: nothing is kept free for them, nor for the guard, which only cancels.
   */
  readonly cancelsPass?: boolean | undefined;
} &
  /** At most so much within any time of this length. */
  (
    | { readonly kind: "window"; readonly limit: number; readonly windowMs: number }
    /** A counter that requests raise and time lowers. */
    | { readonly kind: "decay"; readonly limit: number; readonly perSecond: number }
  );

export type ReadKind =
  "order" | "openOrders" | "balances" | "trades" | "time" | "book" | "terms" | "token" | "deadMan";

export interface Limits {
  /**
   * What the venue says of its own count is about the first. Charges that name a market are counted market by market.
   */
  readonly scopes: readonly LimitScope[];
  entry(kind: "place" | "amend" | "cancel" | "cancelAll", order: ChargedOrder): readonly Charge[];
  read(kind: ReadKind): readonly Charge[];
  /** What headers and errors say of the venue's own count. */
  observe(answer: RestAnswer): LimitNews | undefined;
  /** The same, of a frame of the entry socket. */
  observeFrame?(message: unknown, nowMs: number): LimitNews | undefined;
}

export interface ChargedOrder {
  readonly marketId: string;
  /** Since it was placed or amended; 0 for a new one. */
  readonly ageMs: number;
}

export interface LimitNews {
  /** Of the first scope. */
  readonly usedFrac?: number | undefined;
  /** Its count of this one is as high as it may be; it goes down as the scope says. */
  readonly fullScope?: string | undefined;
  /** How long nothing may leave. */
  readonly silenceMs?: number | undefined;
  /** What the silence is about; absent: everything. */
  readonly scope?: string | undefined;
}
