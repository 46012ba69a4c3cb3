/**
 * One account at the venue: balances, holds and the memory of its orders. A hold always covers what its order
 * can still cost: fees are rounded up over all fills of an order together, never once more per fill.
 */
import { UserError } from "../../contract/errors.ts";
import type { TimeInForce } from "../../contract/effects.ts";
import type { VenueAccount } from "../../contract/instrument.ts";
import type { Side } from "../../contract/units.ts";
import type { BalanceTruth, PrivateReport } from "../ports.ts";
import { feeAtomsOn, paysInBase, rateOf, sizeAtoms, valueAtoms } from "./money.ts";
import type { SpotMoney } from "./money.ts";

export type FillReport = Extract<PrivateReport, { type: "fill" }>;

export interface VenueOrder {
  readonly clientId: string;
  readonly instrument: number;
  readonly side: Side;
  readonly timeInForce: TimeInForce;
  venueOrderId: string;
  priceTicks: number;
  /** Total size including what has been filled. */
  sizeLots: number;
  filledLots: number;
  status: "OPEN" | "FILLED" | "CANCELED";
  /** Lots of others ahead in the level's queue; a fraction where the queue model had to guess. */
  frontLots: number;
  holdAtoms: bigint;
  /** What the fee is charged on and the fee so far, over all fills, in atoms of the fee's asset. */
  feeBasisAtoms: bigint;
  feeAtoms: bigint;
}

interface Holding {
  totalAtoms: bigint;
  heldAtoms: bigint;
}

export interface AccountState {
  readonly index: number;
  readonly terms: VenueAccount;
  readonly makerRate: bigint;
  readonly takerRate: bigint;
  readonly holdings: Map<string, Holding>;
  /** In order of arrival; bounded by the venue's limit of open orders per instrument. */
  readonly open: Map<string, VenueOrder>;
  readonly ended: Map<string, VenueOrder>;
  /** Ids of `ended` in a ring: a Map is slow at giving its oldest key once many were deleted. */
  readonly endedIds: string[];
  endedCount: number;
  readonly fills: FillReport[];
}

/** How far back the venue answers for ended orders and knows their ids: some 20 MB, hours of brisk quoting. */
const ENDED_ORDERS_MAX = 100_000;

export function createAccount(index: number, terms: VenueAccount): AccountState {
  return {
    index,
    terms,
    makerRate: rateOf(terms.fees.makerFrac),
    takerRate: rateOf(terms.fees.takerFrac),
    holdings: new Map(),
    open: new Map(),
    ended: new Map(),
    endedIds: [],
    endedCount: 0,
    fills: [],
  };
}

export function balancesOf(account: AccountState): BalanceTruth[] {
  return [...account.holdings].map(([asset, holding]) => ({ asset, ...holding }));
}

/** A withdrawal is a negative deposit. Throws UserError when it exceeds what is free. */
export function deposit(account: AccountState, asset: string, amountAtoms: bigint): void {
  const holding = holdingOf(account, asset);
  const freeAtoms = holding.totalAtoms - holding.heldAtoms;
  if (freeAtoms + amountAtoms < 0n)
    throw new UserError(
      `${account.terms.account} has ${freeAtoms} free atoms of ${asset}: withdraw no more, or cancel orders first`,
    );
  holding.totalAtoms += amountAtoms;
}

/** What an order with this price and total size still needs to have set aside. */
export function holdNeeded(account: AccountState, money: SpotMoney, order: VenueOrder): bigint {
  if (order.side === "sell") return sizeAtoms(money, remainingLots(order));
  const value = valueAtoms(money, order.priceTicks, remainingLots(order));
  if (paysInBase(account.terms.fees, "buy")) return value;
  const fee = feeAtomsOn(order.feeBasisAtoms + value, rateFor(account, order.timeInForce)) - order.feeAtoms;
  return fee > 0n ? value + fee : value;
}

/** Changes what is set aside for an order; false, and nothing changed, when too little is free. */
export function tryHold(
  account: AccountState,
  money: SpotMoney,
  order: VenueOrder,
  holdAtoms: bigint,
): boolean {
  const holding = holdingOf(account, order.side === "buy" ? money.quote : money.base);
  if (holding.totalAtoms - holding.heldAtoms + order.holdAtoms < holdAtoms) return false;
  holding.heldAtoms += holdAtoms - order.holdAtoms;
  order.holdAtoms = holdAtoms;
  return true;
}

/** Moves the balances for a fill that is already counted in the order, and returns its fee. */
export function settleFill(
  account: AccountState,
  money: SpotMoney,
  fill: { readonly order: VenueOrder; readonly priceTicks: number; readonly sizeLots: number },
): { readonly feeAsset: string; readonly feeAtoms: bigint } {
  const { order } = fill;
  const base = holdingOf(account, money.base);
  const quote = holdingOf(account, money.quote);
  const received = sizeAtoms(money, fill.sizeLots);
  const value = valueAtoms(money, fill.priceTicks, fill.sizeLots);
  const sign = order.side === "buy" ? 1n : -1n;
  base.totalAtoms += sign * received;
  quote.totalAtoms -= sign * value;

  const inBase = paysInBase(account.terms.fees, order.side);
  order.feeBasisAtoms += inBase ? received : value;
  const feeSoFarAtoms = feeAtomsOn(order.feeBasisAtoms, rateFor(account, order.timeInForce));
  const feeAtoms = feeSoFarAtoms - order.feeAtoms;
  order.feeAtoms = feeSoFarAtoms;
  if (inBase) base.totalAtoms -= feeAtoms;
  else quote.totalAtoms -= feeAtoms;

  if (!tryHold(account, money, order, holdNeeded(account, money, order)))
    throw new Error(`invariant: the hold of ${order.clientId} did not cover its fill`);
  return { feeAsset: inBase ? money.base : money.quote, feeAtoms };
}

/** Lets go of the hold and keeps the order for questions and for the refusal of its id. */
export function endOrder(
  account: AccountState,
  money: SpotMoney,
  order: VenueOrder,
  status: "FILLED" | "CANCELED",
): void {
  tryHold(account, money, order, 0n);
  order.status = status;
  account.open.delete(order.clientId);
  account.ended.set(order.clientId, order);
  const slot = account.endedCount++ % ENDED_ORDERS_MAX;
  const forgotten = account.endedIds[slot];
  if (forgotten !== undefined) account.ended.delete(forgotten);
  account.endedIds[slot] = order.clientId;
}

export function remainingLots(order: VenueOrder): number {
  return order.sizeLots - order.filledLots;
}

/** What rests was not allowed to take, and what takes never rests: one rate holds for all fills of an order. */
function rateFor(account: AccountState, timeInForce: TimeInForce): bigint {
  return timeInForce === "IOC" ? account.takerRate : account.makerRate;
}

function holdingOf(account: AccountState, asset: string): Holding {
  let holding = account.holdings.get(asset);
  if (holding === undefined) {
    holding = { totalAtoms: 0n, heldAtoms: 0n };
    account.holdings.set(asset, holding);
  }
  return holding;
}
