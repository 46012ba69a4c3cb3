/** What the desk needs of the machine, measured. The scratch files go; an empty data directory may stay. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { examineDesk } from "./doctorDesk.ts";
import type { Check } from "./machine.ts";
import { judgeArchitecture, judgeClock, judgeCommit, judgeDisk, judgeMemory, judgeNode } from "./machine.ts";

/** Long enough for the clocks to disagree visibly, short enough to wait for. */
const CLOCK_WINDOW_MS = 300;
/** Odd, so that there is a middle; enough that one slow commit does not decide. */
const COMMITS = 21;

/** `home` is the data directory as an absolute path; it need not exist yet. */
export async function examine(home: string): Promise<Check[]> {
  return [
    judgeNode(process.versions.node),
    judgeArchitecture(process.platform, process.arch),
    judgeMemory(process.availableMemory()),
    ...(await examineHome(home)),
    await attempt("msgpackr", "run npm install", tryMsgpackr),
    judgeClock(await compareClocks()),
    ...(await examineDesk(home)),
  ];
}

/** The journal lives under `home`: disk and LMDB are tried on that file system and no other. */
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
      await attempt("lmdb", "run npm install; keep the data directory on a local disk", () =>
        tryLmdb(directory),
      ),
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function tryLmdb(directory: string): Promise<Check> {
  const { open } = await import("lmdb");
  const database = open<{ at: number }, number>({ path: join(directory, "lmdb") });
  try {
    const takenMs: number[] = [];
    for (let at = 0; at < COMMITS; at++) {
      const startedAtMs = performance.now();
      await database.put(at, { at });
      await database.flushed;
      takenMs.push(performance.now() - startedAtMs);
      if (database.get(at)?.at !== at) throw new Error("a committed record does not read back");
    }
    return judgeCommit(takenMs.sort((a, b) => a - b)[(COMMITS - 1) / 2] ?? Number.POSITIVE_INFINITY);
  } finally {
    await database.close();
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
