/** Our own orders as the venue's public book may show them now: what is taken out before anything is priced. */
import type { Engine, InstrumentState } from "../state.ts";
import { isFinal, type Order } from "./order.ts";

/** The public feed may trail the private answer by this much; until then a moved order may still be shown. */
const GHOST_US = 500_000;

/** Per instrument; a quote that moves four times a second on two sides stays below it. */
const GHOSTS_MAX = 32;

/** Remembers what an order showed before it moved, shrank or ended. */
export function addGhost(engine: Engine, order: Order, sizeLots: number): void {
  const inst = engine.state.instruments[order.instrument];
  if (inst === undefined || order.role !== "quote" || sizeLots <= 0) return;
  inst.ghosts.push({
    side: order.side,
    priceTicks: order.priceTicks,
    sizeLots,
    untilUs: engine.state.nowUs + GHOST_US,
  });
  if (inst.ghosts.length > GHOSTS_MAX) inst.ghosts.shift();
  rebuildOwnLevels(engine, inst);
}

/** Forgets ghosts whose time is over; true when any went. */
export function dropGhosts(engine: Engine, inst: InstrumentState): boolean {
  const before = inst.ghosts.length;
  if (before === 0) return false;
  inst.ghosts = inst.ghosts.filter((ghost) => ghost.untilUs > engine.state.nowUs);
  if (inst.ghosts.length === before) return false;
  rebuildOwnLevels(engine, inst);
  return true;
}

export function rebuildOwnLevels(engine: Engine, inst: InstrumentState): void {
  const bids: MutableLevels = { priceTicks: [], remainingLots: [] };
  const asks: MutableLevels = { priceTicks: [], remainingLots: [] };
  for (const id of inst.live) {
    const order = engine.state.orders.get(id);
    if (order === undefined || order.role !== "quote" || isFinal(order.status)) continue;
    const side = order.side === "buy" ? bids : asks;
    addLevel(side, order.priceTicks, order.sizeLots - order.filledLots);
    // Either half of an unconfirmed amendment may be what is shown.
    if (order.pendingTicks !== undefined && order.pendingTicks !== order.priceTicks)
      addLevel(side, order.pendingTicks, (order.pendingLots ?? order.sizeLots) - order.filledLots);
  }
  for (const ghost of inst.ghosts)
    addLevel(ghost.side === "buy" ? bids : asks, ghost.priceTicks, ghost.sizeLots);
  inst.ownBids = bids;
  inst.ownAsks = asks;
}

interface MutableLevels {
  readonly priceTicks: number[];
  readonly remainingLots: number[];
}

function addLevel(levels: MutableLevels, priceTicks: number, sizeLots: number): void {
  levels.priceTicks.push(priceTicks);
  levels.remainingLots.push(sizeLots);
}
