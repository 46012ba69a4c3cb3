/**
 * The market of others on the grid that an instrument has now. A driver goes on in the ticks and lots that it began
 * with; once they differ from the listing's, or the venue's book was voided, each record of depth becomes a snapshot of
 * all that others show: prices away from the spread, sizes down.
 */
import type { Instrument } from "../../../contract/instrument.ts";
import { applyDelta, applySnapshot, createBook, flatLevels } from "../../../core/book/book.ts";
import type { BookSide } from "../../../core/book/book.ts";
import type { DepthRecord, MarketRecord } from "../../ports.ts";

export interface Regrid {
  /** The record as the listing has it; undefined when nothing is left of it. */
  translate(record: MarketRecord): MarketRecord | undefined;
  /** From now on on this grid: the next depth is a snapshot. */
  list(definition: Instrument): void;
}

/** New steps = old steps × up ÷ down. */
interface Ratio {
  readonly up: number;
  readonly down: number;
}

export function createRegrid(driven: Instrument): Regrid {
  const others = createBook();
  let price: Ratio = ratioOf(driven.tick, driven.tick);
  let size: Ratio = ratioOf(driven.lot, driven.lot);
  let isSame = true;
  let isVoid = false;

  const priceOn = (ticks: number, round: (n: number) => number): number =>
    Math.max(1, round((ticks * price.up) / price.down));
  const lotsOn = (lots: number): number => Math.floor((lots * size.up) / size.down);

  function sideOn(side: BookSide): number[] {
    const round = side.direction === 1 ? Math.floor : Math.ceil;
    const merged = new Map<number, number>();
    const levels = flatLevels(side);
    for (let i = 0; i < levels.length; i += 2) {
      const priceTicks = priceOn(levels[i] as number, round);
      merged.set(priceTicks, (merged.get(priceTicks) ?? 0) + (levels[i + 1] as number));
    }
    return [...merged]
      .map(([ticks, lots]) => [ticks, lotsOn(lots)])
      .filter(([, lots]) => lots !== 0)
      .flat() as number[];
  }

  function depthOn(record: DepthRecord): DepthRecord {
    const apply = record.kind === "delta" ? applyDelta : applySnapshot;
    const refusal = apply(others, record.bids, record.asks);
    if (refusal !== undefined) throw new Error(`invariant: a ${record.kind} record of depth is ${refusal}`);
    if (isSame && !isVoid) return record;
    isVoid = false;
    const kind = record.kind === "top" ? "top" : "snapshot";
    return { ...record, kind, bids: sideOn(others.bids), asks: sideOn(others.asks) };
  }

  return {
    translate(record) {
      switch (record.kind) {
        case "snapshot":
        case "delta":
        case "top":
          return depthOn(record);
        case "print": {
          if (isSame) return record;
          const sizeLots = lotsOn(record.sizeLots);
          return sizeLots === 0
            ? undefined
            : { ...record, sizeLots, priceTicks: priceOn(record.priceTicks, Math.round) };
        }
        case "take": {
          if (isSame) return record;
          const { limitTicks } = record;
          const sizeLots = lotsOn(record.sizeLots);
          const round = record.side === "buy" ? Math.floor : Math.ceil;
          return sizeLots === 0
            ? undefined
            : { ...record, sizeLots, limitTicks: limitTicks && priceOn(limitTicks, round) };
        }
        case "alive":
        case "gap":
          return record;
      }
    },
    list(definition) {
      price = ratioOf(driven.tick, definition.tick);
      size = ratioOf(driven.lot, definition.lot);
      isSame = definition.tick === driven.tick && definition.lot === driven.lot;
      isVoid = true;
    },
  };
}

function ratioOf(from: string, to: string): Ratio {
  const decimals = Math.max(decimalsOf(from), decimalsOf(to));
  return { up: unitsOf(from, decimals), down: unitsOf(to, decimals) };
}

function decimalsOf(text: string): number {
  return text.split(".")[1]?.length ?? 0;
}

/** Steps of configurations have few digits: whole numbers that a double holds. */
function unitsOf(text: string, decimals: number): number {
  const [whole = "", fraction = ""] = text.split(".");
  return Number(whole + fraction.padEnd(decimals, "0"));
}
