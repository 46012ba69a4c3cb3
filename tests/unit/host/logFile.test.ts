import { spawn } from "node:child_process";
import type * as Fs from "node:fs";
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import {
  LOG_FILE_BYTES_MAX,
  openLogFile,
  rotateLogFile,
  watchLogFile,
} from "../../../server/host/logFile.ts";
import { eventually } from "../../support/eventually.ts";

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof Fs>();
  return { ...fs, copyFileSync: vi.fn<typeof fs.copyFileSync>(fs.copyFileSync) };
});

const fail = (error: unknown): never => {
  throw error;
};

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "crossdesk-log-"));
  path = join(directory, "log", "child.log");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const read = (file: string): string => readFileSync(file, "utf8");

describe("a log file", () => {
  it("is left alone while it is small, or not there", () => {
    expect(rotateLogFile(path)).toBe(false);
    const file = openLogFile(path, fail);
    writeSync(file, "small\n");
    closeSync(file);
    expect(rotateLogFile(path)).toBe(false);
    expect(read(path)).toBe("small\n");
  });

  it("is put aside when it is full, and whoever has it open goes on in the empty one", () => {
    const file = openLogFile(path, fail);
    writeSync(file, "first ".repeat(10));
    expect(rotateLogFile(path, 10)).toBe(true);
    writeSync(file, "second ".repeat(10));
    expect(rotateLogFile(path, 10)).toBe(true);
    writeSync(file, "third");
    closeSync(file);
    expect([read(path), read(`${path}.1`)]).toEqual(["third", "second ".repeat(10)]);
  });

  it("is emptied under a child that goes on writing to it", async () => {
    const file = openLogFile(path, fail);
    const script = "setInterval(() => console.log('here'), 5)";
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", file, file] });
    onTestFinished(() => void child.kill("SIGKILL"));
    closeSync(file);
    for (let rotated = 0; rotated < 3;) {
      if (rotateLogFile(path, 20)) rotated += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    // Written at its new end: no hole of zeros where the old one was.
    await eventually(() => expect(statSync(path).size).toBeGreaterThan(0));
    expect(read(path)).toMatch(/^(here\n)+$/);
  });

  it("that was full before is put aside when it is opened", () => {
    closeSync(openLogFile(path, fail));
    writeFileSync(path, Buffer.alloc(LOG_FILE_BYTES_MAX + 1, "x"));
    closeSync(openLogFile(path, fail));
    expect([statSync(path).size, statSync(`${path}.1`).size]).toEqual([0, LOG_FILE_BYTES_MAX + 1]);
  });

  it("is kept small while it is watched, and what goes wrong is said", () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const failures: unknown[] = [];
    closeSync(openLogFile(path, fail));
    const stop = watchLogFile(path, (error) => void failures.push(error));
    writeFileSync(path, Buffer.alloc(LOG_FILE_BYTES_MAX + 1, "x"));
    vi.advanceTimersByTime(60_000);
    expect(statSync(path).size).toBe(0);
    rmSync(join(directory, "log"), { recursive: true });
    writeFileSync(join(directory, "log"), "");
    vi.advanceTimersByTime(60_000);
    expect(failures.length).toBeGreaterThan(0);
    const before = failures.length;
    stop();
    vi.advanceTimersByTime(60_000);
    expect(failures).toHaveLength(before);
  });

  it("makes room on a full disk instead of a copy, and goes on", () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    vi.mocked(copyFileSync).mockImplementationOnce(() => {
      throw full;
    });
    const file = openLogFile(path, fail);
    writeFileSync(`${path}.1`, "older");
    writeSync(file, "first ".repeat(10));
    expect(rotateLogFile(path, 10)).toBe(true);
    writeSync(file, "second");
    closeSync(file);
    expect([read(path), existsSync(`${path}.1`)]).toEqual(["second", false]);
  });

  it("is opened although it could not be put aside, and that is said", () => {
    closeSync(openLogFile(path, fail));
    writeFileSync(path, Buffer.alloc(LOG_FILE_BYTES_MAX + 1, "x"));
    mkdirSync(`${path}.1`);
    const failures: unknown[] = [];
    closeSync(openLogFile(path, (error) => void failures.push(error)));
    expect(failures).toHaveLength(1);
    expect(statSync(path).size).toBe(LOG_FILE_BYTES_MAX + 1);
    expect(existsSync(`${path}.1.new`)).toBe(false);
  });
});
