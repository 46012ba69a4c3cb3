/** Real threads with a stand-in for the engine; the host's own time is fake and moves only when a test says so. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LogFields } from "../../../server/host/log.ts";
import { hostEngine, type EngineHost } from "../../../server/supervisor/engineHost.ts";

/** Threads begin, speak and end in real time. */
const realTimeout = globalThis.setTimeout;

let root = "";
let host: EngineHost | undefined;
let timesAsked = 0;
let told: { readonly text: string; readonly fields: LogFields | undefined }[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "crossdesk-engine-"));
  mkdirSync(join(root, "dist"));
  told = [];
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
});

afterEach(async () => {
  const stopped = host?.stop("the test is over");
  pass(12);
  await stopped;
  host = undefined;
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

const IMPORTS = `import { appendFileSync, existsSync, readFileSync } from "node:fs";
  import { parentPort, workerData } from "node:worker_threads";
  const path = (name) => workerData.home + "/" + name;
  const every = (work) => setInterval(work, 5);
  const beat = () => parentPort.postMessage({ type: "heartbeat", atMs: 0 });
  const started = () => parentPort.postMessage({ type: "started", epoch: 1 });
  const spin = () => { for (;;); };
  appendFileSync(path("lives"), "x");`;

function start(script: string): void {
  writeFileSync(join(root, "dist", "engine.mjs"), `${IMPORTS}\n${script}\n`);
  const tell = (text: string, fields?: LogFields): void => void told.push({ text, fields });
  host = hostEngine({
    root,
    home: root,
    log: { info: tell, warn: tell, error: tell },
    nowMs: () => {
      timesAsked += 1;
      return Date.now();
    },
  });
}

/** Of the host's time; nothing of a thread is heard meanwhile. */
function pass(seconds: number): void {
  vi.advanceTimersByTime(seconds * 1_000);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => realTimeout(resolve, 2));
}

const lives = (): number =>
  existsSync(join(root, "lives")) ? readFileSync(join(root, "lives"), "utf8").length : 0;

/** While its time stands still the host looks at it for one reason: a thread has spoken. */
async function heard(messages: number): Promise<void> {
  const before = timesAsked;
  await until(() => timesAsked >= before + messages);
}

const HANGS = { text: "the engine hangs and is ended" };
const HANGS_AT_START = { text: "the engine hangs at its start and is ended" };
const againIn = (againInMs: number) => ({
  text: "the engine ended and is started again",
  fields: { code: 1, againInMs },
});

describe("the engine's watchdog", () => {
  it.each([
    { how: "spins", script: "started(); beat(); spin();" },
    { how: "is silent", script: "started(); beat(); every(() => 0);" },
  ])("ends a thread that beats and then $how, and starts another", async ({ script }) => {
    start(script);
    await heard(2);
    pass(4);
    expect(told).toEqual([]);
    pass(2);
    expect(told).toMatchObject([HANGS]);
    await until(() => told.length === 2);
    expect(told[1]).toEqual(againIn(500));
    expect(lives()).toBe(1);
    pass(0.5);
    await until(() => lives() === 2);
  });

  it("ends a thread that never beats, after a minute", async () => {
    start("spin();");
    await until(() => lives() === 1);
    pass(59);
    expect(told).toEqual([]);
    pass(1);
    expect(told).toMatchObject([HANGS_AT_START]);
    await until(() => told.length === 2);
    pass(0.5);
    await until(() => lives() === 2);
    pass(59);
    expect(told).toHaveLength(2);
    pass(2);
    expect(told).toMatchObject([HANGS_AT_START, againIn(500), HANGS_AT_START]);
  });

  it("waits for one that takes long to start and says that it goes on", async () => {
    start("every(beat);");
    for (let minutes = 0; minutes < 3; minutes += 1) {
      await heard(1);
      pass(59);
    }
    expect(told).toEqual([]);
  });

  it("leaves one alone that beats", async () => {
    start("started(); every(beat);");
    for (let times = 0; times < 10; times += 1) {
      await heard(2);
      pass(4);
    }
    expect(told).toEqual([]);
  });

  it("does not count the time in which its own thread stood still", async () => {
    start("started(); every(() => 0);");
    await heard(1);
    vi.setSystemTime(Date.now() + 3_600_000);
    pass(5);
    expect(told).toEqual([]);
    pass(1);
    expect(told).toMatchObject([HANGS]);
  });
});

describe("an engine that dies", () => {
  it("is started again after longer and longer waits, and after a short one when it had lived well", async () => {
    start(
      `if (readFileSync(path("lives")).length === 7) every(() => existsSync(path("go")) && process.exit(1));
       else process.exit(1);`,
    );
    const waitsMs = [500, 1_000, 2_000, 4_000, 8_000, 10_000];
    for (const [at, waitMs] of waitsMs.entries()) {
      await until(() => told.length === at + 1);
      expect(told[at]).toEqual(againIn(waitMs));
      pass((waitMs - 1) / 1_000);
      expect(lives()).toBe(at + 1);
      pass(0.001);
      await until(() => lives() === at + 2);
    }
    pass(31);
    writeFileSync(join(root, "go"), "");
    await until(() => told.length === 7);
    expect(told[6]).toEqual(againIn(500));
  });
});

describe("a stop", () => {
  it("is told to the engine, waits for its end, and nothing is started again", async () => {
    start(`parentPort.on("message", ({ type, reason }) => {
      appendFileSync(path("stopped"), type + ": " + reason);
      process.exit(0);
    });`);
    await until(() => lives() === 1);
    await host?.stop("enough");
    expect(readFileSync(join(root, "stopped"), "utf8")).toBe("stop: enough");
    pass(120);
    expect([told, lives()]).toEqual([[], 1]);
  });

  it("ends an engine that does not stop, after twelve seconds", async () => {
    start("spin();");
    await until(() => lives() === 1);
    const stopped = host?.stop("enough");
    pass(11.9);
    expect(told).toEqual([]);
    pass(0.1);
    await stopped;
    expect(told).toMatchObject([{ text: expect.stringContaining("did not stop in time") }]);
  });

  it("while the engine waits for its next start leaves it ended", async () => {
    start("process.exit(1);");
    await until(() => told.length === 1);
    await host?.stop("enough");
    pass(120);
    expect(lives()).toBe(1);
  });
});
