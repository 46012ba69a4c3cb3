/**
 * The borders inside the adapter. A desk has one gateway thread per venue account; in it a public and a private side
 * share nothing but the request budget, so that neither can hold the other up. Both speak engine events.
 */
import type { VenueAccount, Instrument } from "../../contract/instrument.ts";
import type { OrderEffect } from "../../contract/effects.ts";
import type { RequestUse, TradeReads } from "../../contract/views.ts";
import type { VenueEvent } from "../venue.ts";

export const EXCHANGE_IDS = ["binance", "okx", "kraken"] as const;
export type ExchangeId = (typeof EXCHANGE_IDS)[number];

/** Where an account is reached, and as whom. Never logged, never sent anywhere but to a gateway. */
export interface VenueAccess {
  readonly exchange: ExchangeId;
  /**
   * Every URL of the venue becomes `http(s)|ws(s)://ORIGIN/<original host>/<path>` here; absent: the real venue. For a
   * simulated one it names a port on loopback.
   */
  readonly origin?: string | undefined;
  readonly credentials: Credentials | undefined;
  /** A simulated venue that counts no requests, for measuring throughput: then neither do we. */
  readonly limits?: "lifted" | undefined;
  /**
   * The account is only watched, or its switch is on trial: the gateway leaves the dead-man's switch, which cancels
   * everything, alone.
   */
  readonly deadMansSwitch?: "off" | undefined;
  /** The venue's test network, where ccxt knows one. */
  readonly testnet?: true | undefined;
}

export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
  readonly passphrase?: string | undefined;
}

/** An instrument of the desk with its position in the configuration. */
export interface GatewayInstrument {
  readonly index: number;
  readonly definition: Instrument;
}

/** What a gateway thread starts from. */
export interface GatewayOptions {
  /** Position of the account in the configuration. */
  readonly account: number;
  readonly terms: VenueAccount;
  readonly instruments: readonly GatewayInstrument[];
  readonly assets: readonly { readonly asset: string; readonly decimals: number }[];
  readonly deskCode: string;
  readonly access: VenueAccess;
  /** Of engine time, for this thread's own clock. */
  readonly clock:
    { readonly originUs: number; readonly wallOriginUs: number; readonly speed: number } | undefined;
}

export type ToGateway =
  | { readonly type: "send"; readonly effect: OrderEffect; readonly sentAtUs: number }
  | { readonly type: "consumed"; readonly instrument: number }
  /** Finishes cancels that are under way, closes its sockets and ends. */
  | { readonly type: "close" };

export type FromGateway =
  | { readonly type: "events"; readonly events: readonly VenueEvent[] }
  | { readonly type: "connection"; readonly connected: boolean }
  | { readonly type: "budget"; readonly use: RequestUse }
  | { readonly type: "tradeReads"; readonly reads: TradeReads }
  | {
      readonly type: "log";
      readonly level: "info" | "warn" | "error";
      readonly text: string;
      readonly fields: Readonly<Record<string, string | number>>;
    }
  | { readonly type: "closed" };

/** One side of a gateway. */
export interface GatewaySide {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What both sides are given. */
export interface GatewayContext extends GatewayOptions {
  nowUs(): number;
  emit(event: VenueEvent): void;
  connection(connected: boolean): void;
  log(
    level: "info" | "warn" | "error",
    text: string,
    fields?: Readonly<Record<string, string | number>>,
  ): void;
  readonly budget: RequestBudget;
}

/**
 * Higher goes first; a lower class never takes the tokens that are reserved for one above it. "session": what opens the
 * sockets by which orders leave and are heard of, and tells what was missed meanwhile. "list": of the open orders, by
 * which a stop is proven and doubt is settled. "lookup": of a single order.
 */
export type RequestClass = "cancel" | "session" | "hedge" | "amend" | "new" | "list" | "query" | "lookup";

/** The venue's request budget of one account: everything that calls the venue asks here first. */
export interface RequestBudget {
  /**
   * Resolves when a request of this class may leave: when every scope in which it counts has room. Rejects, at once,
   * with a BudgetError when it could not leave within `waitMaxMs`: the request was not sent.
   */
  takeAll(kind: RequestClass, charges: readonly Charge[], waitMaxMs: number): Promise<void>;
  /** What was taken for a request that never left. A window forgets it soon enough: only counters are lowered. */
  giveBack(charges: readonly Charge[]): void;
  /** What the venue's headers say it has counted, of the first scope. */
  observe(usedFrac: number): void;
  /** The venue has refused for its count of this scope: what leaves next waits for as much as it costs itself. */
  full(scope: string): void;
  /** 429, 418 and their kin: nothing but what the venue allows leaves before this. */
  silence(forMs: number, scope?: string): void;
  /**
   * The venue refused a request of these charges as too many, whatever our count says. Of several counters it is taken
   * to be the one that is empty again first: the others would hold back for hours what the venue would take.
   */
  exhausted(charges: readonly Charge[]): void;
  use(): RequestUse;
}

/** A part of what one request costs: weight in one scope, counted per market where one is named. */
export interface Charge {
  readonly scope: string;
  readonly weight: number;
  readonly market?: string | undefined;
  /** Counted by the venue and never refused for it: it leaves however full the counter is. */
  readonly neverWaits?: boolean | undefined;
}
