import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Log } from "../../../server/host/log.ts";
import { keepAlive, type Child } from "../../../server/supervisor/child.ts";

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

let directory = "";
let child: Child | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "crossdesk-child-"));
});

afterEach(async () => {
  await child?.stop();
  rmSync(directory, { recursive: true, force: true });
});

function start(script: string, deaths: string[], stopWithinMs = 5_000): Child {
  child = keepAlive(
    { name: "test", args: ["-e", script], env: {}, cwd: directory, logDir: directory, stopWithinMs },
    { log: SILENT, nowMs: () => Date.now(), onDeath: (text) => deaths.push(text) },
  );
  return child;
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe("a child that is kept alive", () => {
  it("is started again after it has died, and says how it died", async () => {
    const deaths: string[] = [];
    const started = start("console.log('here'); process.exit(7)", deaths);
    await until(() => started.restarts === 1);
    expect(deaths[0]).toBe("exit code 7; started again in 0.5 s");
    expect(readFileSync(join(directory, "test.log"), "utf8")).toContain("here");
  });

  it("is told to stop by a signal and not started again", async () => {
    const deaths: string[] = [];
    const started = start("process.on('SIGTERM', () => process.exit(0)); setInterval(() => 0, 1e3)", deaths);
    await until(() => started.pid !== undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await started.stop();
    expect([deaths, started.restarts, started.pid]).toEqual([[], 0, undefined]);
  });

  it("is killed when it does not stop in time", async () => {
    const deaths: string[] = [];
    const ignoring = "process.on('SIGTERM', () => 0); console.log('up'); setInterval(() => 0, 1e3)";
    const started = start(ignoring, deaths, 100);
    await until(() => readFileSync(join(directory, "test.log"), "utf8").includes("up"));
    await started.stop();
    expect(started.pid).toBeUndefined();
  });

  it("is tried again when its log cannot be opened any more, and that ends nobody", async () => {
    const deaths: string[] = [];
    const logs = join(directory, "log");
    child = keepAlive(
      {
        name: "test",
        args: ["-e", "setTimeout(() => 0, 50)"],
        env: {},
        cwd: directory,
        logDir: logs,
        stopWithinMs: 5_000,
      },
      { log: SILENT, nowMs: () => Date.now(), onDeath: (text) => deaths.push(text) },
    );
    rmSync(logs, { recursive: true });
    writeFileSync(logs, "");
    await until(() => deaths.length === 2);
    expect(deaths[1]).toMatch(/^E[A-Z]+: .*; started again in 1 s$/);
    rmSync(logs);
    await until(() => child?.pid !== undefined);
  });
});
