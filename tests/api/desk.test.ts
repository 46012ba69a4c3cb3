/** What a person does: tune, stop and arm a real desk through the API. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CheckedChanges } from "../../server/api/parameters.ts";
import type { ParametersAnswer, StopReceipt } from "../../server/contract/link.ts";
import type { ParametersLine } from "../../server/contract/lines.ts";
import type { DeskView } from "../../server/contract/views.ts";
import { freshDatabase } from "../support/postgres.ts";
import { ApiDesk, until } from "./apiDesk.ts";

let desk: ApiDesk;
beforeAll(async () => {
  desk = new ApiDesk(await freshDatabase());
  await desk.startEngine();
  desk.startRecorder();
  await desk.quoting();
}, 60_000);
afterAll(() => desk.close());

const DESK = { level: "desk" } as const;

async function version(): Promise<number> {
  return ((await desk.query("config.current", {})).data as ParametersAnswer).version;
}

async function valueOf(name: string): Promise<unknown> {
  const { settings } = (await desk.query("config.current", {})).data as ParametersAnswer;
  return settings.find((setting) => setting.level === "desk" && setting.name === name)?.value;
}

async function view(): Promise<DeskView> {
  return (await desk.query("quotes.desk")).data as DeskView;
}

describe("parameters", () => {
  const widen = (value: number, expectedVersion: number, more: object = {}) =>
    desk.order({ expectedVersion, changes: [{ scope: DESK, name: "spreadMultiplier", value }], ...more });

  it("are set, quoted under, refused to whoever was slower, and taken back", async () => {
    const before = await version();
    const [first, second] = await Promise.all([
      desk.mutate("config.set", widen(1.5, before)),
      desk.mutate("config.set", widen(2.5, before)),
    ]);
    expect(new Set([first.code, second.code])).toEqual(new Set(["VERSION_CONFLICT", undefined]));
    const [won, lost] = first.code === undefined ? [first, second] : [second, first];
    expect(won.data).toEqual({ paramVersion: before + 1 });
    expect(lost.message).toContain(`version ${before + 1}, not ${before}`);
    await until(async () => ((await view()).quotingVersion ?? 0) > before);

    // A revert waits for the recorder, but not until it has caught up with a whole start.
    await until(async () => (await history())[0]?.version === before + 1);
    const reverted = await desk.mutate(
      "config.revert",
      desk.order({ version: before + 1, expectedVersion: before + 1 }),
    );
    expect(reverted.data).toEqual({ paramVersion: before + 2 });
    expect(await valueOf("spreadMultiplier")).toBeUndefined();

    await until(async () => (await history())[0]?.version === before + 2);
    expect((await history())[1]).toMatchObject({
      version: before + 1,
      actor: "ann",
      reason: "a test",
      settings: [{ level: "desk", name: "spreadMultiplier", before: undefined }],
    });
  });

  async function history(): Promise<readonly ParametersLine[]> {
    return ((await desk.query("config.history", { limit: 2 })).data as { rows: ParametersLine[] }).rows;
  }

  it("are set once, however often the same command is sent", async () => {
    const before = await version();
    const command = widen(1.25, before);
    const once = await desk.mutate("config.set", command);
    const again = await desk.mutate("config.set", command);
    expect(again.data).toEqual(once.data);
    expect(await version()).toBe(before + 1);
  });

  it("of a version that is not there cannot be taken back", async () => {
    const expectedVersion = await version();
    const answer = await desk.mutate("config.revert", desk.order({ version: 999, expectedVersion }));
    expect(answer.code).toBe("NOT_FOUND");
  });

  it("that were configured at the start cannot be taken back: the engine says why", async () => {
    const expectedVersion = await version();
    const answer = await desk.mutate("config.revert", desk.order({ version: 1, expectedVersion }));
    expect(answer).toMatchObject({ code: "REFUSED", message: "BOUNDS: desk: set capital" });
  });

  const market = { level: "market", market: "BTC" } as const;
  const REFUSALS = [
    {
      name: "a scope that is not there",
      changes: [{ scope: { level: "market", market: "XRP" }, name: "spreadMultiplier", value: 2 }],
    },
    { name: "a value that is missing then", changes: [{ scope: DESK, name: "capital" }] },
    {
      name: "a parameter that would do nothing",
      changes: [
        { scope: market, name: "spreadMultiplier", value: 2 },
        { scope: DESK, name: "riskAversionPerQuote", value: 1 },
      ],
    },
    {
      name: "limits that contradict each other",
      changes: [
        { scope: DESK, name: "netMaxPct", value: 90 },
        { scope: DESK, name: "grossMaxPct", value: 20 },
      ],
    },
  ];

  it.each(REFUSALS)("are checked as the engine will judge them: $name", async ({ changes }) => {
    const expectedVersion = await version();
    const checked = (await desk.query("config.check", { changes })).data as CheckedChanges;
    const answer = await desk.mutate("config.set", desk.order({ expectedVersion, changes }));
    expect(answer.code).toBe("REFUSED");
    expect(checked.problems.map(({ code, text }) => `${code}: ${text}`)).toEqual([answer.message]);
    expect(checked.diff).toEqual([]);
    expect(await version()).toBe(expectedVersion);
  });

  it("are checked change by change, and refused as input where a value is none", async () => {
    const changes = [
      { scope: DESK, name: "spreadMultiplier", value: 2 },
      { scope: DESK, name: "spreadMultiplier", value: -3 },
      { scope: { level: "instrument", account: "a", symbol: "b" }, name: "capital", value: 1 },
    ];
    const { problems } = (await desk.query("config.check", { changes })).data as CheckedChanges;
    expect(problems.map(({ index, code }) => ({ index, code }))).toEqual([
      { index: 1, code: "BOUNDS" },
      { index: 2, code: "BOUNDS" },
    ]);
    const expectedVersion = await version();
    const answer = await desk.mutate("config.set", desk.order({ expectedVersion, changes }));
    expect(answer.code).toBe("BAD_INPUT");
    for (const { text } of problems) expect(answer.message).toContain(text);
  });

  it("show what a change would alter without altering anything", async () => {
    const expectedVersion = await version();
    const changes = [{ scope: market, name: "spreadMultiplier", value: 3 }];
    const { diff, problems } = (await desk.query("config.check", { changes })).data as CheckedChanges;
    expect(problems).toEqual([]);
    expect(diff).toEqual([
      { level: "market", scope: "BTC", name: "spreadMultiplier", before: 1.25, after: 3 },
    ]);
    expect(await version()).toBe(expectedVersion);
  });
});

describe("questions", () => {
  it("about a market that is not there are refused in words", async () => {
    expect(await desk.query("quotes.explain", { market: "XRP" })).toMatchObject({
      code: "NOT_FOUND",
      message: "there is no market XRP on this desk",
    });
    expect((await desk.query("quotes.history", { market: "XRP" })).code).toBe("REFUSED");
    const flatten = desk.order({ market: "XRP", slippageMaxBps: 10 });
    expect((await desk.mutate("positions.flatten", flatten)).message).toMatch(/^UNKNOWN_SCOPE: /);
  });

  it("are answered by every query that needs no input", async () => {
    await until(() => desk.recorder?.status().epoch === 1);
    for (const path of [
      "config.shape",
      "positions.list",
      "positions.balances",
      "pnl.day",
      "quotes.desk",
      "orders.open",
      "venues.list",
      "killSwitch.state",
      "system.status",
      "system.database",
    ])
      expect({ path, ...(await desk.query(path)) }).toMatchObject({ path, status: 200, code: undefined });
    const pages = ["orders.list", "orders.fills", "system.alerts", "system.audit", "system.states"];
    for (const path of pages)
      expect({ path, ...(await desk.query(path, {})) }).toMatchObject({ path, code: undefined });
    expect(await desk.query("quotes.explain", { market: "BTC" })).toMatchObject({ code: undefined });
    const range = { fromUs: 0, toUs: 2_000_000_000_000_000 };
    expect(await desk.query("pnl.series", { ...range, market: "BTC" })).toMatchObject({ code: undefined });
    expect(await desk.query("system.uptime", range)).toMatchObject({ code: undefined });
  });
});

describe("the stop", () => {
  const receiptId = randomUUID();

  async function receipt(id = receiptId): Promise<StopReceipt> {
    return (await desk.query("killSwitch.receipt", { receiptId: id })).data as StopReceipt;
  }

  async function sealed(id = receiptId): Promise<void> {
    await until(async () => (await receipt(id)).accounts.every(({ sealedAtUs }) => sealedAtUs !== undefined));
  }

  it("is latched at once, refuses to arm before it is sealed, and proves itself venue by venue", async () => {
    const pressed = await desk.mutate("killSwitch.stop", { commandId: receiptId, reason: "" });
    expect(pressed.data).toMatchObject({
      receiptId,
      state: "KILLED",
      actor: "ann",
      reason: "stop pressed",
      failure: undefined,
    });
    expect((await desk.query("killSwitch.state")).data).toMatchObject({ entries: [{ receiptId }] });
    const early = await desk.mutate("killSwitch.arm", desk.order());
    // On a slow machine the seals are there already, and what was armed has to be stopped once more.
    if (early.code === undefined) {
      const commandId = randomUUID();
      await desk.mutate("killSwitch.stop", { commandId, reason: "once more" });
      await sealed(commandId);
    } else expect(early).toMatchObject({ code: "REFUSED", message: expect.stringMatching(/^NOT_SEALED/) });

    await sealed();
    const proven = await receipt();
    expect(proven.accounts.map(({ account }) => account)).toEqual(
      (await view()).accounts.map(({ account }) => account),
    );
    for (const { account } of proven.accounts) expect(desk.lab?.truth(account)?.openOrders).toEqual([]);
    expect((await desk.query("orders.open")).data).toEqual([]);
  });

  it("is the same stop when it is pressed again, and never another one", async () => {
    const before = await receipt();
    expect((await desk.mutate("killSwitch.stop", { commandId: receiptId })).data).toEqual(before);
    const other = { commandId: receiptId, scope: { level: "market", market: "BTC" } };
    expect((await desk.mutate("killSwitch.stop", other)).code).toBe("BAD_INPUT");
  });

  it("is not loosened by anything but arming, with a reason", async () => {
    const loosen = desk.order({ scope: DESK, state: "ACTIVE" });
    expect((await desk.mutate("venues.setState", loosen)).message).toMatch(/^LATCHED: /);
    expect((await desk.mutate("killSwitch.arm", { commandId: randomUUID(), reason: " " })).code).toBe(
      "BAD_INPUT",
    );
    expect(await desk.mutate("killSwitch.arm", desk.order())).toMatchObject({ data: { armed: true } });
    expect((await desk.query("killSwitch.state")).data).toMatchObject({ entries: [] });
    expect((await view()).state).toBe("ACTIVE");
  });

  it("stays latched over a restart of engine and web, and is still told then", async () => {
    await desk.mutate("killSwitch.stop", { commandId: randomUUID(), reason: "x".repeat(2_000) });
    await desk.stopEngine();
    await desk.restartWeb();
    expect((await desk.query("killSwitch.state")).data).toMatchObject({ entries: [{ state: "KILLED" }] });
    // Without an engine the latch holds, and the receipt says what is not known.
    const commandId = randomUUID();
    const pressed = desk.mutate("killSwitch.stop", { commandId, reason: "no engine" });
    expect((await desk.query("quotes.desk")).code).toBe("ENGINE_UNREACHABLE");
    expect((await pressed).data).toMatchObject({
      latchedAtMs: expect.any(Number),
      acknowledgedAtMs: undefined,
    });
    await desk.startEngine();
    expect((await view()).state).toBe("KILLED");
    await until(async () => {
      const { data } = await desk.query("killSwitch.receipt", { receiptId: commandId });
      return (data as StopReceipt).accounts.some(({ sealedAtUs }) => sealedAtUs !== undefined);
    });
  });
});

it("has logged no error of its own in all that", () => {
  expect(desk.log.errors).toEqual([]);
});
