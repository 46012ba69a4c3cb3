/** Random trading through the gate at wild venues, as data that fast-check can shrink. */
import fc from "fast-check";
import type { Effect } from "../../server/contract/effects.ts";
import type { VenueAccount } from "../../server/contract/instrument.ts";
import type { Side } from "../../server/contract/units.ts";
import { isFinal, isQuiet, type Order } from "../../server/core/orders/order.ts";
import { amendOrder, cancelOrder, placeOrder } from "../../server/core/orders/requests.ts";
import { judge } from "../../server/core/risk/gate.ts";
import { FAIR_TICKS, holdInventory, readyDesk, type Desk, type DeskShape } from "./desk.ts";
import { WildVenues } from "./wildVenues.ts";

/** A share of a list. Not fc.double, whose values crowd at zero: nothing would ever overtake anything. */
const pick = fc.nat({ max: 99 }).map((percent) => percent / 100);
const lots = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 700 }));
const ticks = fc.integer({ min: 1, max: 90 });
const sometimes = fc.constantFrom(true, false, false);

/** Something of this name happens; the heavier, the oftener. */
function happens<N extends string, T extends object>(
  name: N,
  weight: number,
  details: { readonly [K in keyof T]: fc.Arbitrary<T[K]> },
): { weight: number; arbitrary: fc.Arbitrary<T & { readonly do: N }> } {
  return { weight, arbitrary: fc.record<T>(details).map((known) => ({ ...known, do: name })) };
}

function actionAt(venues: number) {
  const venue = fc.nat({ max: venues - 1 });
  return fc.oneof(
    happens("place", 6, { venue, buys: fc.boolean(), lots, ticks }),
    happens("amend", 8, { pick, lots, ticks }),
    happens("cancel", 2, { pick }),
    happens("arrive", 14, { pick }),
    happens("lose", 1, { pick }),
    happens("trade", 4, { pick, lots }),
    happens("expire", 1, { pick }),
    happens("deliver", 14, { pick, again: sometimes }),
    happens("forget", 1, { pick }),
    happens("timeOut", 3, { pick }),
    happens("wait", 3, { ms: fc.integer({ min: 50, max: 1_000 }) }),
    happens("stream", 1, { venue, down: sometimes }),
  );
}
type Action = ReturnType<typeof actionAt> extends fc.Arbitrary<infer A> ? A : never;

export interface Run {
  readonly amend: readonly VenueAccount["amend"][];
  /** Inventory at each venue before the first order. */
  readonly startLots: readonly number[];
  readonly actions: readonly Action[];
}

export function runs(venues: number): fc.Arbitrary<Run> {
  const each = { minLength: venues, maxLength: venues };
  return fc.record({
    amend: fc.array(fc.constantFrom<VenueAccount["amend"]>("in-place", "cancel-new"), each),
    startLots: fc.array(fc.integer({ min: -700, max: 700 }), each),
    actions: fc.array(actionAt(venues), { minLength: 20, maxLength: 150, size: "max" }),
  });
}

export interface Played {
  readonly desk: Desk;
  readonly venues: WildVenues;
}

/** Plays the run on a new desk, with a look after each action. */
export function play(
  run: Run,
  shape: DeskShape = {},
  look: (played: Played) => void = () => undefined,
): Played {
  const { amend, startLots } = run;
  const desk = readyDesk({ venues: startLots.length, amend, ...shape });
  for (const [account, start] of startLots.entries()) if (start !== 0) holdInventory(desk, start, account);
  const venues = new WildVenues(desk);
  for (const todo of run.actions) {
    // No two things happen at one instant: what was asked before something must not look simultaneous with it.
    desk.nowUs += 1;
    perform(desk, venues, todo);
    look({ desk, venues });
  }
  return { desk, venues };
}

/** Longer than any expiry and its margin. */
const SETTLING_MS = 6_000;
const ROUND_MS = 500;

/** The network calms down: the private streams start again, everything arrives, and all questions are answered. */
export function settle({ desk, venues }: Played): void {
  venues.forgetful = false;
  venues.carry(desk.wait(1));
  for (const { index } of desk.state.accounts) venues.tell({ type: "account", account: index, status: "up" });
  for (let passedMs = 0; passedMs < SETTLING_MS; passedMs += ROUND_MS) {
    venues.carry(desk.wait(ROUND_MS));
    while (venues.requests.length + venues.reports.length > 0) {
      venues.arrive(0);
      venues.deliver(0, false);
    }
  }
}

function perform(desk: Desk, venues: WildVenues, todo: Action): void {
  switch (todo.do) {
    case "place":
      return place(desk, venues, todo.venue, todo.buys ? "buy" : "sell", todo);
    case "amend": {
      const order = pickLive(desk, todo.pick);
      return order === undefined ? undefined : amend(desk, venues, order, todo);
    }
    case "cancel": {
      const order = pickLive(desk, todo.pick);
      if (order !== undefined) venues.carry(effectsOf((out) => cancelOrder(desk.engine, order, out)));
      return;
    }
    case "timeOut": {
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
      return venues.tell({ type: "account", account: todo.venue, status: todo.down ? "down" : "up" });
  }
}

interface Terms {
  readonly lots: number;
  readonly ticks: number;
}

function place(desk: Desk, venues: WildVenues, instrument: number, side: Side, terms: Terms): void {
  const priceTicks = priceOf(side, terms.ticks);
  const verdict = judge(desk.engine, { role: "quote", instrument, side, priceTicks, sizeLots: terms.lots });
  if (verdict.ok) venues.carry(effectsOf((out) => placeOrder(desk.engine, verdict.order, -1, out)));
}

function amend(desk: Desk, venues: WildVenues, order: Order, terms: Terms): void {
  if (!isQuiet(order.status)) return;
  const { role, instrument, side } = order;
  const priceTicks = priceOf(side, terms.ticks);
  const sizeLots = terms.lots + order.filledLots;
  const verdict = judge(desk.engine, { role, instrument, side, priceTicks, sizeLots, amends: order });
  if (verdict.ok) venues.carry(effectsOf((out) => amendOrder(desk.engine, verdict.order, out)));
}

/** On its own side of fair value, so that our orders never cross. */
function priceOf(side: Side, awayTicks: number): number {
  return side === "buy" ? FAIR_TICKS - awayTicks : FAIR_TICKS + awayTicks;
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
