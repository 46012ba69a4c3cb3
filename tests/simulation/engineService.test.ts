/** Engine and lab as processes, the engine killed while it trades: what the lab's accounts say is what the desk has booked. */
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EngineConfig } from "../../server/contract/config.ts";
import type { EngineLink } from "../../server/contract/link.ts";
import type { FillLine } from "../../server/contract/lines.ts";
import { deskChanges } from "../../server/core/params/resolve.ts";
import { EngineRun } from "../../server/engine/engineRun.ts";
import { openJournal } from "../../server/engine/journal/reader.ts";
import { listRuns, runDirectory } from "../../server/engine/service/runs.ts";
import { readAddress } from "../../server/host/addressFile.ts";
import { createClock } from "../../server/host/clock.ts";
import { writeDeskFile } from "../../server/host/deskHome.ts";
import { demoMarket } from "../../server/lab/drivers/demo.ts";
import { readLabTruth } from "../../server/lab/service/truth.ts";
import { connectLink } from "../../server/link/client.ts";
import { Projection } from "../../server/projection/projection.ts";
import { replayJournal } from "../../server/replay/verify.ts";

/** Twenty seconds of returns before the first quote, in four. */
const SPEED = 5;

let home: string;
let children: ChildProcess[];
let link: EngineLink;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "crossdesk-service-"));
  children = [];
  const demo = demoMarket(1);
  const parameters = deskChanges({ capital: 1_000_000, orderNotionalPct: 0.5 });
  writeDeskFile(home, {
    format: 1,
    profile: "demo",
    config: EngineConfig.parse({ ...demo.config, deskCode: "sim", epoch: 1, parameters }),
    clock: { originUs: 1_704_067_200_000_000, wallOriginUs: createClock().nowUs(), speed: SPEED },
    lab: { market: "agents", seed: 1 },
    latency: demo.latency,
    deposits: [...demo.deposits],
    armAtStart: false,
    assumptions: [],
  });
  link = connectLink({ home, client: "test" });
});

afterEach(() => {
  link.close();
  for (const child of children) child.kill("SIGKILL");
  rmSync(home, { recursive: true, force: true });
});

function spawnPart(entry: string): ChildProcess {
  const child = spawn(process.execPath, ["--import", "tsx", entry, "--home", home], { stdio: "ignore" });
  children.push(child);
  return child;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(20);
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

async function startEngine(): Promise<ChildProcess> {
  const child = spawnPart("server/engine/worker.ts");
  await until(() => link.connected);
  await until(async () => {
    const { accounts } = await link.ask({ ask: "desk" });
    return accounts.every(({ status }) => status === "READY");
  });
  return child;
}

async function arm(): Promise<void> {
  const command = { type: "arm", scope: { level: "desk" } } as const;
  const send = () => link.command({ commandId: randomUUID(), actor: "ann", reason: "a test", command });
  await until(async () => (await send()).accepted);
}

async function truthFills(): Promise<string[]> {
  const truth = await readLabTruth(home);
  return [...truth].flatMap(([account, { fills }]) =>
    fills.map((fill) => `${account} ${fill.instrument} ${fill.tradeId} ${fill.venueOrderId}`),
  );
}

async function openOrders(): Promise<number> {
  const truth = await readLabTruth(home);
  return [...truth.values()].reduce((sum, account) => sum + account.openOrders.length, 0);
}

/** The fills that the runs have told, each as often as it was. */
async function toldFills(config: EngineConfig): Promise<string[]> {
  const told: FillLine[] = [];
  for (const epoch of listRuns(home)) {
    const reader = openJournal(runDirectory(home, epoch));
    const run = new EngineRun(reader.manifest.config, { snapshot: reader.initialState()?.bytes });
    const projection = new Projection(run.engine, epoch);
    for (const { seq, event } of reader.entries())
      for (const line of projection.after(seq, event, run.handle(event)))
        if (line.type === "fill") told.push(line);
    reader.close();
  }
  const position = (line: FillLine) =>
    config.instruments.findIndex((i) => i.account === line.account && i.symbol === line.symbol);
  return told.map((line) => `${line.account} ${position(line)} ${line.tradeId} ${line.venueOrderId}`);
}

describe("an engine that is killed while it trades", () => {
  it(
    "has booked each of the venues' fills once, and leaves no order behind",
    { timeout: 120_000 },
    async () => {
      spawnPart("server/lab/service/main.ts");
      await until(() => readAddress(home, "lab") !== undefined);
      let engine = await startEngine();
      const { config } = openJournal(runDirectory(home, 1)).manifest;
      await arm();
      const waits = fc.sample(fc.integer({ min: 0, max: 900 }), 3);
      for (const waitMs of waits) {
        const before = (await truthFills()).length;
        await until(async () => (await truthFills()).length > before + 2);
        await pause(waitMs);
        engine.kill("SIGKILL");
        await once(engine, "exit");
        await until(() => !link.connected);
        engine = await startEngine();
        expect((await link.ask({ ask: "desk" })).state).toBe("DISARMED");
        expect(await openOrders()).toBe(0);
        await arm();
      }
      engine.kill("SIGTERM");
      expect(await once(engine, "exit")).toEqual([0, null]);
      expect(await openOrders()).toBe(0);

      const told = await toldFills(config);
      expect(told.toSorted()).toEqual((await truthFills()).toSorted());
      expect(listRuns(home)).toEqual([1, 2, 3, 4]);
      for (const epoch of listRuns(home)) {
        const replayed = await replayJournal(runDirectory(home, epoch));
        expect(replayed).toMatchObject({ divergedAt: undefined });
        expect(replayed.sameHash).toBe(epoch === 4 ? true : undefined);
      }
    },
  );
});
