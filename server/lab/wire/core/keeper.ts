/** What lasts of a venue: told as it happens, and handed back to the venue's next life. */
import type { FillRecord } from "../ports.ts";
import type { ListedVersions } from "./listings.ts";
import type { EarlierRecords } from "./records.ts";

export interface EarlierLives {
  /** What was open is told as it ended. */
  records(account: number): EarlierRecords;
  /** Empty: it is listed as it is configured. */
  listings(instrument: number): ListedVersions;
  /** Ids up to this one are used. */
  readonly lastId: number;
}

/** Told of what must last, as it happens. */
export interface CoreKeeper {
  order(account: number, clientId: string): void;
  fill(account: number, fill: FillRecord): void;
  money(account: number): void;
  listed(instrument: number, versions: ListedVersions): void;
}
