import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VENUE_REFUSALS } from "../../server/contract/reasons.ts";
import { isFinal, ORDER_STATUSES, type Order } from "../../server/core/orders/order.ts";
import { viewDesk } from "../../server/core/view.ts";
import {
  fillOf,
  newCommandId,
  quotingDesk,
  sendBalances,
  sendBook,
  sendOpenOrders,
  type Desk,
} from "../support/desk.ts";

const which = fc.nat({ max: 9 });
const action = fc.oneof(
  fc.record({ do: fc.constant("accept" as const), which }),
  fc.record({ do: fc.constant("reject" as const), which, reason: fc.constantFrom(...VENUE_REFUSALS) }),
  fc.record({ do: fc.constant("refuseAmend" as const), which, reason: fc.constantFrom(...VENUE_REFUSALS) }),
  fc.record({ do: fc.constant("end" as const), which }),
  fc.record({ do: fc.constant("forget" as const), which }),
  fc.record({ do: fc.constant("fill" as const), which, lots: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ do: fc.constant("book" as const), which, byTicks: fc.integer({ min: -30, max: 30 }) }),
  fc.record({ do: fc.constant("gap" as const), which }),
  fc.record({ do: fc.constant("stream" as const), which, isUp: fc.boolean() }),
  fc.record({
    do: fc.constant("state" as const),
    state: fc.constantFrom("PAUSED" as const, "ACTIVE" as const),
  }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 10, max: 900 }) }),
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

describe("a side that could be quoted", () => {
  it("has an order or a reason, whatever venues, books and people do", () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 10, maxLength: 60 }), (actions) => {
        const desk = quotingDesk({ venues: 2 });
        desk.answers = false;
        for (const todo of actions) {
          desk.nowUs += 1;
          perform(desk, todo);
          expectAccountedFor(desk, todo);
        }
      }),
      { numRuns: 150, seed: 31 },
    );
  });
});

function expectAccountedFor(desk: Desk, after: Action): void {
  for (const { instruments } of viewDesk(desk.engine).markets)
    for (const { account, sides } of instruments)
      for (const { side, order, reason } of sides) {
        const isThere = order !== undefined && !isFinal(statusOf(order.status));
        if (!isThere && reason === undefined)
          expect.fail(`${side} at ${account} after ${JSON.stringify(after)}`);
      }
}

function statusOf(text: string): Order["status"] {
  return ORDER_STATUSES.find((status) => status === text) ?? "FILLED";
}

function perform(desk: Desk, todo: Action): void {
  switch (todo.do) {
    case "book":
      sendBook(desk, todo.which % 2, 10_000 + todo.byTicks);
      return;
    case "gap":
      desk.send({ type: "feed", instrument: todo.which % 2, status: "gap" });
      return;
    case "stream":
      desk.send({ type: "account", account: todo.which % 2, status: todo.isUp ? "up" : "down" });
      if (!todo.isUp) return;
      sendOpenOrders(desk, todo.which % 2, []);
      sendBalances(desk, todo.which % 2);
      return;
    case "state": {
      const command = { type: "setTradingState", scope: { level: "desk" }, state: todo.state } as const;
      desk.send({ type: "command", commandId: newCommandId(), actor: "ann", reason: "a test", command });
      return;
    }
    case "wait":
      desk.wait(todo.ms);
      return;
    case "accept":
    case "reject":
    case "refuseAmend":
    case "end":
    case "forget":
    case "fill":
      return report(desk, todo);
  }
}

function report(
  desk: Desk,
  todo: Extract<Action, { do: "accept" | "reject" | "refuseAmend" | "end" | "forget" | "fill" }>,
): void {
  const live = [...desk.state.orders.values()].filter(({ status }) => !isFinal(status));
  const order = live[todo.which % Math.max(1, live.length)];
  if (order === undefined) return;
  const { account, clientId, filledLots } = order;
  switch (todo.do) {
    case "accept":
      desk.send({ type: "orderAccepted", account, clientId, venueOrderId: `v${clientId}` });
      return;
    case "reject":
      desk.send({ type: "orderRejected", account, clientId, reason: todo.reason });
      return;
    case "refuseAmend":
      desk.send({ type: "amendRejected", account, clientId, reason: todo.reason });
      return;
    case "end":
      desk.send({ type: "orderCanceled", account, clientId, filledLots });
      return;
    case "forget":
      desk.send({ type: "orderUnknown", account, clientId, request: "place" });
      return;
    case "fill":
      desk.send(fillOf(order, Math.min(todo.lots, order.sizeLots - filledLots) || 1));
  }
}
