/** Worst-case exposure and holds: the only place that changes the sums that the gate judges by. */
import type { Engine, Holding, InstrumentState } from "../state.ts";
import { rebuildOwnLevels } from "./ownLevels.ts";
import { isFinal, worstRemainingLots, type Order } from "./order.ts";

const FEE_SCALE = 1_000_000;

/** Quote atoms that a buy may cost, its fee included, rounded up. */
export function buyCostAtoms(
  inst: InstrumentState,
  priceTicks: number,
  sizeLots: number,
  makerFrac: number,
  takerFrac: number,
): bigint {
  const feePpm = BigInt(Math.ceil(Math.max(0, makerFrac, takerFrac) * FEE_SCALE));
  const notional = BigInt(priceTicks) * BigInt(sizeLots) * inst.quoteAtomsPerTickLot;
  const scale = BigInt(FEE_SCALE);
  return (notional * (scale + feePpm) + scale - 1n) / scale;
}

/** What an order of this side would hold, and of which asset. */
export function holdOf(
  engine: Engine,
  inst: InstrumentState,
  side: Order["side"],
  priceTicks: number,
  sizeLots: number,
): { readonly asset: string; readonly atoms: bigint } {
  if (side === "sell") return { asset: inst.definition.base, atoms: BigInt(sizeLots) * inst.baseAtomsPerLot };
  const fees = engine.config.accounts[inst.account]?.fees;
  if (fees === undefined) throw new Error(`instrument ${inst.index} has no account`);
  return {
    asset: inst.definition.quote,
    atoms: buyCostAtoms(inst, priceTicks, sizeLots, fees.makerFrac, fees.takerFrac),
  };
}

export function holdingOf(engine: Engine, account: number, asset: string): Holding {
  const holding = engine.state.accounts[account]?.holdings.get(asset);
  if (holding === undefined) throw new Error(`account ${account} has no holding of ${asset}`);
  return holding;
}

/** Whether the venue makes an amendment a second order, so that both may fill until it is answered. */
export function amendIsSecondOrder(engine: Engine, order: Order): boolean {
  return engine.config.accounts[order.account]?.amend === "cancel-new";
}

/** Brings the sums in line with the order after any change to it. */
export function refreshExposure(engine: Engine, order: Order): void {
  const inst = engine.state.instruments[order.instrument];
  if (inst === undefined) throw new Error(`order ${order.clientId} names no instrument`);
  const lots = worstRemainingLots(order, amendIsSecondOrder(engine, order));
  const change = lots - order.exposureLots;
  if (change !== 0) {
    order.exposureLots = lots;
    if (order.side === "buy") inst.workingBuyLots += change;
    else inst.workingSellLots += change;
    refreshMarketWorking(engine, inst);
  }
  const price = Math.max(order.priceTicks, order.pendingTicks ?? 0);
  const hold = holdOf(engine, inst, order.side, price, lots);
  if (hold.atoms !== order.heldAtoms) {
    holdingOf(engine, order.account, hold.asset).heldAtoms += hold.atoms - order.heldAtoms;
    order.heldAtoms = hold.atoms;
  }
  if (isFinal(order.status) && lots === 0) {
    const at = inst.live.indexOf(order.clientId);
    if (at >= 0) inst.live.splice(at, 1);
  } else if (!inst.live.includes(order.clientId)) inst.live.push(order.clientId);
  rebuildOwnLevels(engine, inst);
}

/** Sums from the instruments' integers each time, so that no float error can build up. */
function refreshMarketWorking(engine: Engine, inst: InstrumentState): void {
  const market = inst.market === undefined ? undefined : engine.state.markets[inst.market];
  if (market === undefined) return;
  let buy = 0;
  let sell = 0;
  for (const index of market.instruments) {
    const member = engine.state.instruments[index];
    if (member === undefined) continue;
    buy += member.workingBuyLots * member.lotBase;
    sell += member.workingSellLots * member.lotBase;
  }
  market.workingBuyBase = buy;
  market.workingSellBase = sell;
}
