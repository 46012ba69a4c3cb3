import { describe, expect, it } from "vitest";
import type { Command } from "../../../../server/contract/commands.ts";
import type { Effect } from "../../../../server/contract/effects.ts";
import { viewDesk } from "../../../../server/core/view.ts";
import { holdInventory, quotingDesk, sendBook, type Desk, newCommandId } from "../../../support/desk.ts";

/** Less than from one of our quotes to the other. */
const MOVED_TICKS = 10_003;

function typesIn(effects: readonly Effect[]): string[] {
  return effects.map(({ type }) => type);
}

function statuses(desk: Desk): string[] {
  return [...desk.state.orders.values()].map(({ status }) => status);
}

describe("a slot", () => {
  it("has one order: a wish that moves is an amendment, not a second order", () => {
    const desk = quotingDesk();
    desk.wait(1_000);
    expect(typesIn(sendBook(desk, 0, MOVED_TICKS))).toEqual(["amend", "amend"]);
    expect(statuses(desk)).toEqual(["OPEN", "OPEN"]);
  });

  it("is left alone within its tolerance at a venue that lies above fair value by its basis", () => {
    const desk = quotingDesk();
    const [inst] = desk.state.instruments;
    if (inst === undefined) throw new Error("no instrument");
    const [market] = desk.state.markets;
    // Fair value is about to move by the basis: that is not the jump it looks like.
    if (market !== undefined) market.params.jumpSigmas = 1e9;
    const basis = 0.0015 * 10_000 * inst.tickQuote;
    Object.assign(inst.basis, { valuePrice: basis, meanPrice: basis, heldPrice: basis });
    sendBook(desk, 0);
    desk.wait(1_000);
    const bid = desk.state.orders.get(inst.slots[0]?.clientId ?? "");
    expect(bid?.status).toBe("OPEN");
    expect((bid?.priceTicks ?? 0) * inst.tickQuote).toBeGreaterThan(market?.fair ?? Infinity);
    expect(typesIn(sendBook(desk, 0, 9_999))).toEqual([]);
  });

  it("is cancelled and placed again where a venue cannot amend, once the cancel is answered", () => {
    const desk = quotingDesk({ amend: ["none"] });
    desk.answers = false;
    expect(typesIn(sendBook(desk, 0, MOVED_TICKS))).toEqual(["cancel", "cancel"]);
    expect(typesIn(desk.wait(250))).toEqual([]);
    const [bid] = desk.state.orders.values();
    if (bid === undefined) throw new Error("not quoting");
    const canceled = { type: "orderCanceled", account: 0, clientId: bid.clientId, filledLots: 0 } as const;
    expect(typesIn(desk.send(canceled))).toEqual(["place"]);
  });

  it("gets no second order while the outcome of its first is UNKNOWN", () => {
    const desk = quotingDesk();
    desk.answers = false;
    const [bid] = desk.state.orders.values();
    if (bid === undefined) throw new Error("not quoting");
    desk.send({ type: "orderUnknown", account: 0, clientId: bid.clientId, request: "amend" });
    sendBook(desk, 0, MOVED_TICKS);
    const sent = desk.wait(5_000).filter((effect) => effect.type === "place" || effect.type === "amend");
    expect(sent.filter((effect) => effect.type === "place" || effect.clientId === bid.clientId)).toEqual([]);
  });

  it("that wants nothing asks again every half second to cancel an order that is UNKNOWN", () => {
    const desk = quotingDesk();
    desk.answers = false;
    const [bid] = desk.state.orders.values();
    if (bid === undefined) throw new Error("not quoting");
    desk.send({ type: "orderUnknown", account: 0, clientId: bid.clientId, request: "cancel" });
    const cancels = (effects: readonly Effect[]) =>
      effects.filter((effect) => effect.type === "cancel" && effect.clientId === bid.clientId);
    expect(cancels(desk.send({ type: "feed", instrument: 0, status: "gap" }))).toHaveLength(1);
    expect(cancels(desk.wait(250))).toHaveLength(0);
    expect(cancels(desk.wait(1_000))).toHaveLength(2);
  });

  it("whose amendment finds the venue's budget spent waits a second, and is cancelled if the market runs through it", () => {
    const desk = quotingDesk();
    const [market] = desk.state.markets;
    if (market !== undefined) market.params.jumpSigmas = 1e9;
    desk.wait(1_000);
    desk.answers = false;
    sendBook(desk, 0, MOVED_TICKS);
    for (const { clientId, status } of desk.state.orders.values())
      if (status === "PENDING_AMEND")
        desk.send({ type: "amendRejected", account: 0, clientId, reason: "RATE_LIMIT" });
    expect(typesIn(sendBook(desk, 0, MOVED_TICKS))).toEqual([]);
    // Above our ask, which would sell below what it is worth.
    const effects = sendBook(desk, 0, MOVED_TICKS + 8);
    const [bid, ask] = desk.state.instruments[0]?.slots ?? [];
    expect(effects).toEqual([{ type: "cancel", account: 0, instrument: 0, clientId: ask?.clientId ?? "" }]);
    expect((bid?.retryAtUs ?? 0) - desk.nowUs).toBe(1_000_000);
  });

  it.each([
    { refusal: "RATE_LIMIT", code: "RATE_LIMIT" },
    { refusal: "POST_ONLY_WOULD_TAKE", code: "VENUE_REFUSED" },
  ] as const)(
    "whose order the venue refused with $refusal says so while it waits: $code",
    ({ refusal, code }) => {
      const desk = quotingDesk();
      desk.answers = false;
      const side = () => viewDesk(desk.engine).markets[0]?.instruments[0]?.sides[0];
      desk.send({
        type: "orderCanceled",
        account: 0,
        clientId: side()?.order?.clientId ?? "",
        filledLots: 0,
      });
      const refusedAtUs = desk.nowUs;
      desk.send({
        type: "orderRejected",
        account: 0,
        clientId: side()?.order?.clientId ?? "",
        reason: refusal,
      });
      expect(side()).toMatchObject({ order: undefined, reason: { code, sinceUs: refusedAtUs } });
      expect(desk.state.refusals.get(code)).toBe(1);
      desk.wait(2_500);
      expect([side()?.order?.waitsFor, side()?.reason]).toEqual(["place", undefined]);
    },
  );

  it("is emptied when what rests in it would not be approved any more", () => {
    const desk = quotingDesk({ venues: 2 });
    const resting = [...desk.state.orders.values()].filter(({ side }) => side === "buy");
    expect(resting.map(({ sizeLots }) => sizeLots)).toEqual([200, 200]);
    const command: Command = {
      type: "setParameters",
      expectedVersion: 1,
      changes: [{ scope: { level: "desk" }, name: "netMaxPct", value: 3 }],
    };
    const effects = desk.send({
      type: "command",
      commandId: newCommandId(),
      actor: "ann",
      reason: "test",
      command,
    });
    // One of two buys of 200 lots is gone on each side: both together could exceed 300.
    expect(typesIn(effects).filter((type) => type === "cancel")).toHaveLength(2);
    expect(resting.map(({ status }) => status).sort()).toEqual(["CANCELED", "OPEN"]);
  });

  it("that the gate refuses is left empty, and the refusal counted once until it passes again", () => {
    const desk = quotingDesk({ parameters: { netMaxPct: 3 } });
    const count = () => desk.state.refusals.get("NET_LIMIT") ?? 0;
    const [bid, ask] = desk.state.instruments[0]?.slots ?? [];
    holdInventory(desk, 200);
    desk.wait(1_000);
    expect([bid?.refusedFor, bid?.clientId, count()]).toEqual(["NET_LIMIT", undefined, 1]);
    expect(ask?.clientId).toBeDefined();
    holdInventory(desk, -200);
    desk.wait(1_000);
    expect([bid?.refusedFor, bid?.clientId === undefined]).toEqual([undefined, false]);
    holdInventory(desk, 200);
    desk.wait(1_000);
    expect(count()).toBe(2);
  });
});
