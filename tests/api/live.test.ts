/** The live stream on a real desk: cut, slow, over restarts of the engine, and while the database is away. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareCursors, formatCursor, type FillLine, type Line } from "../../server/contract/lines.ts";
import type { SystemView } from "../../server/contract/link.ts";
import type { DeskView } from "../../server/contract/views.ts";
import type { RunningPostgres } from "../../server/store/embedded.ts";
import { ensureDatabase } from "../../server/store/database.ts";
import { migrate } from "../../server/store/migrate.ts";
import { ownServer } from "../support/postgres.ts";
import { ApiDesk, until } from "./apiDesk.ts";
import { LiveReader } from "./sse.ts";

const NAME = "crossdesk_demo";

let server: Awaited<ReturnType<typeof ownServer>>;
let postgres: RunningPostgres;
let desk: ApiDesk;
beforeAll(async () => {
  server = await ownServer();
  postgres = await server.start();
  await ensureDatabase(postgres.url(NAME));
  await migrate(postgres.url(NAME));
  desk = new ApiDesk(postgres.url(NAME));
  await desk.startEngine();
  desk.startRecorder();
  await desk.quoting();
}, 60_000);
afterAll(async () => {
  await desk.close();
  await server.remove();
}, 30_000);

const TOPICS = ["desk", "system", "market BTC", "fills", "orders", "alerts", "audit"];
const LOGS = ["fills", "orders", "alerts", "audit"] as const;

function places(lines: readonly Line[]): string[] {
  return lines.map(({ cursor }) => formatCursor(cursor));
}

function isInOrder(lines: readonly Line[]): boolean {
  return lines.every((line, i) => {
    const before = lines[i - 1];
    return before === undefined || compareCursors(before.cursor, line.cursor) < 0;
  });
}

async function storedAlerts(): Promise<number> {
  const { data } = await desk.query("system.alerts", { limit: 1_000 });
  return (data as { rows: Line[] }).rows.length;
}

describe("the live stream", () => {
  it("carries states, conflated and as plain values, and lines in order", async () => {
    const reader = new LiveReader(desk, { topics: [...TOPICS, "desk", "fills"] });
    await until(() => reader.states("desk").length >= 3 && reader.states("system").length >= 1);
    await until(() => reader.states("market BTC").length >= 1 && reader.lines("orders").length > 0);
    await reader.close();
    const view = reader.states("desk").at(-1) as DeskView;
    const { data } = await desk.query("quotes.desk");
    expect(view.accounts.map(({ account }) => account)).toEqual(
      (data as DeskView).accounts.map(({ account }) => account),
    );
    expect(reader.states("market BTC")[0]).toMatchObject({ market: "BTC" });
    for (const topic of LOGS) {
      expect({ topic, isInOrder: isInOrder(reader.lines(topic)) }).toEqual({ topic, isInOrder: true });
      expect(reader.resyncs(topic)).toBe(0);
    }
  });

  it("goes on after a cut where it was: what two readers have joined is what one has", async () => {
    const whole = new LiveReader(desk, { topics: ["orders"] });
    const first = new LiveReader(desk, { topics: ["orders"] });
    await until(() => first.lines("orders").length > 0);
    await first.close();
    const last = first.lines("orders").at(-1);
    if (last === undefined) throw new Error("no order line came");
    const newer = (lines: readonly Line[]) =>
      lines.filter(({ cursor }) => compareCursors(cursor, last.cursor) > 0).length;
    await until(() => newer(whole.lines("orders")) > 5);
    const cursors = { orders: formatCursor(last.cursor) };
    const second = new LiveReader(desk, { topics: ["orders"], cursors });
    await until(() => second.lines("orders").length > 5);
    await Promise.all([second.close(), whole.close()]);
    const joined = places([...first.lines("orders"), ...second.lines("orders")]);
    const witnessed = places(whole.lines("orders"));
    // They begin and end at moments of their own; in between they have read the same.
    const from = joined.indexOf(witnessed[0] ?? "");
    const count = Math.min(joined.length - from, witnessed.length);
    expect(from).toBeGreaterThanOrEqual(0);
    expect(count).toBeGreaterThan(first.lines("orders").length - from);
    expect(joined.slice(from, from + count)).toEqual(witnessed.slice(0, count));
  });

  it("keeps the latest state alone for a browser that does not read, and every line", async () => {
    const slow = new LiveReader(desk, { topics: ["desk", "orders"] });
    await until(() => slow.states("desk").length > 0);
    slow.pause();
    const before = slow.states("desk").length;
    const witness = new LiveReader(desk, { topics: ["desk", "orders"] });
    await until(() => witness.states("desk").length > 25);
    const { atUs } = witness.states("desk").at(-1) as DeskView;
    slow.resume();
    await until(() => slow.states("desk").some((value) => (value as DeskView).atUs >= atUs));
    await Promise.all([slow.close(), witness.close()]);
    expect(slow.states("desk").length - before).toBeLessThan(25);
    const seen = new Set(places(slow.lines("orders")));
    const last = slow.lines("orders").at(-1);
    const missing = witness
      .lines("orders")
      .filter(({ cursor }) => last !== undefined && compareCursors(cursor, last.cursor) <= 0)
      .filter(({ cursor }) => !seen.has(formatCursor(cursor)));
    expect(missing).toEqual([]);
    expect(isInOrder(slow.lines("orders"))).toBe(true);
  });

  it("ends with its session", async () => {
    const [leaving, staying] = [desk.signIn(), desk.signIn()].map((session) => {
      const headers = { ...desk.browser(), ...session };
      return { headers, reader: new LiveReader(desk, { topics: ["desk"] }, headers) };
    });
    if (leaving === undefined || staying === undefined) throw new Error("there are two sessions");
    await until(() => leaving.reader.states("desk").length > 0 && staying.reader.states("desk").length > 0);
    await desk.mutate("system.signOut", undefined, leaving.headers);
    await leaving.reader.ended;
    expect(leaving.reader.error).toBeUndefined();
    const seen = staying.reader.states("desk").length;
    await until(() => staying.reader.states("desk").length > seen + 3);
    await staying.reader.close();
  });

  it("lets go of everything when the browser goes", async () => {
    const reader = new LiveReader(desk, { topics: ["market ETH"] });
    await until(() => reader.states("market ETH").length > 0);
    await reader.close();
    let heard = 0;
    const end = desk.services.states.watch("market ETH", () => (heard += 1));
    // Nobody watched it any more: the first value of a new watcher has to come from the engine.
    expect(heard).toBe(0);
    await until(() => heard > 0);
    end();
  });

  it("takes a cursor of another desk for none, and says so", async () => {
    const cursors = { alerts: "1.999999999.0" };
    const reader = new LiveReader(desk, { topics: ["alerts"], cursors });
    await until(() => reader.lines("alerts").length > 0);
    await reader.close();
    expect(reader.messages[0]).toEqual({ kind: "resync", topic: "alerts" });
  });

  it("goes on over a restart of the engine, and what its ring has lost then comes from the store", async () => {
    const reader = new LiveReader(desk, { topics: ["system", "alerts", "fills"] });
    await until(() => reader.lines("alerts").length > 0);
    const first = reader.lines("alerts")[0];
    if (first === undefined) throw new Error("no alert came");
    await desk.stopEngine();
    await desk.startEngine();
    await until(() => (reader.states("system").at(-1) as SystemView).epoch === 2);
    await until(() => reader.lines("alerts").some(({ cursor }) => cursor.epoch === 2));
    // What a ring has lost is recorded: the recorder follows to a new run in its own time.
    await until(() => desk.recorder?.status().epoch === 2);
    // A web server that has just started keeps nothing itself, and the engine begins with its newest snapshot.
    await desk.restartWeb();
    await until(() => desk.services.link.connected);
    const cursors = { alerts: formatCursor(first.cursor) };
    const late = new LiveReader(desk, { topics: ["alerts"], cursors });
    await until(() => late.lines("alerts").length >= reader.lines("alerts").length - 1);
    await Promise.all([late.close(), reader.close()]);
    expect(late.resyncs("alerts") + reader.resyncs("alerts")).toBe(0);
    expect(places(late.lines("alerts")).slice(0, reader.lines("alerts").length - 1)).toEqual(
      places(reader.lines("alerts")).slice(1),
    );
    await desk.quoting();
  });
});

describe("while the database is away", () => {
  it("says so where the past is asked for, shows what is live, and has everything afterwards", async () => {
    const reader = new LiveReader(desk, { topics: ["desk", "audit", "fills"] });
    await until(() => reader.states("desk").length > 0);
    await until(async () => (await storedAlerts()) > 0);
    await postgres.stop();
    expect((await desk.query("system.database")).data).toMatchObject({ status: "down" });
    for (const path of ["orders.list", "orders.fills", "config.history", "system.audit"])
      expect({ path, ...(await desk.query(path, {})) }).toMatchObject({ path, code: "DATABASE_DOWN" });
    const { message } = await desk.query("orders.fills", {});
    expect(message).toBe("the database does not answer; trading goes on, the past is shown later");

    const { version } = (await desk.query("config.current", {})).data as { version: number };
    const changes = [{ scope: { level: "desk" }, name: "spreadMultiplier", value: 1.1 }];
    const set = await desk.mutate("config.set", desk.order({ expectedVersion: version, changes }));
    expect(set.data).toEqual({ paramVersion: version + 1 });
    const seen = reader.states("desk").length;
    await until(() => reader.states("desk").length > seen + 3);
    await until(() => reader.lines("audit").some(({ type }) => type === "parameters"));
    const before = reader.lines("fills").length;
    await until(() => reader.lines("fills").length > before);

    postgres = await server.start();
    await until(
      async () => ((await desk.query("system.database")).data as { status: string }).status === "up",
    );
    const told = reader.lines("fills") as readonly FillLine[];
    await reader.close();
    await until(async () => {
      const { data } = await desk.query("orders.fills", { limit: 1_000 });
      const stored = new Set(places((data as { rows: FillLine[] }).rows));
      return places(told).every((place) => stored.has(place));
    });
    const expectedVersion = version + 1;
    const back = await desk.mutate("config.revert", desk.order({ version: version + 1, expectedVersion }));
    expect(back.data).toEqual({ paramVersion: version + 2 });
  });
});
