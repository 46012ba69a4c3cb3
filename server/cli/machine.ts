/** The judgements behind `doctor`: measurement in, verdict and mend out, without looking at the machine. */
import { STALLED_AFTER_MS } from "../engine/service/storageWatch.ts";

export type Check =
  | { readonly name: string; readonly status: "ok"; readonly found: string }
  | {
      readonly name: string;
      /** Attention: it runs, but not as it should. Fatal: it cannot run. */
      readonly status: "attention" | "fatal";
      readonly found: string;
      readonly mend: string;
    };

const MIB = 2 ** 20;

/** The `engines` field of package.json: tsx and vite need what came with 20.19. */
export const NODE_MIN = { major: 20, minor: 19 } as const;

export function judgeNode(version: string): Check {
  const name = "node";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const enough = major > NODE_MIN.major || (major === NODE_MIN.major && minor >= NODE_MIN.minor);
  if (enough) return { name, status: "ok", found: version };
  const mend = `install Node ${NODE_MIN.major}.${NODE_MIN.minor} or newer (https://nodejs.org)`;
  return { name, status: "fatal", found: version, mend };
}

/** Where the lmdb package brings its own binary; anywhere else it has to be compiled. */
const PREBUILT = [
  "darwin-arm64",
  "darwin-x64",
  "linux-arm",
  "linux-arm64",
  "linux-x64",
  "win32-arm64",
  "win32-x64",
];

export function judgeArchitecture(platform: string, architecture: string): Check {
  const name = "architecture";
  const found = `${platform}-${architecture}`;
  if (PREBUILT.includes(found)) return { name, status: "ok", found };
  const mend = `lmdb has no binary for it: install Python and a C++ compiler, then npm rebuild lmdb`;
  return { name, status: "attention", found, mend };
}

/** One replay and its tools need about this much; below it the system starts to swap or kill. */
const MEMORY_FATAL_BYTES = 256 * MIB;
const MEMORY_WANTED_BYTES = 1_024 * MIB;

export function judgeMemory(availableBytes: number): Check {
  const name = "memory";
  const found = `${mebibytes(availableBytes)} available`;
  if (availableBytes >= MEMORY_WANTED_BYTES) return { name, status: "ok", found };
  const status = availableBytes < MEMORY_FATAL_BYTES ? "fatal" : "attention";
  return {
    name,
    status,
    found,
    mend: `close other programs until ${mebibytes(MEMORY_WANTED_BYTES)} are available`,
  };
}

/** A journal segment grows to 1 GB: room for the one being written and the one after it. */
const DISK_WANTED_BYTES = 2_048 * MIB;
const DISK_FATAL_BYTES = 256 * MIB;

export function judgeDisk(freeBytes: number): Check {
  const name = "disk";
  const found = `${mebibytes(freeBytes)} free`;
  if (freeBytes >= DISK_WANTED_BYTES) return { name, status: "ok", found };
  const status = freeBytes < DISK_FATAL_BYTES ? "fatal" : "attention";
  return { name, status, found, mend: `free disk space until there are ${mebibytes(DISK_WANTED_BYTES)}` };
}

/** Of commits as the journal makes them, one after the other. */
export interface CommitTimes {
  readonly medianMs: number;
  readonly worstMs: number;
}

export function judgeJournal({ medianMs, worstMs }: CommitTimes): Check {
  const name = "journal";
  const found = `durable commit in ${medianMs.toFixed(1)} ms (median), ${worstMs.toFixed(1)} ms at most`;
  if (worstMs < STALLED_AFTER_MS) return { name, status: "ok", found };
  const mend = `the desk pulls its quotes when a commit takes ${STALLED_AFTER_MS} ms: stop what else uses the disk, or keep the data directory on a local solid-state disk`;
  return { name, status: "attention", found, mend };
}

export interface ClockComparison {
  readonly wallAtMs: number;
  /** Elapsed time of the wall clock less that of the monotonic one. */
  readonly driftMs: number;
  /** How much longer than asked a timer slept. */
  readonly oversleptMs: number;
}

/** Any wall clock before this was never set; the repository is younger than that. */
const WALL_MIN_MS = Date.UTC(2025, 0, 1);
/** Slewing moves a clock by 0.5 ms per second at most: more within a third of a second is a step. */
const DRIFT_MAX_MS = 5;
/** A host that holds a process up for this long pulls its quotes late. */
const OVERSLEPT_MAX_MS = 250;

export function judgeClock(clock: ClockComparison): Check {
  const name = "clock";
  const found = `wall against monotonic ${clock.driftMs.toFixed(1)} ms, timer late by ${clock.oversleptMs.toFixed(1)} ms`;
  if (clock.wallAtMs < WALL_MIN_MS) {
    const wall = new Date(clock.wallAtMs).toISOString();
    return {
      name,
      status: "fatal",
      found: `the wall clock says ${wall}`,
      mend: "set the clock, best by NTP",
    };
  }
  if (Math.abs(clock.driftMs) > DRIFT_MAX_MS)
    return {
      name,
      status: "attention",
      found,
      mend: "something steps the wall clock: let NTP slew it instead",
    };
  if (clock.oversleptMs > OVERSLEPT_MAX_MS)
    return { name, status: "attention", found, mend: "the machine is overloaded: stop other work on it" };
  return { name, status: "ok", found };
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}
