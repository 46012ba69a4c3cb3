/** Balances, baselines and inventory: q_v = balance − baseline, and limits act on q, never on balances. */
import type { Effect } from "../../contract/effects.ts";
import type { TransferEvent } from "../../contract/events.ts";
import { atomsToNumber, scaledToDecimal } from "../decimal.ts";
import { notice } from "../notices.ts";
import { holdingOf } from "../orders/exposure.ts";
import type { AccountState, Engine, Holding, MarketState } from "../state.ts";
import { bringIn } from "./attribution.ts";
import { adjustQuantity } from "./position.ts";
import { reportingAtoms } from "./reporting.ts";

/** Ids of booked transfers, per account; they come a few a day. */
const TRANSFER_IDS_MAX = 10_000;

/** The first balance of an asset at a venue is its baseline: the working stock that inventory is counted from. */
export function openHolding(
  engine: Engine,
  account: number,
  holding: Holding,
  totalAtoms: bigint,
  out: Effect[],
): void {
  holding.balanceAtoms = totalAtoms;
  holding.baselineAtoms = totalAtoms;
  const name = engine.state.accounts[account]?.account ?? "";
  const text = `${scaledToDecimal(totalAtoms, holding.decimals)} ${holding.asset} is the working stock`;
  notice(out, "BASELINE", `${name} ${holding.asset}`, text);
  refreshInventory(engine, account, holding.asset);
}

/** Ours moves with our fills; a balance that the venue has still to tell will include this one. */
export function moveBalance(engine: Engine, account: number, asset: string, byAtoms: bigint): void {
  const holding = holdingOf(engine, account, asset);
  if (holding.balanceAtoms !== undefined) holding.balanceAtoms += byAtoms;
}

/** A deposit or withdrawal moves balance and baseline together: no quote and no P&L changes. */
export function bookTransfer(engine: Engine, event: TransferEvent, out: Effect[]): void {
  const account = engine.state.accounts[event.account];
  if (account === undefined) throw new Error(`a transfer names account ${event.account}: there is none`);
  if (account.transferIds.has(event.transferId)) return;
  account.transferIds.add(event.transferId);
  if (account.transferIds.size > TRANSFER_IDS_MAX)
    for (const oldest of account.transferIds) {
      account.transferIds.delete(oldest);
      break;
    }
  const holding = account.holdings.get(event.asset);
  // An asset that this desk does not trade, or one whose first balance is still to come and will include it.
  if (holding?.balanceAtoms === undefined) return;
  holding.balanceAtoms += event.amountAtoms;
  holding.baselineAtoms += event.amountAtoms;
  const amount = scaledToDecimal(event.amountAtoms, holding.decimals);
  notice(
    out,
    "TRANSFER",
    `${account.account} ${event.asset}`,
    `${amount} ${event.asset} moved the working stock`,
  );
  refreshInventory(engine, event.account, event.asset);
}

/** Moves the working stock of a market's base asset: inventory arrives or leaves at the mark and earns nothing by it. */
export function setBaseline(
  engine: Engine,
  account: AccountState,
  market: MarketState,
  baselineAtoms: bigint,
  out: Effect[],
): void {
  const holding = holdingOf(engine, account.index, market.base);
  const from = scaledToDecimal(holding.baselineAtoms, holding.decimals);
  const to = scaledToDecimal(baselineAtoms, holding.decimals);
  const arrivedAtoms = holding.baselineAtoms - baselineAtoms;
  const arrived = atomsToNumber(arrivedAtoms, holding.decimals);
  bringIn(market.attribution, arrived);
  if (arrivedAtoms !== 0n)
    adjustQuantity(market.position, {
      deltaAtoms: arrivedAtoms,
      valueAtMarkAtoms: reportingAtoms(engine, Math.abs(arrived) * (market.fair ?? 0)),
      atUs: engine.state.nowUs,
    });
  holding.baselineAtoms = baselineAtoms;
  notice(
    out,
    "BASELINE",
    `${account.account} ${market.base}`,
    `working stock moved from ${from} to ${to} ${market.base}`,
  );
  refreshInventory(engine, account.index, market.base);
}

/** Recomputes the cached inventories from exact atoms. */
export function refreshInventory(engine: Engine, account: number, asset: string): void {
  const holding = holdingOf(engine, account, asset);
  const atoms = holding.balanceAtoms === undefined ? 0n : holding.balanceAtoms - holding.baselineAtoms;
  holding.inventoryUnits = atomsToNumber(atoms, holding.decimals);
  const market = holding.market === undefined ? undefined : engine.state.markets[holding.market];
  if (market === undefined) return;
  let total = 0n;
  for (const state of engine.state.accounts) {
    const other = state.holdings.get(asset);
    if (other?.balanceAtoms !== undefined) total += other.balanceAtoms - other.baselineAtoms;
  }
  market.inventoryBase = atomsToNumber(total, holding.decimals);
}
