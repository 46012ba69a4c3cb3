/**
 * Average-cost position of one market in exact atoms, through additions, reductions and flips.
 *
 * Identity, at every instant and to the atom: realised − cost = cash, where cash is what all trades paid in (> 0) or
 * out. So realised + unrealised = cash + quantity × mark, with unrealised = quantity × mark − cost.
 */
import type { Side } from "../../contract/units.ts";

export interface Position {
  /** Signed, base atoms: long > 0. */
  quantityAtoms: bigint;
  /** What the open quantity cost, reporting-quote atoms, signed like the quantity; exactly 0 when flat. */
  costAtoms: bigint;
  /** Gross of fees. */
  realisedAtoms: bigint;
  /** When the position last left flat or changed its sign. */
  openedAtUs: number | undefined;
}

export interface PositionTrade {
  readonly side: Side;
  readonly quantityAtoms: bigint;
  /** Price × quantity in reporting-quote atoms. */
  readonly valueAtoms: bigint;
  readonly atUs: number;
}

export interface QuantityAdjustment {
  /** Signed, base atoms: a fee taken in base is negative. */
  readonly deltaAtoms: bigint;
  /** What |deltaAtoms| is worth at the mark of the instant, reporting-quote atoms. */
  readonly valueAtMarkAtoms: bigint;
  readonly atUs: number;
}

export function createPosition(): Position {
  return { quantityAtoms: 0n, costAtoms: 0n, realisedAtoms: 0n, openedAtUs: undefined };
}

export function applyTrade(position: Position, trade: PositionTrade): void {
  const { quantityAtoms, valueAtoms } = trade;
  if (quantityAtoms <= 0n || valueAtoms < 0n)
    throw new Error(`invariant: a trade of ${quantityAtoms} atoms for ${valueAtoms}`);
  const deltaAtoms = trade.side === "buy" ? quantityAtoms : -quantityAtoms;
  const paidAtoms = trade.side === "buy" ? valueAtoms : -valueAtoms;
  const heldAtoms = magnitude(position.quantityAtoms);
  const reduces = heldAtoms > 0n && position.quantityAtoms > 0n !== deltaAtoms > 0n;

  if (!reduces) {
    if (heldAtoms === 0n) position.openedAtUs = trade.atUs;
    position.costAtoms += paidAtoms;
  } else if (quantityAtoms < heldAtoms) {
    // The division drops a fraction of an atom, which stays in the cost: nothing is lost, and flat takes all of it.
    const closedCostAtoms = (position.costAtoms * quantityAtoms) / heldAtoms;
    position.realisedAtoms -= paidAtoms + closedCostAtoms;
    position.costAtoms -= closedCostAtoms;
  } else {
    const closedPaidAtoms = (paidAtoms * heldAtoms) / quantityAtoms;
    position.realisedAtoms -= closedPaidAtoms + position.costAtoms;
    position.costAtoms = paidAtoms - closedPaidAtoms;
    position.openedAtUs = quantityAtoms === heldAtoms ? undefined : trade.atUs;
  }
  position.quantityAtoms += deltaAtoms;
}

/**
 * A change of quantity that is no trade: a fee (−) or rebate (+) in the base asset, a baseline that moved. It is a
 * trade at the mark whose value the caller books elsewhere (fees −= value), so that fees are worth the same in every
 * view of the P&L and the identity becomes realised − cost = cash + Σ value × (sold ? 1 : −1).
 */
export function adjustQuantity(position: Position, adjustment: QuantityAdjustment): void {
  const { deltaAtoms, valueAtMarkAtoms, atUs } = adjustment;
  applyTrade(position, {
    side: deltaAtoms > 0n ? "buy" : "sell",
    quantityAtoms: magnitude(deltaAtoms),
    valueAtoms: valueAtMarkAtoms,
    atUs,
  });
}

function magnitude(atoms: bigint): bigint {
  return atoms < 0n ? -atoms : atoms;
}
