import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { registerBacktest } from "../../../server/cli/commands/backtest.ts";
import { buildProgram, runProgram } from "../../../server/cli/program.ts";
import { createRecording } from "../../../server/lab/recording/writer.ts";
import { about, instrument } from "../lab/recording/fixtures.ts";

const home = mkdtempSync(join(tmpdir(), "crossdesk-backtest-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const FROM_US = Date.UTC(2025, 8, 26, 12) * 1e3;

/** A minute of two venues in two currencies, a book a second each, in two stretches. */
const RECORDING = join(home, "recorded");
{
  const x = instrument("x");
  const y = instrument("y", {
    definition: { ...x.definition, account: "y", symbol: "BTC/USD", quote: "USD", settle: "USD" },
  });
  const z = instrument("z", { definition: { ...x.definition, account: "z" } });
  const writer = createRecording(RECORDING, 3);
  for (let second = 0; second <= 60; second++)
    for (const at of [0, 1, 2]) {
      const bid = 1_000_000 + 50 * Math.round(3 * Math.sin(second + at / 10));
      const receivedAtUs = FROM_US + second * 1e6 + at;
      writer.write({
        kind: "snapshot",
        instrument: at,
        receivedAtUs,
        bids: [bid, 500],
        asks: [bid + 100, 500],
      });
    }
  const stretch = { records: 61, instruments: 2 };
  writer.finish({
    ...about([x, y, z]),
    stretches: [
      { ...stretch, fromUs: FROM_US, toUs: FROM_US + 20e6 },
      { ...stretch, fromUs: FROM_US + 20e6, toUs: FROM_US + 60e6 },
    ],
  });
}

let out = "";
let err = "";

beforeEach(() => {
  out = "";
  err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((err += String(text)), true));
});

afterEach(() => vi.restoreAllMocks());

function backtest(...args: string[]): Promise<number> {
  return runProgram(buildProgram([registerBacktest]), ["backtest", "--home", home, ...args]);
}

interface Printed {
  readonly recording: string;
  readonly from: string;
  readonly to: string;
  readonly assumptions: string[];
  readonly stateHash: string;
  readonly eventsPerSecond: number;
}

/** The object alone; whatever was printed before it would not parse. */
async function resultOf(...args: string[]): Promise<Printed> {
  out = "";
  expect({ exitCode: await backtest("--json", "--no-report", ...args), err }).toMatchObject({ exitCode: 0 });
  return JSON.parse(out) as Printed;
}

function settings(name: string, text: string): string {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
}

const DEMO = ["--demo", "--hours", "0.01"];
const RECORDED = ["--recording", RECORDING, "--assume", "USD/USDT=1"];

describe("a wrong call of backtest ends with one line and exit code 2", () => {
  it.each([
    { args: [], says: "say what to run on: --demo, or --recording" },
    { args: ["--demo", "--recording", "x"], says: "--demo and --recording exclude each other" },
    { args: ["--recording", "x", "--hours", "1"], says: "--hours goes with --demo" },
    { args: ["--demo", "--from", "10:00"], says: "--from goes with --recording" },
    { args: ["--demo", "--stretch", "1"], says: "--stretch goes with --recording" },
    { args: ["--demo", "--assume", "USDT/USD=1"], says: "--assume goes with --recording" },
    { args: ["--demo", "--fees", "entry"], says: "--fees goes with --recording" },
    {
      args: ["--recording", "x", "--stretch", "1", "--to", "10:00"],
      says: "--stretch and --from or --to exclude",
    },
    { args: ["--demo", "--capital", "5", "--set", "capital=6"], says: "--capital and --set capital exclude" },
    { args: ["--demo", "--report", "r.html", "--no-report"], says: "give --report or --no-report once" },
    { args: ["--demo", "--hours", "0"], says: "It must be greater than zero" },
    { args: ["--demo", "--hours", "1000"], says: "It must be at most 168" },
    { args: ["--demo", "--seed", "1.5"], says: "It must be a whole number" },
    { args: ["--demo", "--seed", "-1"], says: "It must be a whole number" },
    { args: ["--recording", "x", "--stretch", "0"], says: "It must be a number from 1, or longest" },
    { args: ["--demo", "--capital", "much"], says: "It must be a number" },
    { args: ["--demo", "--latency", "fast"], says: "Allowed choices are zero, colocated, internet" },
    { args: ["--recording", "x", "--fees", "vip"], says: "Allowed choices are entry, maker" },
    { args: ["--demo", "--set", "speed=1"], says: "There is no parameter speed: desk params lists them" },
    { args: ["--demo", "--set", "skewMaxBps=-1"], says: "expected number to be >0" },
    { args: ["--demo", "--set", "model=guess"], says: 'expected one of "glft"' },
    { args: ["--demo", "--set", "obligation=maybe"], says: "expected boolean" },
    { args: ["--demo", "--set", "skewMaxBps"], says: "It must look like name=value" },
    { args: ["--demo", "--set", "pickOffZ=1", "--set", "pickOffZ=2"], says: "pickOffZ is set twice" },
    { args: ["--recording", "x", "--assume", "USDT=1"], says: "It must look like USDT/USD=1" },
    { args: ["--recording", "x", "--assume", "USDT/USD=0"], says: "It must be greater than zero" },
    { args: ["--recording", "x", "--assume", "A/B=1", "--assume", "B/A=1"], says: "is assumed twice" },
    { args: [...RECORDED, "--from", "noon"], says: "--from noon is no instant" },
  ])("$args", async ({ args, says }) => {
    expect(await backtest("--no-report", ...args.filter((arg) => arg !== "--no-report"))).toBe(2);
    expect(err).toContain(says);
    expect(err).toMatch(/^[^\n]+; see --help\n$/);
    expect(out).toBe("");
  });
});

describe("what the operator can mend ends with one line and exit code 1", () => {
  it.each([
    { name: "no such folder", args: ["--recording", join(home, "none")], says: "is no folder" },
    { name: "no such stretch", args: [...RECORDED, "--stretch", "3"], says: "there is no stretch 3" },
    {
      name: "no such file",
      args: [...DEMO, "--config", join(home, "none.json")],
      says: "cannot be read (ENOENT)",
    },
    { name: "a directory", args: [...DEMO, "--config", home], says: "cannot be read (EISDIR)" },
    { name: "no JSON", args: [...DEMO, "--config", settings("cut.json", "{")], says: "cut.json is no JSON:" },
    { name: "a list", args: [...DEMO, "--config", settings("list.json", "[]")], says: "expected object" },
    { name: "an unknown key", args: [...DEMO, "--config", settings("key.json", '{"sed":1}')], says: '"sed"' },
    {
      name: "a value out of bounds",
      args: [...DEMO, "--config", settings("bound.json", '{"parameters":{"skewMaxBps":-4}}')],
      says: "bound.json: parameters.skewMaxBps:",
    },
    {
      name: "a setting that the demo does not read",
      args: [...DEMO, "--config", settings("demo.json", '{"feedLatencyMs":1}')],
      says: "demo.json: feedLatencyMs does nothing with --demo",
    },
    {
      name: "an account that is not there",
      args: [...RECORDED, "--config", settings("stock.json", '{"stock":{"w":{"BTC":"1"}}}')],
      says: "stock.json: there is no account w; there are x, y, z",
    },
    {
      name: "parameters that contradict each other",
      args: [...DEMO, "--set", "orderNotionalPct=20"],
      says: "parameters: desk: one order (20 %) exceeds the asset's limit (10 %)",
    },
    { name: "a report that is a directory", args: [...DEMO, "--report", home], says: "is a directory" },
    {
      name: "a report below a file",
      args: [...DEMO, "--report", join(settings("file", ""), "r.html")],
      says: "is no directory and cannot become one",
    },
  ])("$name", async ({ args, says }) => {
    expect(await backtest(...args)).toBe(1);
    expect(err).toContain(says);
    expect(err).toMatch(/^[^\n]+\n$/);
    expect(out).toBe("");
  });
});

describe("a backtest of the demo", () => {
  it("prints a summary, where the report is, and what to do next", async () => {
    expect(await backtest(...DEMO)).toBe(0);
    expect(out).toMatch(/^demo market, seed 1, 36 s\nperiod {7}2024-01-01 00:00:00 to 00:00:36 UTC, 36 s\n/);
    const path = /\nreport {7}(.*)\nnext {9}/.exec(out)?.[1] ?? "";
    expect(path).toMatch(/reports\/demo-market-seed-1-36-s-[0-9a-f]{8}\.html$/);
    expect(readFileSync(path, "utf8")).toContain("LightweightCharts");
  });

  it("prints with --json the result alone, equal for equal seeds and other for others", async () => {
    const first = await resultOf(...DEMO, "--seed", "7");
    const second = await resultOf(...DEMO, "--seed", "7");
    expect(second).toEqual({ ...first, eventsPerSecond: second.eventsPerSecond });
    expect(first.recording).toBe("demo market, seed 7, 36 s");
    expect((await resultOf(...DEMO, "--seed", "8")).stateHash).not.toBe(first.stateHash);
  });

  it.each([
    ["--latency", "zero"],
    ["--capital", "500000"],
    ["--set", "fillRatePerMinute=7"],
    ["--config", settings("good.json", '{"parameters":{"fillRatePerMinute":7}}')],
  ])("runs otherwise with %s %s", async (...args) => {
    expect((await resultOf(...DEMO, ...args)).stateHash).not.toBe((await resultOf(...DEMO)).stateHash);
  });

  it("lets a flag win over the file", async () => {
    const file = settings("wins.json", '{"seed":9,"parameters":{"skewMaxBps":3,"capital":7}}');
    const flags = ["--seed", "2", "--set", "skewMaxBps=5", "--capital", "200000"];
    const both = await resultOf(...DEMO, "--config", file, ...flags);
    expect(both.stateHash).toBe((await resultOf(...DEMO, ...flags)).stateHash);
  });

  it("writes a journal and says how to verify it", async () => {
    const dir = join(home, "journal");
    expect(await backtest(...DEMO, "--journal", dir, "--no-report")).toBe(0);
    expect(existsSync(dir)).toBe(true);
    expect(out).toContain(`journal verify --journal ${dir}`);
  });

  it("writes the report where it is told, or not at all", async () => {
    const path = join(home, "deep/er/r.html");
    expect(await backtest(...DEMO, "--report", path)).toBe(0);
    expect(out).toContain(`report       ${path}`);
    expect(existsSync(path)).toBe(true);
    mkdirSync(join(home, "clean"));
    expect(await backtest(...DEMO, "--home", join(home, "clean"), "--no-report")).toBe(0);
    expect(readdirSync(join(home, "clean"))).toEqual([]);
  });
});

describe("a backtest of a recording", () => {
  it("covers the stretch or the part of it that was asked for", async () => {
    const whole = await resultOf(...RECORDED);
    expect([whole.from, whole.to]).toEqual(["2025-09-26T11:59:59.980Z", "2025-09-26T12:01:00.000Z"]);
    const stretch = await resultOf(...RECORDED, "--stretch", "longest");
    expect([stretch.from, stretch.to]).toEqual(["2025-09-26T12:00:19.980Z", "2025-09-26T12:01:00.000Z"]);
    const part = await resultOf(...RECORDED, "--from", "12:00:10", "--to", "12:00:30");
    expect([part.from, part.to]).toEqual(["2025-09-26T12:00:09.980Z", "2025-09-26T12:00:30.000Z"]);
  });

  it("prints the rate and the fees that it assumed", async () => {
    const { assumptions } = await resultOf(
      "--recording",
      RECORDING,
      "--assume",
      "USD/USDT=1.001",
      "--fees",
      "entry",
    );
    expect(assumptions).toContain("1 USD is assumed to be 1.001 USDT at all times");
    expect(assumptions.find((text) => text.startsWith("x: "))).toContain("entry tier");
  });
});
