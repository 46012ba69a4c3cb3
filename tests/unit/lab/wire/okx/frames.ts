/** Frames that the venue itself sent, in May 2022; one a line, in the order in which they came. */
import { readFileSync } from "node:fs";

export interface Frame {
  readonly event?: string;
  readonly action?: "snapshot" | "update";
  readonly arg?: { readonly channel: string; readonly instId: string };
  readonly code?: string;
  readonly data?: readonly Readonly<Record<string, unknown>>[];
}

export const FRAMES: readonly Frame[] = readFileSync(
  new URL("fixtures/frames.jsonl", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Frame);

export function frame(channel: string, action?: Frame["action"]): Frame {
  const found = FRAMES.find(
    (candidate) =>
      candidate.arg?.channel === channel && candidate.event === undefined && candidate.action === action,
  );
  if (found === undefined) throw new Error(`no frame of ${channel}`);
  return found;
}
