/** The processes of a desk and their share of the machine's memory, from Linux's /proc. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../contract/errors.ts";

export interface TreeProcess {
  readonly pid: number;
  /** What it is to the desk. */
  readonly part: string;
}

/** The process and all that descend of it; empty when it has ended. */
export function readTree(rootPid: number, proc = "/proc"): TreeProcess[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync(proc)) {
    const pid = Number(entry);
    const parent = Number.isInteger(pid) ? parentOf(pid, proc) : undefined;
    if (parent === undefined) continue;
    const siblings = children.get(parent) ?? [];
    children.set(parent, siblings);
    siblings.push(pid);
  }
  if (parentOf(rootPid, proc) === undefined) return [];
  const found = [rootPid];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found.map((pid) => ({ pid, part: pid === rootPid ? "supervisor" : partOf(pid, proc) }));
}

/**
 * Proportional set size in bytes: pages that several processes share count once, in parts. Undefined when the
 * process has ended. Throws a UserError when this user may not read it.
 */
export function readPss(pid: number, proc = "/proc"): number | undefined {
  const rollup = readEnded(join(proc, String(pid), "smaps_rollup"));
  const kib = /^Pss:\s+(\d+) kB$/m.exec(rollup ?? "")?.[1];
  return kib === undefined ? undefined : Number(kib) * 1_024;
}

function parentOf(pid: number, proc: string): number | undefined {
  // The name before it is in parentheses and may hold anything, parentheses included.
  const stat = readEnded(join(proc, String(pid), "stat"));
  const parent = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
  return parent === undefined ? undefined : Number(parent);
}

/** By the command line, which Next replaces by a title. */
const PARTS = {
  lab: /dist\/lab\.mjs/,
  recorder: /dist\/recorder\.mjs/,
  web: /^next-server|next\/dist\/bin\/next/,
  database: /postgres/,
  build: /esbuild/,
};

function partOf(pid: number, proc: string): string {
  const commandLine = readEnded(join(proc, String(pid), "cmdline"))?.replaceAll("\0", " ") ?? "";
  return Object.entries(PARTS).find(([, pattern]) => pattern.test(commandLine))?.[0] ?? "other";
}

/** Undefined for a process that has ended while we looked. */
function readEnded(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    if (code === "EACCES" || code === "EPERM")
      throw new UserError(`${path} cannot be read: measure as the user who runs the desk, or as root`);
    throw error;
  }
}
