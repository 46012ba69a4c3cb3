import { describe, expect, it } from "vitest";
import type { Effect, PlaceEffect } from "../../../../server/contract/effects.ts";
import type { ParameterChange } from "../../../../server/contract/params.ts";
import {
  coldDesk,
  FAIR_TICKS,
  fillOf,
  newCommandId,
  readyDesk,
  sendBook,
  START_US,
  type Desk,
  type DeskShape,
} from "../../../support/desk.ts";

const BAND = { hedging: "band", hedgeBandOrders: 2 } as const;

function hedgingDesk(shape: DeskShape = {}): Desk {
  const desk = readyDesk({
    venues: 3,
    ...shape,
    adjust: (config) => ({ ...config, hedging: "simulated" }),
    parameters: { orderNotionalPct: 1, ...shape.parameters },
  });
  // Quotes are answered; what takes is the test's.
  desk.answers = true;
  desk.wait(25_000);
  desk.answers = false;
  return desk;
}

const takesIn = (effects: readonly Effect[]): PlaceEffect[] =>
  effects.filter((effect) => effect.type === "place").filter(({ timeInForce }) => timeInForce === "IOC");

/** A position that somebody else's fill made, and the takes that follow in a while. */
function takesAfter(desk: Desk, lots: number, ms = 1_000): PlaceEffect[] {
  const side = lots > 0 ? "buy" : "sell";
  const theirs = { account: 0, instrument: 0, clientId: "", side, priceTicks: FAIR_TICKS } as const;
  const effects = desk.send(fillOf(theirs, Math.abs(lots), { clientId: undefined }));
  return takesIn([...effects, ...desk.wait(ms)]);
}

const setHedging = (desk: Desk, changes: readonly ParameterChange[]) =>
  desk
    .send({
      type: "command",
      commandId: newCommandId(),
      actor: "ann",
      reason: "test",
      command: { type: "setParameters", expectedVersion: desk.state.layers.version, changes: [...changes] },
    })
    .find(({ type }) => type === "acknowledge");

describe("a desk that may not hedge", () => {
  it.each([
    { name: "hedging", value: "band" },
    { name: "hedging", value: "every-fill" },
    { name: "hedgedQuoting", value: true },
  ] as const)("refuses $name: $value with NOT_AVAILABLE, by command and by configuration", (change) => {
    const desk = readyDesk();
    const changes = [{ scope: { level: "desk" }, ...change }] as const;
    expect(setHedging(desk, changes)).toMatchObject({ outcome: { accepted: false, code: "NOT_AVAILABLE" } });
    expect(() => coldDesk({ parameters: { [change.name]: change.value } })).toThrow(/may not hedge/);
  });

  it("may say that it does not hedge, and take a setting back", () => {
    const desk = readyDesk();
    const none = [{ scope: { level: "desk" }, name: "hedging", value: "none" }] as const;
    expect(setHedging(desk, none)).toMatchObject({ outcome: { accepted: true } });
    const back = [{ scope: { level: "desk" }, name: "hedgedQuoting" }] as const;
    expect(setHedging(desk, back)).toMatchObject({ outcome: { accepted: true } });
  });
});

describe("a hedge", () => {
  it("takes off what exceeds the band, and no more, with one IOC order", () => {
    // An order is 1 % of 10,000 at 100: one BTC, and the band two.
    const takes = takesAfter(hedgingDesk({ parameters: BAND }), 350);
    expect(takes).toHaveLength(1);
    expect(takes[0]).toMatchObject({ side: "sell", sizeLots: 150, selfTrade: "EXPIRE_MAKER" });
  });

  it("buys back a short", () => {
    expect(takesAfter(hedgingDesk({ parameters: BAND }), -350)).toMatchObject([
      { side: "buy", sizeLots: 150 },
    ]);
  });

  it("leaves what is within the band", () => {
    expect(takesAfter(hedgingDesk({ parameters: BAND }), 200)).toEqual([]);
  });

  it("leaves everything to the quotes when nobody asked for it", () => {
    expect(takesAfter(hedgingDesk(), 900)).toEqual([]);
  });

  it("takes everything off where every fill is hedged", () => {
    const desk = hedgingDesk({ parameters: { hedging: "every-fill" } });
    expect(takesAfter(desk, 37)).toMatchObject([{ side: "sell", sizeLots: 37 }]);
  });

  it("goes to the venue that pays most, priced to the slippage that is allowed below it", () => {
    const desk = hedgingDesk({ parameters: { ...BAND, hedgeSlippageBps: 10 } });
    desk.send({ type: "book", instrument: 1, kind: "snapshot", bids: [10_000, 500], asks: [10_002, 500] });
    expect(takesAfter(desk, 350)).toMatchObject([{ account: 1, instrument: 1, priceTicks: 9_990 }]);
  });

  const pause = (desk: Desk, account: string): void => {
    const command = {
      type: "setTradingState",
      scope: { level: "account", account },
      state: "PAUSED",
    } as const;
    desk.send({ type: "command", commandId: newCommandId(), actor: "ann", reason: "test", command });
  };

  it("goes to the next venue where the best one may not carry it", () => {
    const desk = hedgingDesk({ parameters: { ...BAND, hedgeSlippageBps: 10 } });
    desk.send({ type: "book", instrument: 1, kind: "snapshot", bids: [10_000, 500], asks: [10_002, 500] });
    pause(desk, "v1");
    expect(takesAfter(desk, 350)).toMatchObject([{ account: 0, sizeLots: 150 }]);
  });

  it("carries the half that the gate lets pass where no venue may carry all of it", () => {
    // Two BTC at a venue, of which its own ask may sell one.
    const desk = hedgingDesk({ parameters: { ...BAND, venueMaxPct: 2 } });
    pause(desk, "v0");
    expect(takesAfter(desk, 350)).toMatchObject([{ account: 1, sizeLots: 75 }]);
    expect(desk.state.refusals.get("VENUE_LIMIT")).toBeUndefined();
  });

  it("waits while the journal's disk is full", () => {
    const desk = hedgingDesk({ parameters: BAND });
    desk.send({ type: "storage", status: "DISK_LOW", text: "a test" });
    expect(takesAfter(desk, 350)).toEqual([]);
    expect(desk.state.refusals.get("STORAGE")).toBeGreaterThan(0);
    desk.send({ type: "storage", status: "OK", text: "well again" });
    expect(takesIn(desk.wait(250))).toHaveLength(1);
  });

  it("goes to a venue that shows all of it", () => {
    const desk = hedgingDesk({ parameters: BAND });
    for (const instrument of [0, 2])
      desk.send({ type: "book", instrument, kind: "snapshot", bids: [9_999, 10], asks: [10_001, 500] });
    expect(takesAfter(desk, 350)).toMatchObject([{ account: 1 }]);
  });

  it("waits for its answer before the next, and then takes what is left", () => {
    const desk = hedgingDesk({ parameters: BAND });
    const [first] = takesAfter(desk, 350, 2_000);
    const order = desk.state.orders.get(first?.clientId ?? "");
    if (first === undefined || order === undefined) throw new Error("a hedge was placed");
    desk.send({ type: "orderAccepted", account: first.account, clientId: first.clientId, venueOrderId: "v" });
    desk.send(fillOf(order, 100, { liquidity: "taker", venueAtUs: START_US }));
    const next = desk.send({
      type: "orderCanceled",
      account: first.account,
      clientId: first.clientId,
      filledLots: 100,
    });
    expect(takesIn([...next, ...desk.wait(250)])).toMatchObject([{ side: "sell", sizeLots: 50 }]);
  });

  it("does not begin while the desk is disarmed, and says so", () => {
    const desk = hedgingDesk({ parameters: BAND });
    const command = { type: "setTradingState", scope: { level: "desk" }, state: "DISARMED" } as const;
    desk.send({ type: "command", commandId: newCommandId(), actor: "ann", reason: "test", command });
    expect(takesAfter(desk, 350)).toEqual([]);
    expect(desk.state.refusals.get("STATE")).toBeGreaterThan(0);
  });

  it("uses the model's own band where none is set: within it nothing, far beyond it the excess", () => {
    const parameters = { hedging: "band", targetInventorySdPct: 1 } as const;
    const far = takesAfter(hedgingDesk({ parameters: { ...parameters, orderNotionalPct: 0.1 } }), 450);
    expect(far).toHaveLength(1);
    expect(far[0]?.sizeLots).toBeLessThan(450);
    expect(
      takesAfter(hedgingDesk({ parameters: { hedging: "band", targetInventorySdPct: 100 } }), 50),
    ).toEqual([]);
  });

  it("is not sized by a book that may not be used", () => {
    const desk = hedgingDesk({ parameters: BAND });
    for (const instrument of [0, 1, 2]) desk.send({ type: "feed", instrument, status: "gap" });
    expect(takesAfter(desk, 350)).toEqual([]);
    sendBook(desk, 2);
    expect(takesIn(desk.wait(250))).toMatchObject([{ account: 2 }]);
  });
});
