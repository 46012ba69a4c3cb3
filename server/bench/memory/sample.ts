import { readPss, readTree } from "./processTree.ts";

/** What a desk takes of the machine at one moment, in bytes of PSS. */
export interface MemorySample {
  readonly bytes: number;
  readonly byPart: ReadonlyMap<string, number>;
}

/** Of the process and all that descend of it; 0 when it has ended. Throws a UserError when this user may not look. */
export function sampleMemory(rootPid: number, proc = "/proc"): MemorySample {
  const byPart = new Map<string, number>();
  let bytes = 0;
  for (const { pid, part } of readTree(rootPid, proc)) {
    const pss = readPss(pid, proc) ?? 0;
    byPart.set(part, (byPart.get(part) ?? 0) + pss);
    bytes += pss;
  }
  return { bytes, byPart };
}
