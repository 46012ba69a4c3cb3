import { describe, expect, it } from "vitest";
import type { Command } from "../../../server/contract/commands.ts";
import { TRADING_STATES, type TradingState } from "../../../server/contract/tradingStates.ts";
import type { Effect } from "../../../server/contract/effects.ts";
import { read } from "../../../server/core/ledger/attribution.ts";
import { encodeState } from "../../../server/engine/hash/canonical.ts";
import {
  BTC,
  noticesIn,
  placeOwn,
  quotingDesk,
  readyDesk,
  sendOpenOrders,
  type Desk,
  newCommandId,
} from "../../support/desk.ts";

const DESK = { level: "desk" } as const;
const PLACES = [
  DESK,
  { level: "account", account: "v0" },
  { level: "market", market: "BTC" },
  { level: "side", account: "v0", symbol: "BTC/USD", side: "buy" },
] as const;

function command(desk: Desk, body: Command, commandId = newCommandId()): readonly Effect[] {
  return desk.send({ type: "command", commandId, actor: "ann", reason: "a test", command: body });
}

/** The outcome's code, or "accepted"; each command is acknowledged once, under its own id. */
function outcome(desk: Desk, body: Command): string {
  const sent = newCommandId();
  const acks = command(desk, body, sent).filter((effect) => effect.type === "acknowledge");
  expect(acks.map(({ commandId }) => commandId)).toEqual([sent]);
  const [ack] = acks;
  if (ack === undefined) return "none";
  return ack.outcome.accepted ? "accepted" : ack.outcome.code;
}

function set(state: TradingState, scope: (typeof PLACES)[number] = DESK): Command {
  return { type: "setTradingState", scope, state };
}

const change = (value: number, expectedVersion = 1): Command => ({
  type: "setParameters",
  expectedVersion,
  changes: [{ scope: DESK, name: "skewMaxBps", value }],
});

describe("a command", () => {
  const flatten = (market: string): Command => ({ type: "flatten", market, slippageMaxBps: 20 });
  const baseline = (account: string, asset: string): Command => ({
    type: "setBaseline",
    account,
    asset,
    baselineAtoms: 1n,
  });

  it.each([
    { name: "to pause", body: set("PAUSED") },
    { name: "to kill", body: set("KILLED") },
    { name: "to change a parameter", body: change(30) },
    { name: "to flatten", body: flatten("BTC") },
    { name: "to move a baseline", body: baseline("v0", "BTC") },
  ])("$name is accepted and acknowledged once with the version of the parameters", ({ body }) => {
    const desk = readyDesk();
    expect(outcome(desk, body)).toBe("accepted");
    const version = body.type === "setParameters" ? 2 : 1;
    expect(desk.state.layers.version).toBe(version);
  });

  it.each([
    {
      name: "to a venue that is not there",
      code: "UNKNOWN_SCOPE",
      body: { type: "setTradingState", scope: { level: "account", account: "v9" }, state: "KILLED" },
    },
    {
      name: "to arm what is not there",
      code: "UNKNOWN_SCOPE",
      body: { type: "arm", scope: { level: "market", market: "ETH" } },
    },
    { name: "to arm what is not latched", code: "NOT_LATCHED", body: { type: "arm", scope: DESK } },
    { name: "to flatten what is not there", code: "UNKNOWN_SCOPE", body: flatten("ETH") },
    { name: "to move the baseline of another account", code: "UNKNOWN_SCOPE", body: baseline("v9", "BTC") },
    { name: "to move the baseline of cash", code: "UNKNOWN_SCOPE", body: baseline("v0", "USD") },
    { name: "that read older parameters", code: "VERSION", body: change(30, 0) },
    { name: "that breaks a bound", code: "BOUNDS", body: change(501) },
    {
      name: "that contradicts",
      code: "CONTRADICTION",
      body: {
        type: "setParameters",
        expectedVersion: 1,
        changes: [
          { scope: DESK, name: "skewMaxBps", value: 30 },
          { scope: DESK, name: "collarBps", value: 1 },
        ],
      },
    },
    {
      name: "that does nothing",
      code: "INERT",
      body: {
        type: "setParameters",
        expectedVersion: 1,
        changes: [{ scope: DESK, name: "riskAversionPerQuote", value: 1 }],
      },
    },
  ] satisfies readonly { name: string; code: string; body: Command }[])(
    "$name is refused with $code and changes not a byte",
    ({ code, body }) => {
      const desk = quotingDesk({ venues: 2 });
      desk.send({ type: "timer" });
      const before = encodeState(desk.state);
      expect(outcome(desk, body)).toBe(code);
      expect(encodeState(desk.state)).toEqual(before);
    },
  );

  it("is obeyed once: sent again under its id it gets the outcome of the first time", () => {
    const desk = readyDesk();
    const sent = newCommandId();
    const acks = [change(30), change(40)].map((body) => command(desk, body, sent));
    expect(desk.state.layers.version).toBe(2);
    expect(desk.state.deskParams.skewMaxBps).toBe(30);
    expect(acks[1]).toEqual([
      { type: "acknowledge", commandId: sent, outcome: { accepted: true, paramVersion: 2 } },
    ]);
  });

  it("to stop is a stop again when it is sent again after somebody loosened the scope", () => {
    const desk = readyDesk();
    const scope = { level: "market", market: "BTC" } as const;
    const sent = newCommandId();
    command(desk, set("PAUSED", scope), sent);
    command(desk, set("ACTIVE", scope));
    command(desk, set("PAUSED", scope), sent);
    expect(desk.state.trading.markets).toEqual(["PAUSED"]);
  });

  it.each(PLACES)(
    "to arm at $level that is sent again neither arms what was stopped since nor says so",
    (scope) => {
      const desk = readyDesk();
      const sent = newCommandId();
      const answers: string[] = [];
      const stop = (): void => {
        command(desk, set("KILLED", scope));
        desk.wait(5_000);
        sendOpenOrders(desk, 0, []);
      };
      const arm = (): void => {
        for (const effect of command(desk, { type: "arm", scope }, sent))
          if (effect.type === "acknowledge")
            answers.push(effect.outcome.accepted ? "accepted" : effect.outcome.code);
      };
      stop();
      arm();
      arm();
      stop();
      const before = encodeState(desk.state);
      arm();
      expect(answers).toEqual(["accepted", "accepted", "STOPPED_SINCE"]);
      expect(encodeState(desk.state)).toEqual(before);
      expect(outcome(desk, { type: "arm", scope })).toBe("accepted");
    },
  );

  it("that was refused may be sent again under its id", () => {
    const desk = readyDesk();
    const sent = newCommandId();
    command(desk, change(30, 0), sent);
    command(desk, change(30), sent);
    expect(desk.state.layers.version).toBe(2);
  });

  it("says in its notice who did it and why", () => {
    const effects = command(readyDesk(), set("PAUSED"));
    const text = "ACTIVE → PAUSED by ann: a test";
    expect(effects).toContainEqual({ type: "notice", code: "TRADING_STATE", scope: "desk", text });
  });
});

describe("a trading state", () => {
  it.each(PLACES)(
    "at $level is loosened by a command up to PAUSED, and by arming alone beyond it",
    (scope) => {
      for (const from of TRADING_STATES)
        for (const to of TRADING_STATES) {
          const desk = readyDesk();
          command(desk, set(from, scope));
          const latched = from === "DISARMED" || from === "KILLED";
          const loosens = to !== "DISARMED" && to !== "KILLED";
          expect(outcome(desk, set(to, scope))).toBe(latched && loosens ? "LATCHED" : "accepted");
        }
    },
  );

  it("that is KILLED stays KILLED when someone disarms it", () => {
    const desk = readyDesk();
    command(desk, set("KILLED"));
    expect(outcome(desk, set("DISARMED"))).toBe("accepted");
    expect(desk.state.trading.desk).toBe("KILLED");
  });

  it("of a market or a side is armed once none of its orders is left", () => {
    for (const scope of PLACES.slice(2)) {
      const desk = readyDesk();
      const { account, clientId } = placeOwn(desk);
      const elsewhere = placeOwn(desk, { side: "sell" });
      command(desk, set("KILLED", scope));
      expect(outcome(desk, { type: "arm", scope })).toBe("NOT_SEALED");
      for (const id of scope.level === "market" ? [clientId, elsewhere.clientId] : [clientId])
        desk.send({ type: "orderCanceled", account, clientId: id, filledLots: 0 });
      expect(outcome(desk, { type: "arm", scope })).toBe("accepted");
    }
  });

  it("of a desk with real venues is not armed at any scope, and quotes nothing meanwhile", () => {
    const desk = readyDesk({
      adjust: (config) => ({ ...config, initialState: "DISARMED", venues: "live" }),
    });
    desk.answers = true;
    for (const scope of PLACES) {
      command(desk, set("DISARMED", scope));
      expect(outcome(desk, { type: "arm", scope })).toBe("NOT_READY_FOR_LIVE");
    }
    desk.wait(30_000);
    expect(desk.state.orders.size).toBe(0);
  });

  it.each([
    { state: "PAUSED", resting: 0 },
    { state: "DISARMED", resting: 0 },
    { state: "KILLED", resting: 0 },
    { state: "REDUCE_ONLY", resting: 0 },
    { state: "ACTIVE", resting: 2 },
  ] as const)("of $state leaves $resting quotes of a flat desk in the market", ({ state, resting }) => {
    const desk = quotingDesk();
    command(desk, set(state));
    const quotes = [...desk.state.orders.values()].filter(({ status }) => status === "OPEN");
    expect(quotes).toHaveLength(resting);
  });

  it.each(PLACES)("at $level pulls the quotes below it and no others", (scope) => {
    const desk = quotingDesk({ venues: 2 });
    command(desk, set("PAUSED", scope));
    const quoted = desk.state.instruments.map(({ slots }) => slots.map(({ reason }) => reason ?? "quoted"));
    const below = { desk: [4, 0], market: [4, 0], account: [2, 2], side: [1, 3] }[scope.level];
    const flat = quoted.flat();
    const count = (reason: string) => flat.filter((other) => other === reason).length;
    expect([count("PAUSED"), count("quoted")]).toEqual(below);
  });
});

describe("a change of parameters", () => {
  it("moves the quotes in the same step, and is told", () => {
    const desk = quotingDesk();
    const effects = command(desk, {
      type: "setParameters",
      expectedVersion: 1,
      changes: [{ scope: DESK, name: "spreadAddBps", value: 20 }],
    });
    expect(effects.filter(({ type }) => type === "amend")).toHaveLength(2);
    expect(noticesIn(effects)).toEqual(["PARAMETERS"]);
  });

  it("made twice from the same reading is refused the second time", () => {
    const desk = readyDesk();
    expect([outcome(desk, change(30)), outcome(desk, change(40))]).toEqual(["accepted", "VERSION"]);
    expect(desk.state.deskParams.skewMaxBps).toBe(30);
  });
});

describe("moving a baseline", () => {
  it("moves the inventory by as much the other way and makes no profit or loss", () => {
    const desk = readyDesk();
    command(desk, { type: "setBaseline", account: "v0", asset: "BTC", baselineAtoms: 997n * BTC });
    const [market] = desk.state.markets;
    expect(market?.inventoryBase).toBe(3);
    expect(market?.position.quantityAtoms).toBe(3n * BTC);
    desk.send({ type: "timer" });
    if (market === undefined) throw new Error("no market");
    expect(read(market.attribution)).toMatchObject({ total: 0, revaluation: 0 });
    desk.send({ type: "book", instrument: 0, kind: "snapshot", bids: [10_099, 500], asks: [10_101, 500] });
    // From then on it is a position like any other: three times one dollar.
    expect(read(market.attribution)?.total).toBeCloseTo(3, 9);
  });
});
