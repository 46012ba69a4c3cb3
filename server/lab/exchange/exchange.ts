/**
 * A simulated venue: routes records to their market and requests to their account. It keeps no clock and
 * draws no random number; equal calls give equal outputs.
 */
import type { EngineConfig } from "../../contract/config.ts";
import { UserError } from "../../contract/errors.ts";
import { createBook } from "../../core/book/book.ts";
import type { Instrument } from "../../contract/instrument.ts";
import type { ExchangeOutput, FeeRates, PlaceRequest, SimulatedExchange, VenueTreasury } from "../ports.ts";
import type { OrderRecord, OrderRef } from "../wire/ports.ts";
import { balancesOf, createAccount, ENDED_ORDERS_MAX, findOrder } from "./account.ts";
import type { AccountState, FillReport, VenueOrder } from "./account.ts";
import { amendOrder } from "./amend.ts";
import { findRoute } from "./conversion.ts";
import type { PricedMarket } from "./conversion.ts";
import { cancelOrder } from "./execution.ts";
import type { Call } from "./execution.ts";
import { ratesAt, volumeAt } from "./feeTiers.ts";
import { publishChanges, publishSnapshot } from "./feed.ts";
import { holdingOf, open, pageOf } from "./ledger.ts";
import { relist } from "./listing.ts";
import { createMarket } from "./market.ts";
import type { InstrumentMarket, MarketRoutes, TradedTotals } from "./market.ts";
import { compileMoney } from "./money.ts";
import { applyRecord } from "./records.ts";
import { cancelOne, placeOrder } from "./requests.ts";
import type { Ids } from "./requests.ts";
import { deposit, endWithdrawal, requestWithdrawal, transfer } from "./treasury.ts";

export interface ExchangeAssumptions {
  /** Exponent n of the queue model; 2 to 3 are usual. */
  readonly queueExponent: number;
  /** Keeps every fill for `fills`; a day of them is more than a backtest wants to hold. */
  readonly keepFills: boolean;
}

const DEFAULT_ASSUMPTIONS: ExchangeAssumptions = { queueExponent: 2, keepFills: false };

export interface ExchangeOptions {
  readonly config: Pick<EngineConfig, "assets" | "accounts" | "instruments">;
  /** Positions in the configuration of the accounts that this venue serves. */
  readonly accounts: readonly number[];
  readonly assumptions?: Partial<ExchangeAssumptions>;
  /** Ended orders of an account that it answers for, and whose ids it refuses; less where a store does it after it. */
  readonly endedMax?: number | undefined;
  /** Ids of orders and of movements of money begin after this: an earlier life of the venue has used the others. */
  readonly lastId?: number | undefined;
}

/** What only the lab can see. */
export interface ExchangeTruth {
  /** Every fill of the account, where `keepFills` is assumed. */
  fills(account: number): readonly FillReport[];
  traded(instrument: number): Readonly<TradedTotals>;
}

/** The whole venue: what a wire front-end serves. Our own desk sends only the orders of SimulatedExchange. */
export interface Exchange extends SimulatedExchange, VenueTreasury, ExchangeTruth {
  place(account: number, order: PlaceRequest, atUs: number, output: ExchangeOutput): void;
  /** Open, or ended not too long ago. */
  order(account: number, ref: OrderRef): OrderRecord | undefined;
  /** In order of arrival; in the middle of a call it says what is so far. */
  openRecords(account: number): OrderRecord[];
  /**
   * Lists an instrument anew. A changed tick or lot, or a delisting, ends its orders and voids its book; a halt
   * leaves orders resting, which nothing fills.
   */
  relist(instrument: number, definition: Instrument, atUs: number, output: ExchangeOutput): void;
  /** Balances that an earlier life of the venue left: before the first entry of the ledger. */
  openBalance(account: number, asset: string, amountAtoms: bigint): void;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const assumptions = { ...DEFAULT_ASSUMPTIONS, ...options.assumptions };
  const { accounts, markets } = build(options, assumptions.queueExponent);
  const { lastId = 0 } = options;
  const ids: Ids = { venueOrders: lastId, treasury: lastId };
  let lastAtUs = 0;

  const accountOf = (index: number): AccountState => accounts[index] ?? notServed("account", index);
  const marketOf = (index: number): InstrumentMarket => markets[index] ?? notServed("instrument", index);
  const marketFor = (account: number, instrument: number): InstrumentMarket => {
    const market = marketOf(instrument);
    if (market.account.index !== account)
      throw new Error(`invariant: instrument ${instrument} is not traded by account ${account}`);
    return market;
  };
  const callAt = (atUs: number, output: ExchangeOutput): Call => {
    lastAtUs = atUs;
    return { atUs, output, keepFills: assumptions.keepFills };
  };

  return {
    applyMarket: (record, atUs, output) =>
      applyRecord(marketOf(record.instrument), record, callAt(atUs, output)),
    place: (account, order, atUs, output) =>
      placeOrder(marketFor(account, order.instrument), order, ids, callAt(atUs, output)),
    amend: (account, amend, atUs, output) =>
      amendOrder(marketFor(account, amend.instrument), amend, ids, callAt(atUs, output)),
    cancel: (account, cancel, atUs, output) =>
      cancelOne(marketFor(account, cancel.instrument), cancel, callAt(atUs, output)),
    cancelAll: (account, atUs, output) => {
      const call = callAt(atUs, output);
      for (const order of [...accountOf(account).open.values()])
        cancelOrder(marketOf(order.instrument), order, call);
      for (const market of markets) if (market?.account.index === account) publishChanges(market, output);
    },
    openOrders: (account) => [...accountOf(account).open.values()].map(viewOf),
    orderStatus: (account, clientId) => {
      const order = findOrder(accountOf(account), clientId);
      if (order === undefined) return { found: false };
      const { venueOrderId, status, priceTicks, sizeLots, filledLots } = recordOf(order);
      return { found: true, venueOrderId, status, priceTicks, sizeLots, filledLots };
    },
    order: (index, ref) => {
      const account = accountOf(index);
      const clientId = "clientId" in ref ? ref.clientId : account.clientIds.get(ref.venueOrderId);
      const order = clientId === undefined ? undefined : findOrder(account, clientId);
      return order === undefined ? undefined : recordOf(order);
    },
    openRecords: (account) => [...accountOf(account).open.values()].map(recordOf),
    relist: (instrument, definition, atUs, output) =>
      relist(marketOf(instrument), definition, options.config.assets, callAt(atUs, output)),
    openBalance: (account, asset, amountAtoms) => open(accountOf(account).ledger, asset, amountAtoms),
    balances: (account) => balancesOf(accountOf(account)),
    deposit: (account, asset, amountAtoms, atUs = lastAtUs) => {
      if (!options.config.assets.some((spec) => spec.asset === asset))
        throw new UserError(`the configuration has no asset ${asset}: add it, or deposit another`);
      deposit(accountOf(account), { asset, amountAtoms, atUs }, ids);
    },
    requestWithdrawal: (account, asset, amountAtoms, atUs) =>
      requestWithdrawal(accountOf(account), { asset, amountAtoms, atUs }, ids),
    endWithdrawal: (account, withdrawalId, status, atUs) =>
      endWithdrawal(accountOf(account), withdrawalId, status, atUs),
    withdrawals: (account) => [...accountOf(account).withdrawals.values()],
    transfer: (from, to, asset, amountAtoms, atUs) =>
      transfer(accountOf(from), accountOf(to), { asset, amountAtoms, atUs }, ids),
    ledger: (account, query) => pageOf(accountOf(account).ledger, query),
    ledgerOpening: (account) => accountOf(account).ledger.opening,
    feeRates: (account, atUs) => feeRatesOf(accountOf(account), atUs),
    snapshot: (instrument, output) => {
      const market = marketOf(instrument);
      // In a gap of the record the book is as void for the venue's subscribers as it was for the recorder.
      if (market.published) publishSnapshot(market, output);
      else output.public({ type: "feed", instrument, status: "gap" });
    },
    fills: (account) => accountOf(account).fills,
    traded: (instrument) => marketOf(instrument).traded,
  };
}

function build(
  { config, accounts: served, endedMax = ENDED_ORDERS_MAX }: ExchangeOptions,
  queueExponent: number,
): {
  readonly accounts: readonly (AccountState | undefined)[];
  readonly markets: readonly (InstrumentMarket | undefined)[];
} {
  const accounts = config.accounts.map((terms, index) =>
    served.includes(index) ? createAccount(index, terms, { assets: config.assets, endedMax }) : undefined,
  );
  const parts = config.instruments.map((definition, instrument) => {
    const account = accounts.find((a) => a?.terms.account === definition.account);
    if (account === undefined) return undefined;
    const money = definition.kind === "spot" ? compileMoney(definition, config.assets) : undefined;
    // Every asset that the account can trade is in its balances from the start.
    for (const asset of [definition.base, definition.quote, definition.settle])
      holdingOf(account.ledger, asset);
    return { instrument, definition, account, money, book: createBook() };
  });
  const markets = parts.map((part) => {
    if (part === undefined) return undefined;
    const priced = parts.flatMap((p) =>
      p?.account === part.account && p.money !== undefined ? [{ book: p.book, money: p.money }] : [],
    );
    return createMarket({ ...part, routes: routesFrom(part.definition.quote, part, priced) }, queueExponent);
  });
  return { accounts, markets };
}

function routesFrom(
  quote: string,
  { account, money }: Pick<InstrumentMarket, "account" | "money">,
  priced: readonly PricedMarket[],
): MarketRoutes {
  const { fees } = account.terms;
  const to = (asset: string | undefined): MarketRoutes["volume"] =>
    asset === undefined || money === undefined
      ? undefined
      : findRoute(priced, quote, asset, `fees of ${account.terms.account}`);
  return { thirdAsset: to(fees.thirdAsset?.asset), volume: to(fees.tiers?.volumeAsset) };
}

function feeRatesOf({ feeTiers }: AccountState, atUs: number): FeeRates {
  const { makerFrac, takerFrac } = ratesAt(feeTiers, atUs);
  const { volumeAsset: asset } = feeTiers;
  return {
    makerFrac,
    takerFrac,
    volume: asset === undefined ? undefined : { asset, atoms: volumeAt(feeTiers, atUs) },
  };
}

function viewOf(order: VenueOrder): ReturnType<SimulatedExchange["openOrders"]>[number] {
  const { clientId, venueOrderId, instrument, side, priceTicks, sizeLots, filledLots } = order;
  return { clientId, venueOrderId, instrument, side, priceTicks, sizeLots, filledLots };
}

/** An order that still arrives is told as open. */
function recordOf(order: VenueOrder): OrderRecord {
  const { clientId, venueOrderId, instrument, side, timeInForce, selfTrade } = order;
  const { priceTicks, sizeLots, filledLots, filledTickLots, status, createdAtUs, updatedAtUs } = order;
  return {
    clientId,
    venueOrderId,
    instrument,
    side,
    timeInForce,
    selfTrade,
    priceTicks,
    sizeLots,
    filledLots,
    filledTickLots,
    status: status === "ARRIVING" ? "OPEN" : status,
    createdAtUs,
    updatedAtUs,
  };
}

function notServed(what: string, index: number): never {
  throw new Error(`invariant: this venue does not serve ${what} ${index}`);
}
