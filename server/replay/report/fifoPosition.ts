/**
 * First-in first-out position of one market in exact atoms, beside the average-cost one of
 * `core/ledger/position.ts`: statements and tax want it. The identity is the same, realised + unrealised =
 * cash + quantity × mark; the two methods differ in what is realised only while a position is open.
 */
import type { PositionTrade } from "../../core/ledger/position.ts";

export interface FifoLot {
  /** Signed, base atoms. */
  readonly quantityAtoms: bigint;
  /** What it cost, reporting-quote atoms, signed like the quantity. */
  readonly costAtoms: bigint;
  readonly openedAtUs: number;
}

export interface FifoPosition {
  /**
   * Oldest first, all of one sign. As many as there are fills without one that closes: a report's fills are
   * bounded.
   */
  readonly lots: FifoLot[];
  /** Gross of fees. */
  realisedAtoms: bigint;
}

export function createFifoPosition(): FifoPosition {
  return { lots: [], realisedAtoms: 0n };
}

export function applyFifoTrade(position: FifoPosition, trade: PositionTrade): void {
  const sign = trade.side === "buy" ? 1n : -1n;
  let quantityAtoms = sign * trade.quantityAtoms;
  let paidAtoms = sign * trade.valueAtoms;
  for (;;) {
    const oldest = position.lots[0];
    if (quantityAtoms === 0n) return;
    if (oldest === undefined || oldest.quantityAtoms > 0n === quantityAtoms > 0n) break;
    const closedAtoms = smaller(magnitude(quantityAtoms), magnitude(oldest.quantityAtoms));
    // The division drops a fraction of an atom, which stays with what is left: nothing is lost.
    const closedPaidAtoms = (paidAtoms * closedAtoms) / magnitude(quantityAtoms);
    const closedCostAtoms = (oldest.costAtoms * closedAtoms) / magnitude(oldest.quantityAtoms);
    position.realisedAtoms -= closedPaidAtoms + closedCostAtoms;
    paidAtoms -= closedPaidAtoms;
    quantityAtoms -= sign * closedAtoms;
    const leftAtoms = oldest.quantityAtoms + sign * closedAtoms;
    if (leftAtoms === 0n) position.lots.shift();
    else
      position.lots[0] = {
        quantityAtoms: leftAtoms,
        costAtoms: oldest.costAtoms - closedCostAtoms,
        openedAtUs: oldest.openedAtUs,
      };
  }
  position.lots.push({ quantityAtoms, costAtoms: paidAtoms, openedAtUs: trade.atUs });
}

/** Reporting-quote atoms, for the worth of the whole quantity at the mark. */
export function fifoUnrealisedAtoms({ lots }: FifoPosition, worthAtMarkAtoms: bigint): bigint {
  return lots.reduce((worth, { costAtoms }) => worth - costAtoms, worthAtMarkAtoms);
}

function magnitude(atoms: bigint): bigint {
  return atoms < 0n ? -atoms : atoms;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
