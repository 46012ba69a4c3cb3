import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { CommandOutcome } from "../../../server/contract/link.ts";
import { LOG_RING_MAX } from "../../../server/contract/link.ts";
import { writeAddress } from "../../../server/host/addressFile.ts";
import { untilConnected } from "../../../server/link/client.ts";
import { temporaryHome } from "../host/fixture.ts";
import {
  connected,
  deskView,
  followed,
  notices,
  ringsOf,
  sequence,
  startEngineEnd,
  startLink,
} from "./fixture.ts";
import { eventually } from "../../support/eventually.ts";

const COMMAND = {
  commandId: "6a1f3a5e-0001",
  actor: "ann",
  reason: "test",
  command: { type: "setBaseline", account: "alpha", asset: "BTC", baselineAtoms: 2n ** 80n },
} as const;

describe("a link's connection", () => {
  it("is made when the engine comes, and again when it comes back", async () => {
    const home = temporaryHome();
    const link = startLink(home);
    const told: boolean[] = [];
    link.onConnection((now) => told.push(now));
    expect(link.connected).toBe(false);
    const before = await startEngineEnd(home);
    await connected(link);
    await before.stop();
    await connected(link, false);
    await startEngineEnd(home, { epoch: 2 });
    await connected(link);
    expect(told).toEqual([false, true, false, true]);
  });

  it("is not made with a token that is not the engine's, and is once the address is right", async () => {
    const home = temporaryHome();
    const engine = await startEngineEnd(home);
    writeAddress(home, "engine", { port: engine.port, token: "of an earlier run" });
    const link = startLink(home);
    await eventually(() => expect(engine.logged.join()).toContain("TOKEN"));
    expect(link.connected).toBe(false);
    writeAddress(home, "engine", { port: engine.port, token: engine.token });
    await connected(link);
  });

  it("can be waited for, for as long as the caller likes", async () => {
    const home = temporaryHome();
    const link = startLink(home);
    expect(await untilConnected(link, 1)).toBe(false);
    await startEngineEnd(home);
    expect(await untilConnected(link, 5_000)).toBe(true);
    expect(await untilConnected(link, 5_000)).toBe(true);
  });
});

describe("commands and questions over a link", () => {
  it("bring the engine's outcome and answer", async () => {
    const home = temporaryHome();
    const refusal: CommandOutcome = { accepted: false, code: "NO_FAIR_VALUE", text: "no price" };
    const engine = await startEngineEnd(home, {
      onCommand: () => Promise.resolve(refusal),
      onQuestion: (question) => ({ question }),
    });
    const link = startLink(home);
    await connected(link);
    expect(await link.command(COMMAND)).toEqual(refusal);
    expect(engine.commands).toEqual([COMMAND]);
    expect(await link.ask({ ask: "openOrders" })).toEqual({ question: { ask: "openOrders" } });
  });

  it("are refused while there is no engine", async () => {
    const link = startLink(temporaryHome());
    await expect(link.command(COMMAND)).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    await expect(link.ask({ ask: "desk" })).rejects.toMatchObject({ code: "NOT_CONNECTED" });
  });

  it("end when the engine goes away before it answers", async () => {
    const home = temporaryHome();
    const engine = await startEngineEnd(home, { onCommand: () => new Promise(() => undefined) });
    const link = startLink(home);
    await connected(link);
    const outcome = link.command(COMMAND);
    outcome.catch(() => undefined);
    await eventually(() => expect(engine.commands).toHaveLength(1));
    await engine.stop();
    await expect(outcome).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("end when the link is closed", async () => {
    const home = temporaryHome();
    await startEngineEnd(home, { onCommand: () => new Promise(() => undefined) });
    const link = startLink(home);
    await connected(link);
    const outcome = link.command(COMMAND);
    outcome.catch(() => undefined);
    link.close();
    await expect(outcome).rejects.toMatchObject({ code: "CLOSED" });
    await expect(link.ask({ ask: "desk" })).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("end after their time when an engine hangs, and a late answer harms nothing", async () => {
    const home = temporaryHome();
    let acknowledge: ((outcome: CommandOutcome) => void) | undefined;
    const engine = await startEngineEnd(home, {
      onCommand: () => new Promise((resolve) => (acknowledge = resolve)),
      onQuestion: () => "still here",
    });
    const link = startLink(home);
    await connected(link);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const outcome = link.command(COMMAND);
    outcome.catch(() => undefined);
    while (engine.commands.length === 0) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(10_000);
    await expect(outcome).rejects.toMatchObject({ code: "TIMED_OUT" });
    acknowledge?.({ accepted: true, paramVersion: 1 });
    expect(await link.ask({ ask: "shape" })).toBe("still here");
  });

  it("that repeat an id are all answered", async () => {
    const home = temporaryHome();
    await startEngineEnd(home);
    const link = startLink(home);
    await connected(link);
    const outcomes = await Promise.all([link.command(COMMAND), link.command(COMMAND)]);
    expect(outcomes.map(({ accepted }) => accepted)).toEqual([true, true]);
  });

  it("that the protocol does not allow are refused here, and nobody else's connection suffers", async () => {
    const home = temporaryHome();
    await startEngineEnd(home, { onQuestion: () => "still here" });
    const link = startLink(home);
    await connected(link);
    await expect(link.command({ ...COMMAND, reason: "" })).rejects.toMatchObject({ code: "REFUSED" });
    await expect(link.ask({ ask: "history", market: "BTC", fromS: 0, stepS: 0 })).rejects.toMatchObject({
      code: "REFUSED",
    });
    expect(await link.ask({ ask: "shape" })).toBe("still here");
  });

  it("are refused when a thousand wait already", async () => {
    const home = temporaryHome();
    await startEngineEnd(home, { onCommand: () => new Promise(() => undefined) });
    const link = startLink(home);
    await connected(link);
    for (let n = 0; n < 1_000; n++)
      link.command({ ...COMMAND, commandId: `command-${n}` }).catch(() => undefined);
    await expect(link.command(COMMAND)).rejects.toMatchObject({ code: "OVERLOADED" });
  });
});

describe("watching a state topic", () => {
  it("gives every watcher the latest value at once, through one subscription", async () => {
    const home = temporaryHome();
    const current = vi.fn<() => unknown>(() => deskView({ atUs: 1 }));
    const engine = await startEngineEnd(home, { current });
    const link = startLink(home);
    await connected(link);
    const first: number[] = [];
    const second: number[] = [];
    const endFirst = link.watch("desk", ({ atUs }) => first.push(atUs));
    await eventually(() => expect(first).toEqual([1]));
    const endSecond = link.watch("desk", ({ atUs }) => second.push(atUs));
    expect(second).toEqual([1]);
    engine.server.publishState("desk", deskView({ atUs: 2 }));
    await eventually(() =>
      expect([first, second]).toEqual([
        [1, 2],
        [1, 2],
      ]),
    );
    expect(current).toHaveBeenCalledTimes(1);
    endFirst();
    endFirst();
    expect(engine.server.hasWatchers("desk")).toBe(true);
    endSecond();
    await eventually(() => expect(engine.server.hasWatchers("desk")).toBe(false));
  });

  it("goes on with the next engine, and gives nothing of the one that is gone as the latest", async () => {
    const home = temporaryHome();
    const before = await startEngineEnd(home, { current: () => deskView({ atUs: 1 }) });
    const link = startLink(home);
    const seen: number[] = [];
    link.watch("desk", ({ atUs }) => seen.push(atUs));
    await eventually(() => expect(seen).toEqual([1]));
    await before.stop();
    await connected(link, false);
    const late: number[] = [];
    link.watch("desk", ({ atUs }) => late.push(atUs));
    expect(late).toEqual([]);
    await startEngineEnd(home, { epoch: 2, current: () => deskView({ atUs: 9 }) });
    await eventually(() => expect([seen, late]).toEqual([[1, 9], [9]]));
  });
});

describe("following a log topic", () => {
  it("gives each follower the lines after its own cursor, and the engine sends them once", async () => {
    const home = temporaryHome();
    const engine = await startEngineEnd(home);
    engine.server.publishLines(notices(1, 20));
    const link = startLink(home);
    const all = followed(link, "alerts", undefined);
    await eventually(() => expect(all.seen).toEqual(sequence(1, 20)));
    const late = followed(link, "alerts", { epoch: 1, seq: 15, at: 0 });
    expect(late.seen).toEqual(sequence(16, 20));
    engine.server.publishLines(notices(21, 22));
    await eventually(() => expect(late.seen).toEqual(sequence(16, 22)));
    expect(all.seen).toEqual(sequence(1, 22));
    late.end();
    engine.server.publishLines(notices(23, 23));
    await eventually(() => expect(all.seen).toEqual(sequence(1, 23)));
    expect(late.seen).toEqual(sequence(16, 22));
  });

  it("has no gap and no repetition over the loss of the connection", async () => {
    const home = temporaryHome();
    const before = await startEngineEnd(home);
    before.server.publishLines(notices(1, 10));
    const link = startLink(home);
    const { seen } = followed(link, "alerts", undefined);
    await eventually(() => expect(seen).toEqual(sequence(1, 10)));
    await before.stop();
    await connected(link, false);
    const after = await startEngineEnd(home, { epoch: 2 });
    after.server.seedLines(ringsOf([...notices(5, 14), ...notices(15, 16, 2)], { epoch: 1, seq: 4, at: 0 }));
    await eventually(() => expect(seen).toEqual(sequence(1, 16)));
    after.server.publishLines(notices(17, 17, 2));
    await eventually(() => expect(seen).toEqual(sequence(1, 17)));
  });

  it("says what was lost when the next engine keeps less", async () => {
    const home = temporaryHome();
    const before = await startEngineEnd(home);
    before.server.publishLines(notices(1, 3));
    const link = startLink(home);
    const { seen } = followed(link, "alerts", { epoch: 1, seq: 2, at: 0 });
    await eventually(() => expect(seen).toEqual([3]));
    await before.stop();
    await connected(link, false);
    const after = await startEngineEnd(home, { epoch: 2 });
    after.server.seedLines(ringsOf(notices(50, 51), { epoch: 1, seq: 40, at: 0 }));
    const resync = { resync: { epoch: 1, seq: 40, at: 1 } };
    await eventually(() => expect(seen).toEqual([3, resync, 50, 51]));
    const older = followed(link, "alerts", { epoch: 1, seq: 2, at: 0 });
    expect(older.seen).toEqual([resync, 50, 51]);
    const whatever = followed(link, "alerts", undefined);
    expect(whatever.seen).toEqual([50, 51]);
  });

  it("resynchronises a cursor that is too old for the engine, although the link has just begun", async () => {
    const home = temporaryHome();
    const engine = await startEngineEnd(home);
    engine.server.publishLines(notices(1, LOG_RING_MAX));
    engine.server.publishLines(notices(LOG_RING_MAX + 1, 2 * LOG_RING_MAX));
    const link = startLink(home);
    const { seen } = followed(link, "alerts", { epoch: 1, seq: 7, at: 0 });
    await eventually(() => expect(seen).toHaveLength(LOG_RING_MAX + 1));
    expect(seen[0]).toEqual({ resync: { epoch: 1, seq: LOG_RING_MAX, at: 1 } });
    expect(seen.slice(1)).toEqual(sequence(LOG_RING_MAX + 1, 2 * LOG_RING_MAX));
  });

  it("starts over when another desk's engine answers", async () => {
    const home = temporaryHome();
    const before = await startEngineEnd(home, { epoch: 5 });
    before.server.publishLines(notices(1, 2, 5));
    const link = startLink(home);
    const { seen } = followed(link, "alerts", undefined);
    await eventually(() => expect(seen).toEqual([1, 2]));
    await before.stop();
    await connected(link, false);
    const fresh = await startEngineEnd(home, { epoch: 1 });
    fresh.server.publishLines(notices(1, 1, 1));
    await eventually(() => expect(seen).toEqual([1, 2, { resync: undefined }, 1]));
  });
});
