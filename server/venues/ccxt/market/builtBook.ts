/** A book made of a snapshot and the deltas behind it. */
import type { BookTrouble } from "./guardedBook.ts";
import { GuardedBook } from "./guardedBook.ts";
import { horizonOf } from "./horizon.ts";
import type { Horizon } from "./horizon.ts";
import type { LevelGrid } from "./levelGrid.ts";
import type { BookMessage } from "./messages.ts";
import type { MarketProtocol } from "./protocols/protocol.ts";

export interface BuiltBook {
  readonly guarded: GuardedBook;
  /** How far down it is known. */
  readonly horizon: Horizon;
  /** Of the newest message that says so. */
  readonly venueAtUs: number | undefined;
}

export interface BookTerms {
  readonly grid: LevelGrid;
  readonly protocol: Pick<MarketProtocol, "bookLevels" | "checksum" | "snapshot">;
}

/** Or why there is none. Deltas that the snapshot has already are passed over. */
export function buildBook(
  snapshot: BookMessage,
  deltas: readonly BookMessage[],
  { grid, protocol }: BookTerms,
): BuiltBook | BookTrouble {
  const { bookLevels: levelsMax, checksum } = protocol;
  const guarded = new GuardedBook({ levelsMax, grid, checksum });
  let { venueAtUs } = snapshot;
  for (const message of [snapshot, ...deltas]) {
    const outcome = guarded.apply(message);
    if (outcome === "old") continue;
    if (outcome !== "applied") return outcome;
    venueAtUs = message.venueAtUs ?? venueAtUs;
  }
  return { guarded, horizon: horizonOf(snapshot, grid, protocol.snapshot?.levelsMax), venueAtUs };
}
