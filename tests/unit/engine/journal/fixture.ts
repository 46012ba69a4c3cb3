import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { EngineConfig } from "../../../../server/contract/config.ts";
import type { Effect } from "../../../../server/contract/effects.ts";
import type { EngineEvent } from "../../../../server/contract/events.ts";
import type { JournalOptions } from "../../../../server/engine/journal/commitQueue.ts";
import type { RunStart } from "../../../../server/engine/journal/manifest.ts";
import { firstSeqOf } from "../../../../server/engine/journal/block.ts";
import { BLOCKS_FILE, snapshotPath } from "../../../../server/engine/journal/segment.ts";
import { createJournal } from "../../../../server/engine/journal/writer.ts";

export const CONFIG = EngineConfig.parse({
  deskCode: "abc",
  epoch: 1,
  reportingAsset: "USD",
  assets: [
    { asset: "USD", decimals: 2 },
    { asset: "BTC", decimals: 8 },
  ],
  accounts: [
    { account: "lab", venue: "lab", fees: { name: "entry", makerFrac: 0, takerFrac: 0.001 }, amend: "none" },
  ],
  markets: [{ market: "BTC", base: "BTC", reportingQuote: "USD" }],
  instruments: [
    {
      account: "lab",
      symbol: "BTC/USD",
      kind: "spot",
      base: "BTC",
      quote: "USD",
      settle: "USD",
      tick: "0.01",
      lot: "0.0001",
    },
  ],
  parameters: [{ scope: { level: "desk" }, name: "spreadMultiplier", value: 1.5 }],
});

export const START: RunStart = {
  runId: "run-1",
  what: "backtest",
  codeVersion: "test",
  config: CONFIG,
  seed: 7,
  startedAtUs: 1_700_000_000_000_000,
};

export const STATE_HASH = "ab".repeat(32);

/** A book event of about 100 bytes; different for every number. */
export function eventAt(seq: number): EngineEvent {
  return {
    type: "book",
    atUs: 1_700_000_000_000_000 + seq,
    instrument: 0,
    kind: "delta",
    bids: [6_500_000 - seq, 12, 6_499_000, 7],
    asks: [6_500_010 + seq, 5],
  };
}

/** One notice with every third event. */
export function effectsAt(seq: number, textLength = 8): Effect[] {
  const text = `event ${seq}`.padEnd(textLength, ".");
  return seq % 3 === 0 ? [{ type: "notice", code: "PARAMETERS", scope: "desk", text }] : [];
}

export interface WriteOptions extends JournalOptions {
  readonly events?: number;
  /** Events between two flushes, and so in each block. */
  readonly perBlock?: number;
  /** Length of each notice: what makes a journal large. */
  readonly textLength?: number;
  readonly snapshotsAt?: readonly number[];
  /** False: the run stays unfinished. */
  readonly ends?: boolean;
}

/** Enough for several segments. */
export const SEGMENTED: WriteOptions = {
  events: 300,
  perBlock: 4,
  textLength: 8_000,
  segmentBytesMax: 256 * 1024,
};

/** Writes events 1 to `events` into a new directory and closes the journal. */
export async function writeJournal(options: WriteOptions = {}): Promise<string> {
  const { events = 60, perBlock = 10, textLength, snapshotsAt = [], ends = true } = options;
  const directory = temporaryDirectory();
  const writer = createJournal(directory, START, options);
  const flushes: Promise<void>[] = [];
  for (let seq = 1; seq <= events; seq++) {
    writer.append(eventAt(seq), effectsAt(seq, textLength));
    // Seals a block; its commit is awaited with all others, or each would cost a sync of the disk.
    if (seq % perBlock === 0) flushes.push(writer.flush());
    if (snapshotsAt.includes(seq)) writer.putSnapshot(seq, Buffer.from(`state after ${seq}`));
  }
  await Promise.all(flushes);
  await writer.close(ends ? { stateHash: STATE_HASH } : undefined);
  return directory;
}

/** Gone with the test that asks for it. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "crossdesk-journal-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

interface Records {
  get(key: number): Buffer | undefined;
  put(key: number, value: Buffer): void;
  remove(key: number): void;
}

/** Reaches below the journal, as damage does. */
export function alterRecords(
  segment: string,
  name: "blocks" | "snapshots",
  alter: (records: Records) => void,
): void {
  if (name === "snapshots")
    return alter({
      get: (key) =>
        existsSync(snapshotPath(segment, key)) ? readFileSync(snapshotPath(segment, key)) : undefined,
      put: (key, value) => writeFileSync(snapshotPath(segment, key), value),
      remove: (key) => rmSync(snapshotPath(segment, key)),
    });
  const path = join(segment, BLOCKS_FILE);
  const blocks = readBlocks(readFileSync(path));
  alter({
    get: (key) => blocks.get(key),
    put: (key, value) => void blocks.set(key, value),
    remove: (key) => void blocks.delete(key),
  });
  const inOrder = [...blocks].sort(([a], [b]) => a - b);
  writeFileSync(path, Buffer.concat(inOrder.flatMap(([, record]) => [lengthOf(record), record])));
}

/** By the number of their first event. */
function readBlocks(file: Buffer): Map<number, Buffer> {
  const blocks = new Map<number, Buffer>();
  for (let at = 0; at < file.length;) {
    const record = Buffer.from(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
    blocks.set(firstSeqOf(record), record);
    at += 8 + record.length;
  }
  return blocks;
}

function lengthOf({ length }: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(length, 0);
  header.writeUInt32BE(~length >>> 0, 4);
  return header;
}
