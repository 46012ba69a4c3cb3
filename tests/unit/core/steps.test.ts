/** A venue changes its tick while orders, answers and fills in the old one are on their way. */
import { describe, expect, it } from "vitest";
import type { Effect } from "../../../server/contract/effects.ts";
import type { Steps } from "../../../server/contract/instrument.ts";
import type { Order } from "../../../server/core/orders/order.ts";
import type { InstrumentState } from "../../../server/core/state.ts";
import { recount, recountTerms, scalesIn } from "../../../server/core/steps.ts";
import { viewDesk } from "../../../server/core/view.ts";
import {
  BTC,
  fillOf,
  noticesIn,
  quotingDesk,
  readyDesk,
  restOwn,
  sendOpenOrders,
  USD,
  viewOf,
  type Desk,
} from "../../support/desk.ts";

const OLD: Steps = { tick: "0.01", lot: "0.01" };
/** Of 9,990 old ticks and 10 old lots: 999 and 100. */
const NEW: Steps = { tick: "0.1", lot: "0.001" };
/** A hundredth of an atom of the quote asset. */
const TOO_FINE: Steps = { tick: "0.00000001", lot: "0.01" };

function instOf(desk: Desk): InstrumentState {
  const [inst] = desk.state.instruments;
  if (inst === undefined) throw new Error("no instrument");
  return inst;
}

function change(desk: Desk, steps: Steps): readonly Effect[] {
  const { definition } = instOf(desk);
  const next = { ...definition, ...steps, version: definition.version + 1 };
  return desk.send({ type: "instrument", instrument: 0, definition: next });
}

function end(desk: Desk, { clientId, filledLots }: Order): void {
  desk.send({ type: "orderCanceled", account: 0, clientId, filledLots });
  desk.wait(250);
}

function balancesOf(desk: Desk): (bigint | undefined)[] {
  const { holdings } = desk.state.accounts[0] ?? {};
  return ["BTC", "USD"].map((asset) => holdings?.get(asset)?.balanceAtoms);
}

/** What a buy of 0.1 at 99.90 leaves. */
const AFTER_BUY = [1_000n * BTC + BTC / 10n, 1_000_000n * USD - (USD * 999n) / 100n];

describe("an order", () => {
  it("leaves with the steps that its price and size are counted in, and so do its amendments", () => {
    const desk = quotingDesk();
    const [order] = desk.state.orders.values();
    expect(order?.steps).toEqual(OLD);
    const moved = desk.wait(1_000).concat(
      desk.send({
        type: "book",
        instrument: 0,
        kind: "snapshot",
        bids: [10_002, 500],
        asks: [10_004, 500],
      }),
    );
    const amends = moved.filter((effect) => effect.type === "amend");
    expect(amends).toHaveLength(2);
    for (const { steps } of amends) expect(steps).toEqual(OLD);
    change(desk, NEW);
    desk.wait(250);
    const book = { bids: [999, 5_000], asks: [1_001, 5_000] };
    desk.send({ type: "book", instrument: 0, kind: "snapshot", ...book });
    const places = desk.wait(2_000).filter((effect) => effect.type === "place");
    const sent = [...desk.state.orders.values()].slice(-2).map(({ steps }) => steps);
    expect(sent).toEqual([NEW, NEW]);
    for (const { steps } of places) expect(steps).toEqual(NEW);
  });
});

describe("a fill", () => {
  it("that the venue counts in its new steps before we have them is booked to the atom", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    change(desk, NEW);
    desk.send(fillOf(order, 100, { priceTicks: 999, steps: NEW }));
    expect(instOf(desk).definition).toMatchObject(OLD);
    expect(balancesOf(desk)).toEqual(AFTER_BUY);
    expect(order).toMatchObject({ status: "FILLED", filledLots: 10, exposureLots: 0 });
    expect(instOf(desk).workingBuyLots).toBe(0);
    expect(desk.state.markets[0]?.inventoryBase).toBe(0.1);
  });

  it("of an order of the old steps that comes when we have the new ones is booked to the atom", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    change(desk, NEW);
    end(desk, order);
    expect(instOf(desk).definition).toMatchObject(NEW);
    const effects = desk.send(fillOf(order, 10, { steps: OLD }));
    expect(noticesIn(effects)).toContain("LATE_FILL");
    expect(noticesIn(effects)).not.toContain("OVERFILL");
    expect(balancesOf(desk)).toEqual(AFTER_BUY);
    expect(order.filledLots).toBe(10);
    expect(instOf(desk).ghosts).toEqual([]);
  });

  it("in steps that no atom of ours can hold is not booked, and said", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    const fill = fillOf(order, 10, { steps: TOO_FINE });
    const before = balancesOf(desk);
    expect(noticesIn(desk.send(fill))).toEqual(["UNBOOKED_FILL"]);
    expect(balancesOf(desk)).toEqual(before);
    expect(order.filledLots).toBe(0);
    // It is not taken for a known one: told in other steps it is booked.
    desk.send({ ...fill, steps: OLD });
    expect(order.filledLots).toBe(10);
  });
});

describe("what the venue says of an order in its new steps", () => {
  it("is read in the order's own: the answer to a question", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    const { account, clientId } = order;
    desk.send({ type: "orderUnknown", account, clientId, request: "amend" });
    change(desk, NEW);
    desk.wait(250);
    const terms = { priceTicks: 999, sizeLots: 100, filledLots: 0, steps: NEW } as const;
    const answer = { found: true, venueOrderId: "v1", status: "OPEN", ...terms } as const;
    desk.send({ type: "orderStatus", account, clientId, askedAtUs: desk.nowUs, answer });
    expect(order).toMatchObject({ priceTicks: 9_990, sizeLots: 10, exposureLots: 10 });
    expect(order.status).not.toBe("UNKNOWN");
  });

  it("is read in the order's own: the list of open orders", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    change(desk, NEW);
    const listed = { ...viewOf(order), priceTicks: 999, sizeLots: 100, filledLots: 30, steps: NEW };
    for (let i = 0; i < 3; i++) sendOpenOrders(desk, 0, [listed]);
    expect(order.venueFilledLots).toBe(3);
    expect(viewDesk(desk.engine).accounts[0]?.breaks).toMatchObject([
      { kind: "fill", ours: "0 BTC filled", venue: "0.03 BTC filled" },
    ]);
    const theirs = { ...listed, clientId: "web-1", venueOrderId: "w1" };
    sendOpenOrders(desk, 0, [listed, theirs]);
    expect(viewDesk(desk.engine).accounts[0]?.breaks).toContainEqual(
      expect.objectContaining({ what: "web-1", venue: "BTC/USD buy 0.1 at 99.9" }),
    );
  });
});

describe("a definition that is the one in force", () => {
  it("changes nothing and is not told, whatever its number", () => {
    const desk = quotingDesk();
    const definition = { ...instOf(desk).definition, version: 9 };
    const effects = desk.send({ type: "instrument", instrument: 0, definition });
    expect(noticesIn(effects)).toEqual([]);
    expect(instOf(desk).feed.void).toBe(false);
    expect(effects.filter(({ type }) => type === "cancel")).toEqual([]);
  });
});

describe("counts of other steps", () => {
  it.each([
    { count: 999, from: "0.1", to: "0.01", is: 9_990 },
    { count: 9_990, from: "0.01", to: "0.1", is: 999 },
    { count: 9_994, from: "0.01", to: "0.1", is: 999 },
    { count: 9_995, from: "0.01", to: "0.1", is: 1_000 },
    { count: 3, from: "0.04", to: "0.01", is: 12 },
    { count: 7, from: "5", to: "0.5", is: 70 },
    { count: 9_007_199_254_740_990, from: "0.00000001", to: "0.0000001", is: 900_719_925_474_099 },
  ])("$count of $from are $is of $to", ({ count, from, to, is }) => {
    expect(recount(count, from, to)).toBe(is);
  });

  it("are the same object where the steps are", () => {
    const terms = { priceTicks: 1, sizeLots: 2, filledLots: 0 };
    expect(recountTerms(terms, OLD, { ...OLD })).toBe(terms);
  });

  it("have no scales where they need more decimals than the desk's assets have", () => {
    const desk = readyDesk();
    const inst = instOf(desk);
    expect(scalesIn(desk.engine, inst, OLD)).toBe(inst);
    expect(scalesIn(desk.engine, inst, NEW)).toMatchObject({ tickQuote: 0.1, lotBase: 0.001 });
    expect(scalesIn(desk.engine, inst, TOO_FINE)).toBeUndefined();
  });
});
