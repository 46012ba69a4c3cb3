import { expect, it } from "vitest";
import { quotingDesk } from "../../support/desk.ts";
it("x", () => {
  const desk = quotingDesk({ venues: 3 });
  console.log(
    desk.state.instruments.map((i) => [i.reason, i.slots, [...desk.state.orders.values()].slice(0, 2)]),
  );
  console.dir([...desk.state.refusals]);
  expect(1).toBe(1);
});
