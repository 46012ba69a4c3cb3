/**
 * Public trades, each told once: a resubscription sends some again, and frames may come twice or out of order. None is
 * merged with another.
 */
import type { VenueEvent } from "../../venue.ts";
import type { LevelGrid } from "./levelGrid.ts";
import type { TradesMessage, VenueTrade } from "./messages.ts";

/** What may come again: venues repeat some 50 trades at most, and reordered frames lie milliseconds apart. */
const REMEMBERED_MAX = 1_024;

interface TradeTapeOptions {
  readonly instrument: number;
  readonly emit: (event: VenueEvent) => void;
}

/** How many trades were left out because their price is not on the grid. */
export interface TapeOutcome {
  readonly offGrid: number;
}

export class TradeTape {
  readonly #options: TradeTapeOptions;
  /** In the order in which they came, the oldest first. */
  readonly #seen = new Set<number>();
  /** The newest id that was forgotten: what is not newer was told, or is history. */
  #forgottenId = -Infinity;

  constructor(options: TradeTapeOptions) {
    this.#options = options;
  }

  hear({ trades, isHistory }: TradesMessage, grid: LevelGrid): TapeOutcome {
    // What happened before we ever listened is nobody's news; after a reconnect it fills the hole.
    const isNews = !isHistory || this.#seen.size > 0;
    let offGrid = 0;
    for (const trade of trades) {
      if (!this.#remember(trade.tradeId) || !isNews) continue;
      if (!this.#tell(trade, grid)) offGrid++;
    }
    return { offGrid };
  }

  #remember(tradeId: number): boolean {
    if (tradeId <= this.#forgottenId || this.#seen.has(tradeId)) return false;
    this.#seen.add(tradeId);
    if (this.#seen.size > REMEMBERED_MAX) {
      const [oldest = 0] = this.#seen;
      this.#seen.delete(oldest);
      this.#forgottenId = Math.max(this.#forgottenId, oldest);
    }
    return true;
  }

  #tell({ price, size, aggressor, venueAtUs }: VenueTrade, grid: LevelGrid): boolean {
    const priceTicks = grid.ticks(price);
    const sizeLots = grid.lots(size);
    if (priceTicks === undefined || priceTicks === 0 || sizeLots === undefined) return false;
    // Less than a lot, left over from a smaller one: there is no size to tell.
    if (sizeLots === 0) return true;
    const { instrument, emit } = this.#options;
    emit({ type: "trade", instrument, venueAtUs, priceTicks, sizeLots, aggressor });
    return true;
  }
}
