/** After the faults: the desk must have come to rest, and its books must be the exchanges' to the atom. */
import { atomsToNumber } from "../../core/decimal.ts";
import type { Engine } from "../../core/state.ts";
import { isFinal } from "../../core/orders/order.ts";
import type { SimulatedExchange } from "../../lab/ports.ts";
import { readPnl } from "../../core/pnl.ts";
import type { TrueFill } from "./orderTruth.ts";
import type { Violation, ViolationCode } from "./violation.ts";

export interface BooksTruth {
  readonly exchanges: readonly SimulatedExchange[];
  readonly fills: readonly { readonly account: number; readonly fill: TrueFill }[];
  /** Balances at the start and what transfers moved since, by account. */
  readonly broughtIn: readonly ReadonlyMap<string, bigint>[];
}

/** Sums of floats, relative to turnover: models, "P&L attribution". */
const PNL_TOLERANCE_FRAC = 1e-9;

/** `hasBreak`: the desk has shown a break at the account, which then may stay observe-only. */
export function findUnsettled(
  engine: Engine,
  exchanges: readonly SimulatedExchange[],
  hasBreak: (account: string) => boolean,
): Violation[] {
  const { state } = engine;
  const found = new Findings(state.nowUs, "NOT_SETTLED");
  for (const { index, account, status, seal, holdings } of state.accounts) {
    if (status !== "READY" && !hasBreak(account)) found.add(`${account} is ${status}`);
    if (seal?.clearedAtUs === undefined) found.add(`${account} is not cleared`);
    if (seal?.sealedAtUs === undefined) found.add(`${account} is not sealed`);
    for (const { clientId } of exchanges[index]?.openOrders(index) ?? [])
      found.add(`${account} still has ${clientId} open`);
    for (const { asset, heldAtoms } of holdings.values())
      if (heldAtoms !== 0n) found.add(`${heldAtoms} atoms of ${asset} are held at ${account}`);
  }
  for (const order of state.orders.values())
    if (!isFinal(order.status) || order.exposureLots !== 0)
      found.add(`${order.clientId} is ${order.status} with ${order.exposureLots} lots reserved`);
  for (const { definition, workingBuyLots, workingSellLots, live } of state.instruments)
    if (workingBuyLots !== 0 || workingSellLots !== 0 || live.length > 0)
      found.add(
        `${definition.account} ${definition.symbol} reserves ${workingBuyLots} and ${workingSellLots} lots`,
      );
  return found.list;
}

export function compareBooks(engine: Engine, truth: BooksTruth): Violation[] {
  const { state } = engine;
  const found = new Findings(state.nowUs, "BOOKS");
  for (const { index, account, holdings } of state.accounts)
    for (const { asset, totalAtoms } of truth.exchanges[index]?.balances(index) ?? []) {
      const ours = holdings.get(asset)?.balanceAtoms;
      if (ours !== totalAtoms)
        found.add(`${asset} at ${account}: ours ${ours}, the venue's ${totalAtoms} atoms`);
    }
  if (state.counts.fills !== truth.fills.length)
    found.add(`${state.counts.fills} fills booked, ${truth.fills.length} happened`);
  comparePositions(engine, truth, found);
  comparePnl(engine, truth, found);
  return found.list;
}

/** Quantity of each market's position against the fills themselves. */
function comparePositions(engine: Engine, { fills }: BooksTruth, found: Findings): void {
  const { state } = engine;
  for (const market of state.markets) {
    let atoms = 0n;
    for (const { fill } of fills) {
      const inst = state.instruments[fill.instrument];
      if (inst?.market !== market.index) continue;
      const lots = BigInt(fill.side === "buy" ? fill.sizeLots : -fill.sizeLots);
      atoms += lots * inst.baseAtomsPerLot - (fill.feeAsset === market.base ? fill.feeAtoms : 0n);
    }
    if (market.position.quantityAtoms !== atoms)
      found.add(
        `position of ${market.market}: ours ${market.position.quantityAtoms}, fills make ${atoms} atoms`,
      );
  }
}

/** What trading changed at the exchanges, at the desk's own marks and rates, against its P&L. */
function comparePnl(engine: Engine, { exchanges, broughtIn }: BooksTruth, found: Findings): void {
  const { state, config } = engine;
  let worth = 0;
  for (const account of config.accounts.keys())
    for (const { asset, totalAtoms } of exchanges[account]?.balances(account) ?? []) {
      const changeAtoms = totalAtoms - (broughtIn[account]?.get(asset) ?? 0n);
      if (changeAtoms === 0n) continue;
      const price = state.markets.find(({ base }) => base === asset)?.fair ?? state.rates.get(asset)?.value;
      if (price === undefined) return found.add(`${asset} was traded and has no price`);
      const decimals = config.assets.find((spec) => spec.asset === asset)?.decimals ?? 0;
      worth += atomsToNumber(changeAtoms, decimals) * price;
    }
  const { total } = readPnl(engine);
  if (!(Math.abs(total - worth) <= 1e-6 + PNL_TOLERANCE_FRAC * state.counts.volumeReporting))
    found.add(`P&L is ${total}, and the accounts are worth ${worth} more`);
}

class Findings {
  readonly list: Violation[] = [];
  readonly #atUs: number;
  readonly #code: ViolationCode;

  constructor(atUs: number, code: ViolationCode) {
    this.#atUs = atUs;
    this.#code = code;
  }

  add(what: string): void {
    this.list.push({ atUs: this.#atUs, code: this.#code, what });
  }
}
