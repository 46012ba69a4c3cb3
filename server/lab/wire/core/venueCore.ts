/**
 * One venue behind its protocol: the exchange, with everything that a venue's clients may ask for kept beside it.
 * What a call causes goes to the front-end before the call returns, and to the keeper that makes it last.
 */
import type { EngineConfig } from "../../../contract/config.ts";
import type { ListingChange } from "../../../contract/labControl.ts";
import type { VenueRefusal } from "../../../contract/reasons.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { ExchangeOutput, MarketRecord, PrivateReport, PublicEvent } from "../../ports.ts";
import type {
  CancelOutcome,
  FillRecord,
  FrontEnd,
  OrderRecord,
  OrderRef,
  PlaceOutcome,
  VenueCore,
  WireKey,
} from "../ports.ts";
import type { CoreKeeper, EarlierLives } from "./keeper.ts";
import { createListings } from "./listings.ts";
import { CLOCK_SKEW_MAX_US, createAccountRecords } from "./records.ts";
import type { AccountRecords, EarlierRecords } from "./records.ts";
import { createTape } from "./tape.ts";

export interface VenueCoreOptions {
  readonly venue: string;
  readonly config: Pick<EngineConfig, "assets" | "accounts" | "instruments">;
  /** Positions of the accounts that it serves. */
  readonly accounts: readonly number[];
  /** Serves these accounts. */
  readonly exchange: Exchange;
  /** The venue's own clock. */
  readonly nowUs: () => number;
  /** The clock of which a fault may set the venue's off; absent: none ever does. */
  readonly steadyUs?: (() => number) | undefined;
  readonly keys: readonly WireKey[];
  readonly limits: "entry" | "lifted";
  /** What earlier lives of the venue did; absent: this is its first. */
  readonly earlier?: EarlierLives | undefined;
  readonly keeper?: CoreKeeper | undefined;
}

/** The core as the lab itself has it: what no client of the venue can do. */
export interface LabCore extends VenueCore {
  /** To whom everything is told from now on, first of all the books that are there. */
  attach(front: FrontEnd): void;
  /** The market of others moves, now: as its driver says, on the grid that the driver knows. */
  applyMarket(record: MarketRecord): void;
  /** The same on the grid of the listing, for what is ordered up. */
  moveMarket(record: MarketRecord): void;
  /** A negative amount leaves at once; a UserError when that is more than is free. */
  deposit(account: number, asset: string, amountAtoms: bigint): void;
  /** Throws a UserError for a definition that cannot be listed. */
  relist(instrument: number, change: ListingChange): void;
}

/** Requests expire at the front-end, which knows what the venue's protocol says of it. */
const NEVER_US = Number.MAX_SAFE_INTEGER;

const NO_RECORDS: EarlierRecords = { orders: [], fills: [] };

export function createVenueCore(options: VenueCoreOptions): LabCore {
  const { config, accounts, exchange, nowUs, steadyUs = nowUs, earlier, keeper } = options;
  const keys = new Map(options.keys.map((key) => [key.apiKey, key]));
  const names = accounts.map((account) => config.accounts[account]?.account);
  const instruments = [...config.instruments.keys()].filter((i) =>
    names.includes(config.instruments[i]?.account),
  );
  const lastId = earlier?.lastId ?? 0;
  const listings = createListings(instruments, config, (instrument) => earlier?.listings(instrument) ?? []);
  const tape = createTape(instruments, lastId);
  const records = new Map<number, AccountRecords>(
    accounts.map((account) => [account, createAccountRecords(earlier?.records(account) ?? NO_RECORDS)]),
  );
  const recordsOf = (account: number): AccountRecords =>
    records.get(account) ?? notServed("account", account);

  let front: FrontEnd | undefined;
  let lastOrderId = lastId;
  /** What the call under way has caused to its own account. */
  let fills: FillRecord[] = [];
  let refusal: VenueRefusal | undefined;

  const output: ExchangeOutput = {
    public(event: PublicEvent) {
      tape.publish(event, nowUs());
      front?.public(event);
    },
    private(account: number, told: PrivateReport) {
      const report = told.type === "fill" ? tape.numbered(told) : told;
      switch (report.type) {
        case "orderRejected":
        case "amendRejected":
        case "cancelRejected":
          refusal = report.reason;
          return;
        case "fill":
          fills.push(report);
          recordsOf(account).addFill(report);
          keeper?.fill(account, report);
          keeper?.money(account);
          break;
        case "orderAccepted":
          recordsOf(account).addOrder(report.clientId);
          lastOrderId = Number(report.venueOrderId);
          break;
        case "orderAmended":
          lastOrderId = Math.max(lastOrderId, Number(report.venueOrderId));
          break;
        case "orderCanceled":
        case "orderExpired":
      }
      keeper?.order(account, report.clientId);
      front?.private(account, report);
    },
  };

  function call(run: () => void): VenueRefusal | undefined {
    fills = [];
    refusal = undefined;
    run();
    return refusal;
  }

  function find(account: number, ref: OrderRef): OrderRecord | undefined {
    return exchange.order(account, ref) ?? recordsOf(account).earlierOrder(ref);
  }

  function known(account: number, clientId: string): OrderRecord {
    return find(account, { clientId }) ?? notServed("order", clientId);
  }

  function isTradedBy(account: number, instrument: number): boolean {
    const name = config.accounts[account]?.account;
    return name !== undefined && config.instruments[instrument]?.account === name;
  }

  function place(account: number, request: Parameters<VenueCore["place"]>[1]): PlaceOutcome {
    const { clientId, instrument } = request;
    if (!isTradedBy(account, instrument)) return { ok: false, reason: "OTHER" };
    if (find(account, { clientId }) !== undefined) return { ok: false, reason: "DUPLICATE_ID" };
    const reason = call(() => exchange.place(account, request, nowUs(), output));
    if (reason !== undefined) return { ok: false, reason };
    const own = fills.filter((fill) => fill.clientId === clientId);
    return { ok: true, order: known(account, clientId), fills: own };
  }

  function cancel(account: number, ref: OrderRef): CancelOutcome {
    const order = find(account, ref);
    if (order?.status !== "OPEN") return { ok: false, reason: "UNKNOWN_ORDER" };
    const { clientId, instrument } = order;
    const reason = call(() =>
      exchange.cancel(account, { type: "cancel", account, instrument, clientId }, nowUs(), output),
    );
    return reason === undefined ? { ok: true, order: known(account, clientId) } : { ok: false, reason };
  }

  function moved(account: number, asset: string): void {
    keeper?.money(account);
    front?.moved(account, asset);
  }

  return {
    venue: options.venue,
    nowUs,
    steadyUs,
    accounts,
    limits: options.limits,
    assets: config.assets,
    get listings() {
      return listings.now();
    },
    definitionOf: ({ instrument, venueOrderId }) => listings.definitionOf(instrument, Number(venueOrderId)),
    key: (apiKey) => keys.get(apiKey),
    place,
    amend(account, ref, { priceTicks, sizeLots }) {
      const order = find(account, ref);
      if (order?.status !== "OPEN") return { ok: false, reason: "UNKNOWN_ORDER" };
      const { clientId, instrument } = order;
      const terms = { account, instrument, clientId, priceTicks, sizeLots, requestExpiresAtUs: NEVER_US };
      const reason = call(() => exchange.amend(account, { type: "amend", ...terms }, nowUs(), output));
      if (reason !== undefined) return { ok: false, reason };
      const amended = known(account, clientId);
      const keptPriority =
        amended.status === "OPEN" &&
        amended.venueOrderId === order.venueOrderId &&
        priceTicks === order.priceTicks &&
        sizeLots <= order.sizeLots;
      return { ok: true, order: amended, keptPriority };
    },
    cancel,
    fillByOthers(account, ref) {
      const order = find(account, ref);
      if (order?.status !== "OPEN") return;
      const { instrument, side, priceTicks } = order;
      const { bids, asks } = tape.book(instrument);
      // Everything that stands before it and at its price, so that its turn comes.
      const sizeLots = lotsUpTo(side === "buy" ? bids : asks, priceTicks, side === "buy" ? -1 : 1);
      const take = { kind: "take", instrument, exchangeAtUs: nowUs(), limitTicks: priceTicks } as const;
      call(() =>
        exchange.applyMarket({ ...take, side: side === "buy" ? "sell" : "buy", sizeLots }, nowUs(), output),
      );
    },
    cancelAll(account, instrument) {
      const open = exchange
        .openRecords(account)
        .filter((order) => instrument === undefined || order.instrument === instrument);
      return open.flatMap(({ clientId }) => {
        const outcome = cancel(account, { clientId });
        return outcome.ok ? [outcome.order] : [];
      });
    },
    order: find,
    openOrders: (account) => exchange.openRecords(account),
    orders(account, { instrument, sinceUs = -Infinity, limit }) {
      const found: OrderRecord[] = [];
      for (const order of newestFirst(account)) {
        if (found.length >= limit) break;
        if (order.createdAtUs < sinceUs - CLOCK_SKEW_MAX_US) break;
        if (instrument !== undefined && order.instrument !== instrument) continue;
        if (order.createdAtUs >= sinceUs) found.push(order);
      }
      return found;
    },
    fills: (account, query) => recordsOf(account).fills(query),
    balances: (account) => exchange.balances(account),
    ledger: (account, query) => exchange.ledger(account, query),
    feeRates: (account) => exchange.feeRates(account, nowUs()),
    requestWithdrawal(account, asset, amountAtoms) {
      const outcome = exchange.requestWithdrawal(account, asset, amountAtoms, nowUs());
      if (outcome.ok) moved(account, asset);
      return outcome;
    },
    endWithdrawal(account, withdrawalId, status) {
      const ended = exchange.endWithdrawal(account, withdrawalId, status, nowUs());
      if (ended !== undefined) moved(account, ended.asset);
      return ended;
    },
    withdrawals: (account) => exchange.withdrawals(account),
    transfer(from, to, asset, amountAtoms) {
      const outcome = exchange.transfer(from, to, asset, amountAtoms, nowUs());
      if (outcome.ok) for (const account of [from, to]) moved(account, asset);
      return outcome;
    },
    book: (instrument) => tape.book(instrument),
    trades: (instrument) => tape.trades(instrument),

    attach(attached) {
      front = attached;
      for (const instrument of instruments) {
        const { bids, asks, updates } = tape.book(instrument);
        if (updates > 0) front.public({ type: "book", instrument, kind: "snapshot", bids, asks });
      }
    },
    applyMarket(record) {
      const translated = listings.translate(record);
      if (translated !== undefined) call(() => exchange.applyMarket(translated, nowUs(), output));
    },
    moveMarket: (record) => void call(() => exchange.applyMarket(record, nowUs(), output)),
    deposit(account, asset, amountAtoms) {
      exchange.deposit(account, asset, amountAtoms, nowUs());
      moved(account, asset);
    },
    relist(instrument, change) {
      const definition = listings.changed(instrument, change);
      call(() => exchange.relist(instrument, definition, nowUs(), output));
      const versions = listings.list(instrument, definition, lastOrderId);
      keeper?.listed(instrument, versions);
      front?.listed(instrument);
    },
  };

  function* newestFirst(account: number): Iterable<OrderRecord> {
    for (const clientId of recordsOf(account).clientIds()) {
      const order = exchange.order(account, { clientId });
      if (order !== undefined) yield order;
    }
    yield* recordsOf(account).earlierOrders();
  }
}

function notServed(what: string, which: string | number): never {
  throw new Error(`invariant: this venue has no ${what} ${which}`);
}

/** Lots at prices up to this one, in the order of a side's levels: down for bids (−1), up for asks (1). */
function lotsUpTo(levels: readonly number[], priceTicks: number, direction: 1 | -1): number {
  let lots = 0;
  for (let i = 0; i < levels.length; i += 2)
    if (direction * ((levels[i] ?? 0) - priceTicks) <= 0) lots += levels[i + 1] ?? 0;
  return lots;
}
