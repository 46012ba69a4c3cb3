/** One account at the venue: its terms, its ledger, its holds and the memory of its orders. */
import type { AssetSpec, VenueAccount } from "../../contract/instrument.ts";
import type { Side } from "../../contract/units.ts";
import type { BalanceTruth, PlaceRequest, PrivateReport, SelfTradeMode, Withdrawal } from "../ports.ts";
import { createFeeTiers } from "./feeTiers.ts";
import type { FeeTiers } from "./feeTiers.ts";
import { createLedger, holdingOf } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";
import type { SpotMoney } from "./money.ts";

export type FillReport = Extract<PrivateReport, { type: "fill" }>;

export interface VenueOrder {
  readonly clientId: string;
  readonly instrument: number;
  readonly side: Side;
  readonly timeInForce: PlaceRequest["timeInForce"];
  readonly selfTrade: SelfTradeMode;
  venueOrderId: string;
  /** Of a market order the worst price that it walks to. */
  priceTicks: number;
  /** Total size including what has been filled. */
  sizeLots: number;
  filledLots: number;
  /** Σ price × size of its fills, in ticks × lots. */
  filledTickLots: bigint;
  readonly createdAtUs: number;
  /** Of the last thing that happened to it. */
  updatedAtUs: number;
  /** ARRIVING while it takes: only an OPEN order is on its level. EXPIRED is what the venue ended by itself. */
  status: "ARRIVING" | "OPEN" | "FILLED" | "CANCELED" | "EXPIRED";
  /** Lots of others ahead in the level's queue; a fraction where the queue model had to guess. */
  frontLots: number;
  holdAtoms: bigint;
  /** The fee in the order's ordinary asset: exactly, in parts of 1e12 of an atom, and what was charged of it. */
  feeParts: bigint;
  feeAtoms: bigint;
}

export interface AccountState {
  readonly index: number;
  readonly terms: VenueAccount;
  readonly feeTiers: FeeTiers;
  readonly ledger: Ledger;
  /** In order of arrival; bounded by the venue's limit of open orders per instrument. */
  readonly open: Map<string, VenueOrder>;
  readonly ended: Map<string, VenueOrder>;
  /** Client ids of all these by the venue's own id. */
  readonly clientIds: Map<string, string>;
  /** Ids of `ended` in a ring: a Map is slow at giving its oldest key once many were deleted. */
  readonly endedIds: string[];
  readonly endedMax: number;
  endedCount: number;
  readonly fills: FillReport[];
  /** In order of request; treasury.ts bounds it. */
  readonly withdrawals: Map<string, Withdrawal>;
}

/** How far back the venue answers for ended orders and knows their ids: some 40 MB, hours of brisk quoting. */
export const ENDED_ORDERS_MAX = 100_000;

export function createAccount(
  index: number,
  terms: VenueAccount,
  { assets, endedMax }: { readonly assets: readonly AssetSpec[]; readonly endedMax: number },
): AccountState {
  return {
    index,
    terms,
    feeTiers: createFeeTiers(terms.fees, assets),
    ledger: createLedger(),
    open: new Map(),
    ended: new Map(),
    clientIds: new Map(),
    endedIds: [],
    endedMax,
    endedCount: 0,
    fills: [],
    withdrawals: new Map(),
  };
}

export function balancesOf(account: AccountState): BalanceTruth[] {
  return [...account.ledger.holdings].map(([asset, holding]) => ({ asset, ...holding }));
}

/** Changes what is set aside for an order; false, and nothing changed, when too little is free. */
export function tryHold(
  account: AccountState,
  money: SpotMoney,
  order: VenueOrder,
  holdAtoms: bigint,
): boolean {
  const holding = holdingOf(account.ledger, order.side === "buy" ? money.quote : money.base);
  if (holding.totalAtoms - holding.heldAtoms + order.holdAtoms < holdAtoms) return false;
  holding.heldAtoms += holdAtoms - order.holdAtoms;
  order.holdAtoms = holdAtoms;
  return true;
}

/** Lets go of the hold and keeps the order for questions and for the refusal of its id. */
export function endOrder(
  account: AccountState,
  money: SpotMoney,
  order: VenueOrder,
  status: "FILLED" | "CANCELED" | "EXPIRED",
): void {
  tryHold(account, money, order, 0n);
  order.status = status;
  account.open.delete(order.clientId);
  account.ended.set(order.clientId, order);
  const slot = account.endedCount++ % account.endedMax;
  const forgotten = account.endedIds[slot];
  if (forgotten !== undefined) forget(account, forgotten);
  account.endedIds[slot] = order.clientId;
}

function forget(account: AccountState, clientId: string): void {
  const order = account.ended.get(clientId);
  if (order !== undefined) account.clientIds.delete(order.venueOrderId);
  account.ended.delete(clientId);
}

/** Open, or ended not too long ago. */
export function findOrder(account: AccountState, clientId: string): VenueOrder | undefined {
  return account.open.get(clientId) ?? account.ended.get(clientId);
}

export function remainingLots(order: VenueOrder): number {
  return order.sizeLots - order.filledLots;
}
