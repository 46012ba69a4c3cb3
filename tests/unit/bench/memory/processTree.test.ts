import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPss, readTree } from "../../../../server/bench/memory/processTree.ts";
import { sampleMemory } from "../../../../server/bench/memory/sample.ts";

let proc = "";
beforeEach(() => (proc = mkdtempSync(join(tmpdir(), "crossdesk-proc-"))));
afterEach(() => rmSync(proc, { recursive: true }));

function addProcess(pid: number, parent: number, commandLine: string, name = "node"): void {
  mkdirSync(join(proc, String(pid)));
  writeFileSync(join(proc, String(pid), "stat"), `${pid} (${name}) S ${parent} ${pid} ${pid} 0 -1`);
  writeFileSync(join(proc, String(pid), "cmdline"), commandLine.replaceAll(" ", "\0"));
}

describe("readTree", () => {
  it("finds all that descend of a process, whatever their numbers, and names the desk's parts", () => {
    addProcess(900, 1, "node --import tsx server/cli/main.ts start");
    addProcess(30, 900, "/lib/postgres -D /data");
    addProcess(31, 30, "postgres: checkpointer");
    addProcess(950, 900, "node dist/lab.mjs --home /h");
    addProcess(951, 900, "node dist/recorder.mjs --home /h");
    addProcess(952, 900, "next-server (v16.4.6)");
    addProcess(953, 952, "sleep 5");
    addProcess(954, 1, "node of somebody else");
    mkdirSync(join(proc, "sys"));
    expect(new Map(readTree(900, proc).map(({ pid, part }) => [pid, part]))).toEqual(
      new Map([
        [900, "supervisor"],
        [30, "database"],
        [31, "database"],
        [950, "lab"],
        [951, "recorder"],
        [952, "web"],
        [953, "other"],
      ]),
    );
  });

  it("is not misled by a process whose name looks like the rest of its line", () => {
    addProcess(10, 1, "root");
    addProcess(11, 10, "child", "a) S 1 (b");
    expect(readTree(10, proc).map(({ pid }) => pid)).toEqual([10, 11]);
  });

  it("is empty for a process that has ended", () => {
    addProcess(11, 10, "an orphan");
    expect(readTree(10, proc)).toEqual([]);
  });
});

describe("sampleMemory", () => {
  it("adds up the processes of each part, and all of them", () => {
    addProcess(900, 1, "node server/cli/main.ts start");
    addProcess(30, 900, "postgres -D /data");
    addProcess(31, 30, "postgres: checkpointer");
    addProcess(32, 900, "sleep 5");
    for (const [pid, kib] of [
      [900, 10],
      [30, 200],
      [31, 4_000],
    ])
      writeFileSync(join(proc, String(pid), "smaps_rollup"), `Pss:  ${kib} kB\n`);
    const { bytes, byPart } = sampleMemory(900, proc);
    expect(bytes).toBe(4_210 * 1_024);
    expect([...byPart]).toEqual([
      ["supervisor", 10 * 1_024],
      ["database", 4_200 * 1_024],
      ["other", 0],
    ]);
  });
});

describe("readPss", () => {
  it("reads the proportional set size, not the resident one", () => {
    mkdirSync(join(proc, "7"));
    writeFileSync(
      join(proc, "7", "smaps_rollup"),
      "0-f ---p 0 00:00 0 [rollup]\nRss:  9000 kB\nPss:  1234 kB\nPss_Dirty:  5 kB\n",
    );
    expect(readPss(7, proc)).toBe(1_234 * 1_024);
  });

  it("is undefined for a process that has ended", () => {
    expect(readPss(7, proc)).toBeUndefined();
  });

  it("hands on an error that says nothing about the process", () => {
    mkdirSync(join(proc, "7"));
    symlinkSync("smaps_rollup", join(proc, "7", "smaps_rollup"));
    expect(() => readPss(7, proc)).toThrow("ELOOP");
  });

  it.runIf(process.platform === "linux")("measures this very process", () => {
    expect(readTree(process.pid)[0]).toEqual({ pid: process.pid, part: "supervisor" });
    expect(readPss(process.pid)).toBeGreaterThan(1e6);
  });
});
