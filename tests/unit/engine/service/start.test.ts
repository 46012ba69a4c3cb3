import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Command } from "../../../../server/contract/commands.ts";
import type { OrderEffect } from "../../../../server/contract/effects.ts";
import type { Line } from "../../../../server/contract/lines.ts";
import { clientIdOf } from "../../../../server/core/orders/clientId.ts";
import { startEngine, type EngineOptions } from "../../../../server/engine/service/start.ts";
import { Mailbox } from "../../../../server/engine/service/mailbox.ts";
import { runDirectory } from "../../../../server/engine/service/runs.ts";
import { openJournal } from "../../../../server/engine/journal/reader.ts";
import { readAddress } from "../../../../server/host/addressFile.ts";
import { createLog } from "../../../../server/host/log.ts";
import { writeLatch } from "../../../../server/link/latch.ts";
import { replayJournal } from "../../../../server/replay/verify.ts";
import type { Venue } from "../../../../server/venues/venue.ts";
import { ServiceDesk } from "./serviceDesk.ts";

const DESK = { level: "desk" } as const;
const KILL: Command = { type: "setTradingState", scope: DESK, state: "KILLED" };

let desk: ServiceDesk;
beforeEach(() => {
  desk = new ServiceDesk();
  desk.openMarket();
});
afterEach(() => desk.close());

/** Events of a run that are on the disk. */
async function journaled(epoch: number): Promise<string[]> {
  const reader = openJournal(runDirectory(desk.home, epoch));
  const events = [...reader.entries()].map(({ event }) =>
    event.type === "command" ? event.command.type : event.type,
  );
  reader.close();
  return events;
}

describe("an engine that starts for the first time", () => {
  it("is disarmed, gets to know its accounts, and quotes once it is armed", async () => {
    await desk.start();
    await desk.ready();
    expect((await desk.view()).state).toBe("DISARMED");
    expect(desk.exchanges.openOrders()).toBe(0);
    await desk.quoting();
    expect((await desk.view()).state).toBe("ACTIVE");
    const system = await desk.link?.ask({ ask: "system" });
    expect(system).toMatchObject({ phase: "running", epoch: 1, profile: "demo", clockSpeed: 10 });
    expect(system?.venues.map(({ connected }) => connected)).toEqual([true, true]);
  });

  it("acknowledges a change of parameters when it is on the disk", async () => {
    await desk.start();
    await desk.ready();
    const changes = [{ scope: DESK, name: "spreadMultiplier", value: 2 } as const];
    const outcome = await desk.command({ type: "setParameters", expectedVersion: 1, changes });
    expect(outcome).toEqual({ accepted: true, paramVersion: 2 });
    expect(await journaled(1)).toContain("setParameters");
  });

  it("obeys a command once, however often it is sent", async () => {
    await desk.start();
    const command: Command = {
      type: "setTradingState",
      scope: { level: "account", account: "venue0" },
      state: "ACTIVE",
    };
    const first = await desk.command(command, "command-one");
    await desk.command({ ...command, state: "PAUSED" }, "command-two");
    expect(await desk.command(command, "command-one")).toEqual(first);
    expect((await desk.view()).accounts[0]?.state).toBe("PAUSED");
  });

  it("pushes the desk and a watched market, and the lines of what happens", async () => {
    await desk.start();
    await desk.ready();
    const seen = { desk: 0, market: 0 };
    const fills: Line[] = [];
    desk.link?.watch("desk", () => void seen.desk++);
    desk.link?.watch("market C00", (market) => void (seen.market += market.ladders.length));
    desk.link?.follow("fills", undefined, {
      lines: (lines) => void fills.push(...lines),
      resync: () => undefined,
    });
    await desk.quoting();
    desk.exchanges.take(0, "buy", 2_000_000);
    await desk.until(() => fills.length > 0 && seen.desk > 2 && seen.market > 2);
    expect(fills[0]).toMatchObject({ type: "fill", account: "venue0", side: "sell" });
    const history = await desk.link?.ask({ ask: "history", market: "C00", fromS: 0, stepS: 1 });
    expect(history?.atS.length).toBeGreaterThan(10);
  });

  it("is the only one on its home", async () => {
    await desk.start();
    await expect(desk.start()).rejects.toThrow("an engine runs for");
  });
});

describe("an engine after one that was killed", () => {
  it("finds the orders that were left, cancels them, and books what filled meanwhile exactly once", async () => {
    await desk.start();
    await desk.quoting();
    desk.exchanges.take(0, "buy", 2_000_000);
    await desk.until(async () => (await desk.view()).markets[0]?.inventoryBase !== 0);
    const version = (await desk.view()).paramVersion;
    await desk.until(() => desk.exchanges.openOrders() > 0);
    desk.crash();
    const left = desk.exchanges.openOrders();
    desk.exchanges.take(1, "buy", 2_000_000);
    expect(left).toBeGreaterThan(0);

    const engine = await desk.start();
    expect(engine.epoch).toBe(2);
    await desk.ready();
    expect(desk.exchanges.openOrders()).toBe(0);
    const view = await desk.view();
    expect(view).toMatchObject({ state: "DISARMED", paramVersion: version });
    const soldLots = desk.exchanges.fills.reduce((sum, fill) => sum + fill.sizeLots, 0);
    expect(view.markets[0]?.inventoryBase).toBeCloseTo(-soldLots * 1e-5, 9);
    await desk.quoting();
  });

  it("counts on from the highest epoch that a venue has shown, which it must be started again for", async () => {
    await desk.start();
    await desk.ready();
    const clientId = clientIdOf("quote", desk.config.deskCode, 40, 1);
    desk.exchanges.post({ type: "orderAccepted", account: 0, clientId, venueOrderId: "v1" });
    await desk.until(async () => {
      const outcome = await desk.command({ type: "arm", scope: DESK });
      return !outcome.accepted && outcome.code === "SECOND_WRITER";
    });
    desk.crash();
    expect((await desk.start()).epoch).toBe(41);
    await desk.quoting();
  });

  it("leaves journals that replay to what they say", async () => {
    await desk.start();
    await desk.quoting();
    desk.crash();
    await desk.start();
    await desk.ready();
    expect(await desk.engine?.stop("a test")).toEqual({ how: "stopped", notSealed: [] });
    expect(await replayJournal(runDirectory(desk.home, 2))).toMatchObject({
      sameHash: true,
      divergedAt: undefined,
    });
  });

  it("is killed when the latch says so, whatever the journal had heard", async () => {
    await desk.start();
    await desk.quoting();
    desk.crash();
    const entry = { receiptId: "r1", scope: DESK, actor: "ann", reason: "a test", atMs: 1 };
    writeLatch(desk.home, { ...entry, state: "KILLED" });
    await desk.start();
    await desk.ready();
    expect((await desk.view()).state).toBe("KILLED");
  });

  it("stays killed without a latch", async () => {
    await desk.start();
    await desk.command(KILL);
    desk.crash();
    await desk.start();
    expect((await desk.view()).state).toBe("KILLED");
  });

  it("treats a latch that cannot be read as a stop of the desk", async () => {
    writeFileSync(join(desk.home, "latch.json"), "{");
    await desk.start();
    await desk.until(async () => (await desk.view()).state === "KILLED");
    expect(desk.logged.join("")).toContain("latch.json cannot be read");
  });
});

describe("an engine that is stopped", () => {
  it("leaves no order, a finished journal, and no address", async () => {
    const engine = await desk.start();
    await desk.quoting();
    expect(await engine.stop("a test")).toEqual({ how: "stopped", notSealed: [] });
    expect(desk.exchanges.openOrders()).toBe(0);
    expect(readAddress(desk.home, "engine")).toBeUndefined();
    expect(await replayJournal(runDirectory(desk.home, 1), { fromSnapshot: true })).toMatchObject({
      sameHash: true,
    });
  });

  it("gives up waiting for venues that do not answer, and names them", async () => {
    const engine = await desk.start();
    await desk.ready();
    desk.exchanges.reachable = false;
    expect(await engine.stop("a test")).toEqual({ how: "stopped", notSealed: ["venue0", "venue1"] });
    expect(desk.logged.join("")).toContain("not sealed within the limit: venue0, venue1");
  });

  it("tries again when too many commands wait", async () => {
    const engine = await desk.start();
    await desk.quoting();
    const post = vi
      .spyOn(Mailbox.prototype, "postCommand")
      .mockReturnValueOnce(false)
      .mockReturnValueOnce(false);
    onTestFinished(() => post.mockRestore());
    expect(await engine.stop("a test")).toEqual({ how: "stopped", notSealed: [] });
    expect(post).toHaveBeenCalledTimes(3);
  });

  it("cancels and says that nothing is sealed when it cannot be disarmed", async () => {
    const engine = await desk.start();
    await desk.quoting();
    const post = vi.spyOn(Mailbox.prototype, "postCommand").mockReturnValue(false);
    onTestFinished(() => post.mockRestore());
    expect(await engine.stop("a test")).toEqual({ how: "stopped", notSealed: ["venue0", "venue1"] });
    expect(desk.logged.join("")).toContain("could not be disarmed");
    expect(desk.exchanges.sent.slice(-2)).toEqual([
      { type: "cancelAll", account: 0 },
      { type: "cancelAll", account: 1 },
    ]);
  });

  it("arms no more", async () => {
    const engine = await desk.start();
    await desk.ready();
    desk.exchanges.reachable = false;
    const stopped = engine.stop("a test");
    expect(await desk.command({ type: "arm", scope: DESK })).toMatchObject({
      accepted: false,
      code: "STOPPING",
    });
    await stopped;
  });
});

describe("an engine that breaks", () => {
  it("cancels everything, says why, and ends as failed; the next one goes on", async () => {
    const engine = await desk.start();
    await desk.quoting();
    let failure: string | undefined;
    desk.link?.watch("system", (system) => (failure = system.failure ?? failure));
    desk.exchanges.post({ type: "feed", instrument: 99, status: "alive" });
    expect(await engine.ended).toMatchObject({ how: "failed" });
    expect(failure).toContain("names instrument 99");
    expect(desk.exchanges.openOrders()).toBe(0);
    desk.crash();
    await desk.start();
    await desk.ready();
    expect(desk.logged.join("")).toContain("is left out");
  });

  it("ends the same way when its host finds something broken", async () => {
    const engine = await desk.start();
    await desk.ready();
    engine.fail(new Error("something was not caught"));
    expect(await engine.ended).toMatchObject({ how: "failed" });
    expect(desk.exchanges.sent.slice(-2)).toEqual([
      { type: "cancelAll", account: 0 },
      { type: "cancelAll", account: 1 },
    ]);
    expect(readAddress(desk.home, "engine")).toBeUndefined();
    expect(desk.logged.join("")).not.toContain("is not connected");
  });

  it("says which accounts heard of no cancel", async () => {
    const engine = await desk.start();
    await desk.ready();
    desk.exchanges.disconnect(1);
    engine.fail(new Error("something was not caught"));
    await engine.ended;
    expect(desk.logged.join("")).toContain("venue1 is not connected");
    expect(desk.logged.join("")).not.toContain("venue0 is not connected");
  });
});

describe("an engine that cannot start", () => {
  it("takes no epoch and writes no journal when its past cannot be read", async () => {
    mkdirSync(join(desk.home, "journal"), { recursive: true });
    writeFileSync(join(desk.home, "epoch"), "9\n");
    const log = createLog("engine", () => undefined);
    const venue = desk.exchanges.venue();
    await expect(startEngine({ home: desk.home, venue, clock: desk.clock, log })).rejects.toThrow("are gone");
    expect(existsSync(runDirectory(desk.home, 10))).toBe(false);
  });

  /** Fails to start as `change` makes it; gives what it sent. */
  async function failToStart(why: string, change: Partial<EngineOptions> = {}): Promise<OrderEffect[]> {
    const log = createLog("engine", () => undefined);
    const venue = desk.exchanges.venue();
    const sent: OrderEffect[] = [];
    const watched: Venue = {
      ...venue,
      send: (effect) => {
        sent.push(effect);
        venue.send(effect);
      },
    };
    const options = { home: desk.home, venue: watched, clock: desk.clock, log, ...change };
    await expect(startEngine(options)).rejects.toThrow(why);
    return sent;
  }
  const TWICE = [0, 1, 0, 1].map((account) => ({ type: "cancelAll", account }));

  it("cancels what the last one left before it says why", async () => {
    await desk.start();
    await desk.quoting();
    desk.crash();
    expect(desk.exchanges.openOrders()).toBeGreaterThan(0);
    const behind = { nowUs: () => desk.clock.nowUs() - 3_600_000_000 };
    expect(await failToStart("s behind the last event", { clock: behind })).toEqual(TWICE);
    expect(desk.exchanges.openOrders()).toBe(0);
  });

  it("cancels it as well when it fails after the venues were opened", async () => {
    await desk.start();
    await desk.quoting();
    desk.crash();
    // A directory where the address is written first.
    mkdirSync(join(desk.home, "run", "engine.json.new"), { recursive: true });
    expect((await failToStart("EISDIR")).slice(-4)).toEqual(TWICE);
    expect(desk.exchanges.openOrders()).toBe(0);
  });

  it("touches nothing while another one lives", async () => {
    await desk.start();
    await desk.quoting();
    expect(await failToStart("an engine runs for")).toEqual([]);
    await desk.until(() => desk.exchanges.openOrders() > 0);
  });
});
