import { describe, expect, it } from "vitest";
import type { Command } from "../../../server/contract/commands.ts";
import type { EngineEvent } from "../../../server/contract/events.ts";
import type { Line } from "../../../server/contract/lines.ts";
import { step } from "../../../server/core/step.ts";
import { Projection } from "../../../server/projection/projection.ts";
import {
  BTC,
  coldDesk,
  FAIR_TICKS,
  fillOf,
  newCommandId,
  quotingDesk,
  readyDesk,
  restOwn,
  type Desk,
  type EventBody,
} from "../../support/desk.ts";

const EPOCH = 9;

/** Told of one event after another from here on. */
function follow(desk: Desk, firstSeq = 100): (event: EventBody) => readonly Line[] {
  const projection = new Projection(desk.engine, EPOCH);
  let seq = firstSeq;
  return (body) => {
    const event = { ...body, atUs: desk.nowUs } as EngineEvent;
    return projection.after(seq++, event, step(desk.engine, event));
  };
}

type LineOf<T extends Line["type"]> = Extract<Line, { readonly type: T }>;

function only<T extends Line["type"]>(type: T, lines: readonly Line[]): LineOf<T>[] {
  return lines.filter((line): line is LineOf<T> => line.type === type);
}

function command(of: Command, commandId = newCommandId()): EventBody {
  return { type: "command", commandId, actor: "ann", reason: "because", command: of };
}

const KILL = { type: "setTradingState", scope: { level: "desk" }, state: "KILLED" } as const;

describe("every line", () => {
  it("stands at its own place under the event that made it", () => {
    const lines = follow(quotingDesk())(command(KILL));
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.map(({ cursor }) => cursor)).toEqual(lines.map((_, at) => ({ epoch: EPOCH, seq: 100, at })));
  });

  it("is missing where nothing happened", () => {
    const desk = quotingDesk();
    const tell = follow(desk);
    expect(tell({ type: "trade", instrument: 0, priceTicks: FAIR_TICKS })).toEqual([]);
    expect(tell({ type: "feed", instrument: 0, status: "alive" })).toEqual([]);
    expect(tell({ type: "timer" })).toEqual([]);
  });
});

describe("a fill", () => {
  it("is told with its order and balances, in figures and in exact integers", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    const lines = follow(desk)(fillOf(order, 4, { feeAtoms: 25n }));
    const [fill] = only("fill", lines);
    expect(fill).toMatchObject({
      account: "v0",
      symbol: "BTC/USD",
      clientId: order.clientId,
      price: 99.9,
      sizeBase: 0.04,
      notionalAtoms: 399_600_000n,
      notionalQuote: 3.996,
      feeAtoms: 25n,
      fee: 25e-8,
    });
    // Bought ten cents below a fair value of 100.
    expect(fill?.edgeBps).toBeCloseTo(10, 6);
    expect(only("order", lines)).toMatchObject([
      { status: "PARTIALLY_FILLED", filledBase: 0.04, isFinal: false },
    ]);
    expect(only("balance", lines)).toMatchObject([
      { asset: "USD", balanceAtoms: 1_000_000n * BTC - 399_600_025n, baselineAtoms: 1_000_000n * BTC },
      { asset: "BTC", balanceAtoms: 1_000n * BTC + 4_000_000n },
    ]);
  });

  it("is not told again when the venue says it again", () => {
    const desk = readyDesk();
    const fill = fillOf(restOwn(desk), 4);
    const tell = follow(desk);
    expect(only("fill", tell(fill))).toHaveLength(1);
    expect(tell(fill)).toEqual([]);
  });

  it("of an order that had ended is told with that order", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    const tell = follow(desk);
    tell({ type: "orderCanceled", account: 0, clientId: order.clientId, filledLots: 0 });
    const lines = tell(fillOf(order, 3));
    expect(only("fill", lines)).toHaveLength(1);
    expect(only("order", lines)).toMatchObject([{ status: "CANCELED", filledBase: 0.03, isFinal: true }]);
    expect(only("notice", lines)).toMatchObject([{ code: "LATE_FILL", severity: "attention" }]);
  });

  it("names its order where the venue does not", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    const lines = follow(desk)(fillOf(order, 4, { clientId: undefined }));
    expect(only("fill", lines)).toMatchObject([{ clientId: order.clientId }]);
  });
});

describe("a command", () => {
  it("is told with its outcome, and with what it changed", () => {
    const desk = quotingDesk();
    const lines = follow(desk)(command(KILL, "kill-one"));
    expect(only("command", lines)).toMatchObject([
      {
        commandId: "kill-one",
        actor: "ann",
        reason: "because",
        command: KILL,
        accepted: true,
        code: undefined,
      },
    ]);
    expect(only("tradingState", lines)).toMatchObject([
      { scope: "desk", before: "ACTIVE", after: "KILLED", actor: "ann", reason: "because" },
    ]);
    expect(only("notice", lines)).toContainEqual(
      expect.objectContaining({ code: "TRADING_STATE", severity: "danger" }),
    );
    expect(only("order", lines).map(({ status }) => status)).toEqual(["PENDING_CANCEL", "PENDING_CANCEL"]);
  });

  it("that is refused is told with the reason, and changed nothing", () => {
    const lines = follow(readyDesk())(command({ type: "arm", scope: { level: "desk" } }));
    expect(lines).toMatchObject([{ type: "command", accepted: false, code: "NOT_LATCHED" }]);
  });

  it("that is sent again is not told again", () => {
    const tell = follow(quotingDesk());
    tell(command(KILL, "kill-two"));
    expect(tell(command(KILL, "kill-two"))).toEqual([]);
  });

  it("that sets what is set tells no change of state", () => {
    const tell = follow(quotingDesk());
    tell(command(KILL));
    expect(only("tradingState", tell(command(KILL)))).toEqual([]);
  });

  it("that sets parameters tells each before and after", () => {
    const desk = quotingDesk();
    const tell = follow(desk);
    const market = { level: "market", market: "BTC" } as const;
    const change = (expectedVersion: number, value: number | undefined): EventBody =>
      command({
        type: "setParameters",
        expectedVersion,
        changes: [{ scope: market, name: "spreadMultiplier", ...(value === undefined ? {} : { value }) }],
      });
    const setting = { level: "market", scope: "BTC", name: "spreadMultiplier" };
    expect(only("parameters", tell(change(1, 2)))).toMatchObject([
      {
        version: 2,
        actor: "ann",
        reason: "because",
        settings: [{ ...setting, before: undefined, after: 2 }],
      },
    ]);
    expect(only("parameters", tell(change(2, undefined)))).toMatchObject([
      { version: 3, settings: [{ ...setting, before: 2, after: undefined }] },
    ]);
  });

  it("that moves a baseline tells the balance that it is of", () => {
    const desk = quotingDesk();
    const lines = follow(desk)(
      command({ type: "setBaseline", account: "v0", asset: "BTC", baselineAtoms: 990n * BTC }),
    );
    expect(only("balance", lines)).toMatchObject([{ asset: "BTC", baselineAtoms: 990n * BTC }]);
  });
});

describe("the start of a desk", () => {
  it("tells the parameters that it was configured with as its first version", () => {
    const lines = only("parameters", follow(coldDesk(), 1)({ type: "timer" }));
    expect(lines).toMatchObject([{ version: 1, actor: "configuration", commandId: undefined }]);
    expect(lines[0]?.settings).toContainEqual({
      level: "desk",
      scope: "desk",
      name: "capital",
      before: undefined,
      after: 10_000,
    });
  });

  it("tells each account's way to READY, and its working stock", () => {
    const desk = coldDesk();
    const tell = follow(desk);
    expect(only("notice", tell({ type: "account", account: 0, status: "up" }))).toMatchObject([
      { code: "ACCOUNT_STATUS", severity: "info", scope: "v0" },
    ]);
    const balances = [
      { asset: "USD", totalAtoms: 5n * BTC },
      { asset: "BTC", totalAtoms: 7n * BTC },
    ];
    expect(only("balance", tell({ type: "balances", account: 0, balances }))).toMatchObject([
      { asset: "USD", balanceAtoms: 5n * BTC, baselineAtoms: 5n * BTC },
      { asset: "BTC", balanceAtoms: 7n * BTC, baselineAtoms: 7n * BTC },
    ]);
  });
});

describe("a restart", () => {
  it("is told as what it did to orders and state, and not as a first version", () => {
    const desk = quotingDesk();
    const diedAtUs = desk.nowUs;
    const tell = follow(desk, 1);
    desk.nowUs += 60_000_000;
    const lines = tell({ type: "restart", reason: "the engine was started again" });
    expect(only("parameters", lines)).toEqual([]);
    expect(only("order", lines).map(({ status }) => status)).toEqual(["UNKNOWN", "UNKNOWN"]);
    expect(only("tradingState", lines)).toMatchObject([
      { before: "ACTIVE", after: "DISARMED", actor: "engine", reason: "the engine was started again" },
    ]);
    // The time that nobody lived through belongs to the stretch without quotes.
    expect(only("uptime", lines)).toMatchObject([{ twoSided: true, toUs: diedAtUs }]);
  });
});

describe("quotes on both sides", () => {
  it("are told as a stretch of time when they end", () => {
    const desk = quotingDesk();
    const sinceUs = desk.state.instruments[0]?.uptime.sinceUs;
    const tell = follow(desk);
    desk.nowUs += 500_000;
    const lines = tell({ type: "feed", instrument: 0, status: "gap" });
    expect(only("uptime", lines)).toMatchObject([
      { account: "v0", symbol: "BTC/USD", twoSided: true, fromUs: sinceUs, toUs: desk.nowUs },
    ]);
  });
});

describe("equity", () => {
  it("is told once for every ten seconds, at the first event after each", () => {
    const desk = quotingDesk();
    const tell = follow(desk);
    const toldAtUs: number[] = [];
    const startUs = desk.nowUs - (desk.nowUs % 10_000_000);
    for (let second = 1; second <= 35; second += 1) {
      desk.nowUs = startUs + second * 1_000_000 - 1;
      desk.nowUs = Math.max(desk.nowUs, desk.state.nowUs);
      for (const event of [{ type: "feed", instrument: 0, status: "alive" }, { type: "timer" }] as const)
        toldAtUs.push(...only("equity", tell(event)).map(({ atUs }) => atUs));
    }
    const grid = toldAtUs.map((atUs) => Math.floor(atUs / 10_000_000));
    expect(new Set(grid).size).toBe(grid.length);
    expect(grid.length).toBe(3);
  });

  it("shows exposure and P&L that the desk shows too", () => {
    const desk = readyDesk();
    desk.send(fillOf(restOwn(desk), 10));
    const tell = follow(desk);
    desk.nowUs += 10_000_000;
    const [equity] = only("equity", tell({ type: "trade", instrument: 0, priceTicks: FAIR_TICKS }));
    expect(equity?.netExposure).toBeCloseTo(10, 9);
    expect(equity?.pnl.spreadCapture).toBeCloseTo(0.01, 9);
    expect(equity?.markets).toMatchObject([{ market: "BTC", fair: 100, inventoryBase: 0.1 }]);
  });
});

describe("a difference of balances", () => {
  it("is told as danger once it is a break", () => {
    const desk = readyDesk();
    const lines: Line[] = [];
    const tell = follow(desk);
    const balances = [
      { asset: "USD", totalAtoms: 1_000_000n * BTC },
      { asset: "BTC", totalAtoms: 999n * BTC },
    ];
    for (let time = 0; time < 3; time += 1) lines.push(...tell({ type: "balances", account: 0, balances }));
    expect(only("notice", lines)).toMatchObject([
      { code: "BALANCE_BREAK", severity: "danger" },
      { code: "ACCOUNT_STATUS", severity: "attention" },
    ]);
    expect(only("balance", lines)).toEqual([]);
  });
});
