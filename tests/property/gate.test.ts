import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { VenueAccount } from "../../server/contract/instrument.ts";
import type { Effect } from "../../server/contract/effects.ts";
import { isFinal, isQuiet, type Order } from "../../server/core/orders/order.ts";
import { amendOrder, cancelOrder, placeOrder } from "../../server/core/orders/requests.ts";
import { judge, type OrderIntent } from "../../server/core/risk/gate.ts";
import { holdInventory, LOTS, readyDesk, type Desk } from "../support/desk.ts";
import { audit } from "../support/exposureAuditor.ts";
import { WildVenues } from "../support/wildVenues.ts";

const VENUES = 3;
const ASSET_LIMIT_LOTS = 1_000;
const VENUE_LIMIT_LOTS = 600;

const pick = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const venue = fc.nat({ max: VENUES - 1 });
const lots = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 700 }));
const ticks = fc.integer({ min: 1, max: 90 });

/** What may happen next; the likelier, the more often it stands here. */
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("place" as const), venue, buys: fc.boolean(), lots, ticks }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("amend" as const), pick, lots, ticks }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const), pick }) },
  { weight: 14, arbitrary: fc.record({ do: fc.constant("arrive" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lose" as const), pick }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("trade" as const), pick, lots }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("expire" as const), pick }) },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constant("deliver" as const),
      pick,
      again: fc.constantFrom(true, false, false),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("forget" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("unknown" as const), pick }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 50, max: 1_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("stream" as const),
      venue,
      up: fc.constantFrom(true, true, false),
    }),
  },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

const THREE = { minLength: VENUES, maxLength: VENUES };

function perform(desk: Desk, venues: WildVenues, todo: Action): void {
  switch (todo.do) {
    case "place": {
      const side = todo.buys ? "buy" : "sell";
      return place(desk, venues, { role: "quote", instrument: todo.venue, side, ...terms(side, todo) });
    }
    case "amend": {
      const order = pickLive(desk, todo.pick);
      if (order === undefined || !isQuiet(order.status)) return;
      const { role, instrument, side, filledLots } = order;
      const { priceTicks, sizeLots } = terms(side, todo);
      const intent = { role, instrument, side, priceTicks, sizeLots: sizeLots + filledLots, amends: order };
      const verdict = judge(desk.engine, intent);
      if (verdict.ok) venues.carry(effectsOf((out) => amendOrder(desk.engine, verdict.order, out)));
      return;
    }
    case "cancel": {
      const order = pickLive(desk, todo.pick);
      if (order !== undefined) venues.carry(effectsOf((out) => cancelOrder(desk.engine, order, out)));
      return;
    }
    case "unknown": {
      const order = pickLive(desk, todo.pick);
      if (order === undefined) return;
      const { account, clientId } = order;
      return venues.tell({ type: "orderUnknown", account, clientId, request: "place" });
    }
    case "arrive":
      return venues.arrive(todo.pick);
    case "lose":
      return venues.lose(todo.pick);
    case "trade":
      return venues.trade(todo.pick, todo.lots);
    case "expire":
      return venues.expire(todo.pick);
    case "deliver":
      return venues.deliver(todo.pick, todo.again);
    case "forget":
      return venues.forget(todo.pick);
    case "wait":
      return venues.carry(desk.wait(todo.ms));
    case "stream":
      return venues.tell({ type: "account", account: todo.venue, status: todo.up ? "up" : "down" });
  }
}

function terms(side: "buy" | "sell", { ticks: away, lots: sizeLots }: { ticks: number; lots: number }) {
  return { priceTicks: side === "buy" ? 10_000 - away : 10_000 + away, sizeLots };
}

function place(desk: Desk, venues: WildVenues, intent: OrderIntent): void {
  const verdict = judge(desk.engine, intent);
  if (verdict.ok) venues.carry(effectsOf((out) => placeOrder(desk.engine, verdict.order, -1, out)));
}

function effectsOf(act: (out: Effect[]) => unknown): Effect[] {
  const out: Effect[] = [];
  act(out);
  return out;
}

function pickLive(desk: Desk, share: number): Order | undefined {
  const live = [...desk.state.orders.values()].filter((order) => !isFinal(order.status));
  return live[Math.floor(share * live.length)];
}

/** Inside the limit, or no larger than what is held and on the same side. */
function expectAllowed(heldLots: number, worstLots: number, limitLots: number): void {
  const shrinks = heldLots * worstLots > 0 && Math.abs(worstLots) <= Math.abs(heldLots);
  if (Math.abs(worstLots) > limitLots && !shrinks)
    expect.fail(`holding ${heldLots}, the worst case ${worstLots} exceeds ${limitLots}`);
}

function amendsTwice(desk: Desk): (account: number) => boolean {
  return (account) => desk.engine.config.accounts[account]?.amend === "cancel-new";
}

function auditAll(desk: Desk, venues: WildVenues, startLots: readonly number[]): void {
  const twice = amendsTwice(desk);
  const total = audit(venues, desk.nowUs, twice);
  const held = total.filledLots + startLots.reduce((sum, start) => sum + start, 0);
  expectAllowed(held, held + total.buyLots, ASSET_LIMIT_LOTS);
  expectAllowed(held, held - total.sellLots, ASSET_LIMIT_LOTS);
  for (const [account, start] of startLots.entries()) {
    const there = audit(venues, desk.nowUs, twice, account);
    const heldThere = there.filledLots + start;
    expectAllowed(heldThere, heldThere + there.buyLots, VENUE_LIMIT_LOTS);
    expectAllowed(heldThere, heldThere - there.sellLots, VENUE_LIMIT_LOTS);
  }
}

/** What the desk reckons with is never less than what may happen: fills under way are in one or the other. */
function expectNothingForgotten(desk: Desk, venues: WildVenues, startLots: readonly number[]): void {
  for (const [account, start] of startLots.entries()) {
    const there = audit(venues, desk.nowUs, amendsTwice(desk), account);
    const held = start + there.filledLots;
    const known = Math.round((desk.state.accounts[account]?.holdings.get("BTC")?.inventoryUnits ?? 0) * LOTS);
    const inst = desk.state.instruments[account];
    if (known + (inst?.workingBuyLots ?? 0) < held + there.buyLots) expect.fail("a buy is forgotten");
    if (known - (inst?.workingSellLots ?? 0) > held - there.sellLots) expect.fail("a sell is forgotten");
  }
}

/** The network calms down: the private streams start again, everything arrives, and all questions are answered. */
function settle(desk: Desk, venues: WildVenues): void {
  venues.forgetful = false;
  venues.carry(desk.wait(1));
  for (let account = 0; account < VENUES; account++) venues.tell({ type: "account", account, status: "up" });
  const halfSeconds = 12;
  for (let i = 0; i < halfSeconds; i++) {
    venues.carry(desk.wait(500));
    while (venues.requests.length + venues.reports.length > 0) {
      venues.arrive(0);
      venues.deliver(0, false);
    }
  }
}

/** A desk and its venues after random actions, with a look at both after each. */
function play(run: Run, look: (desk: Desk, venues: WildVenues) => void): { desk: Desk; venues: WildVenues } {
  const desk = readyDesk({ venues: VENUES, amend: run.amend, parameters: { venueMaxPct: 6 } });
  for (const [account, start] of run.startLots.entries())
    if (start !== 0) holdInventory(desk, start, account);
  const venues = new WildVenues(desk);
  for (const todo of run.actions) {
    perform(desk, venues, todo);
    look(desk, venues);
  }
  return { desk, venues };
}

const run = fc.record({
  amend: fc.array(fc.constantFrom<VenueAccount["amend"]>("in-place", "cancel-new"), THREE),
  startLots: fc.array(fc.integer({ min: -700, max: 700 }), THREE),
  actions: fc.array(action, { minLength: 20, maxLength: 150, size: "max" }),
});
type Run = typeof run extends fc.Arbitrary<infer R> ? R : never;

describe("the gate, whatever the venues and the network do", () => {
  it("keeps the true worst case within the limits after every step", () => {
    fc.assert(
      fc.property(run, (given) => {
        play(given, (desk, venues) => auditAll(desk, venues, given.startLots));
      }),
      { numRuns: 200, seed: 11 },
    );
  });

  it("never reckons with less than what may still happen", () => {
    fc.assert(
      fc.property(run, (given) => {
        play(given, (desk, venues) => expectNothingForgotten(desk, venues, given.startLots));
      }),
      { numRuns: 200, seed: 13 },
    );
  });

  it("knows the truth again once everything has arrived: no exposure is lost, none is kept for ever", () => {
    fc.assert(
      fc.property(run, (given) => {
        const { desk, venues } = play(given, () => undefined);
        settle(desk, venues);
        const { filledLots, buyLots, sellLots } = audit(venues, desk.nowUs, amendsTwice(desk));
        const held = given.startLots.reduce((sum, start) => sum + start, filledLots);
        const [market] = desk.state.markets;
        expect(market?.inventoryBase).toBeCloseTo(held / LOTS, 9);
        expect(desk.state.instruments.reduce((sum, inst) => sum + inst.workingBuyLots, 0)).toBe(buyLots);
        expect(desk.state.instruments.reduce((sum, inst) => sum + inst.workingSellLots, 0)).toBe(sellLots);
        const live = [...desk.state.orders.values()].filter(({ status }) => !isFinal(status));
        expect(live.filter(({ status, exposureLots }) => !isQuiet(status) || exposureLots === 0)).toEqual([]);
      }),
      { numRuns: 200, seed: 12 },
    );
  });
});
