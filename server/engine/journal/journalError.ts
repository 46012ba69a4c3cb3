/** The one error of the journal: what an operator can mend, with a code that callers decide on. */
import { statfsSync } from "node:fs";
import { UserError } from "../../contract/errors.ts";

/** What is wrong with a journal that was written. */
export type DamageCode =
  | "TORN_TAIL"
  | "BAD_HASH"
  | "BROKEN_CHAIN"
  | "MISSING_BLOCK"
  | "MISSING_SEGMENT"
  | "BAD_MANIFEST"
  | "UNREADABLE";

export type JournalErrorCode =
  DamageCode | "IN_USE" | "NOT_EMPTY" | "NO_JOURNAL" | "DISK_FULL" | "NOT_WRITABLE";

/** Where the first bad record stands, as far as it is known. */
export interface DamagePlace {
  readonly segment?: number | undefined;
  readonly firstSeq?: number | undefined;
}

export class JournalError extends UserError {
  override readonly name = "JournalError";
  readonly code: JournalErrorCode;
  readonly place: DamagePlace;

  constructor(code: JournalErrorCode, text: string, place: DamagePlace = {}, cause?: unknown) {
    super(text, { cause });
    this.code = code;
    this.place = place;
  }
}

/** Turns a refusal of the operating system while writing into one line. */
export function describeWriteFailure(error: unknown, directory: string): JournalError {
  if (error instanceof JournalError) return error;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT") return diskFull(directory, error);
  const text = error instanceof Error ? error.message : String(error);
  return new JournalError(
    "NOT_WRITABLE",
    `cannot write the journal ${directory} (${text}): check the disk and the access rights`,
    {},
    error,
  );
}

export function diskFull(directory: string, cause?: unknown): JournalError {
  const text = `the disk of the journal ${directory} is full: free some space and start a new run`;
  return new JournalError("DISK_FULL", text, {}, cause);
}

/** Undefined when the file system does not say. */
export function freeBytes(directory: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
