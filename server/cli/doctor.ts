/** What the desk needs of the machine, measured. The scratch files go; an empty data directory may stay. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { HASH_BYTES, sealBlock } from "../engine/journal/block.ts";
import {
  BlockFileReader,
  BlockFileWriter,
  createBlockIndex,
  createScanBuffer,
} from "../engine/journal/blockFile.ts";
import { examineDatabase } from "./doctorDatabase.ts";
import { examinePagesPort, examinePermissions, examineVenuePorts } from "./doctorDesk.ts";
import type { Check, CommitTimes } from "./machine.ts";
import { judgeArchitecture, judgeClock, judgeDisk, judgeJournal, judgeMemory, judgeNode } from "./machine.ts";

/** Long enough for the clocks to disagree visibly, short enough to wait for. */
const CLOCK_WINDOW_MS = 300;
/** Odd, so that there is a middle; enough that a disk which stalls now and then is seen to. */
const COMMITS = 51;
/** A commit of a desk with few markets, in bytes. */
const COMMIT_BYTES = 4_096;

/** `home` is the data directory as an absolute path; it need not exist yet. */
export async function examine(home: string): Promise<Check[]> {
  return [
    judgeNode(process.versions.node),
    judgeArchitecture(process.platform, process.arch),
    judgeMemory(process.availableMemory()),
    ...(await examineHome(home)),
    await attempt("msgpackr", "run npm install", tryMsgpackr),
    judgeClock(await compareClocks()),
    await examinePagesPort(home),
    ...(await examineVenuePorts(home)),
    await examineDatabase(home, process.env["DATABASE_URL"]),
    ...examinePermissions(home),
  ];
}

/** Journal and simulated accounts live under `home`: they are tried on that file system and no other. */
async function examineHome(home: string): Promise<Check[]> {
  let scratch: string | undefined;
  const writable = await attempt("data directory", `give this user write access to ${home}`, async () => {
    if (!existsSync(home)) await mkdir(home);
    scratch = await mkdtemp(join(home, "doctor-"));
    return { name: "data directory", status: "ok", found: `${home} is writable` };
  });
  if (scratch === undefined) return [writable];
  const directory = scratch;
  try {
    const disk = await statfs(directory);
    return [
      writable,
      judgeDisk(disk.bavail * disk.bsize),
      await attempt("journal", "keep the data directory on a local disk that is well", async () =>
        judgeJournal(await timeCommits(directory)),
      ),
      await attempt("lmdb", "run npm install; keep the data directory on a local disk", () =>
        tryLabStore(directory),
      ),
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** As the journal itself writes, syncs and reads them. */
async function timeCommits(directory: string): Promise<CommitTimes> {
  const path = join(directory, "blocks.log");
  const records = Array.from({ length: COMMITS }, (_, at) =>
    sealBlock({
      prevHash: Buffer.alloc(HASH_BYTES),
      firstSeq: at + 1,
      events: 1,
      effects: 0,
      body: Buffer.alloc(COMMIT_BYTES, at),
    }),
  );
  const takenMs: number[] = [];
  const writer = new BlockFileWriter(path);
  try {
    for (const record of records) {
      const startedAtMs = performance.now();
      await writer.append([record]);
      takenMs.push(performance.now() - startedAtMs);
    }
  } finally {
    await writer.close();
  }
  const reader = new BlockFileReader(path, createBlockIndex(), createScanBuffer());
  try {
    if (!records.every((record, at) => reader.at(at)?.equals(record) === true))
      throw new Error("a committed block does not read back");
  } finally {
    reader.close();
  }
  takenMs.sort((a, b) => a - b);
  return { medianMs: takenMs[(COMMITS - 1) / 2] ?? Infinity, worstMs: takenMs.at(-1) ?? Infinity };
}

/** The simulated venues keep their accounts in LMDB. */
async function tryLabStore(directory: string): Promise<Check> {
  const { openLabStore } = await import("../lab/service/store.ts");
  const store = openLabStore(join(directory, "lab"), ["doctor"], 0);
  try {
    const balances = new Map([["BTC", 2n ** 63n]]);
    store.putBalances("doctor", balances);
    store.commit();
    if (!isDeepStrictEqual(store.balances("doctor"), balances))
      throw new Error("a stored balance does not read back");
    return { name: "lmdb", status: "ok", found: "accounts of simulated venues are stored and read back" };
  } finally {
    await store.close();
  }
}

async function tryMsgpackr(): Promise<Check> {
  const { isNativeAccelerationEnabled, pack, unpack } = await import("msgpackr");
  const value = {
    text: "µ",
    levels: [101, 5, 100, 7],
    atoms: 2n ** 63n - 1n,
    instantUs: 2 ** 53 - 1,
    rate: -0.1,
  };
  if (!isDeepStrictEqual(unpack(pack(value)), value)) throw new Error("a packed record does not read back");
  const decoder = isNativeAccelerationEnabled ? "native" : "JavaScript (slower)";
  return { name: "msgpackr", status: "ok", found: `round trip exact, ${decoder} decoder` };
}

async function compareClocks() {
  const wallAtMs = Date.now();
  const monotonicAtMs = performance.now();
  await new Promise((done) => setTimeout(done, CLOCK_WINDOW_MS));
  const elapsedMs = performance.now() - monotonicAtMs;
  return { wallAtMs, driftMs: Date.now() - wallAtMs - elapsedMs, oversleptMs: elapsedMs - CLOCK_WINDOW_MS };
}

/** A check that cannot be made is a check that failed. */
async function attempt(name: string, mend: string, check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    return { name, status: "fatal", found: error instanceof Error ? error.message : String(error), mend };
  }
}
