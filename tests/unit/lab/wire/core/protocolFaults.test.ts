import { expect, it } from "vitest";
import { createProtocolFaults } from "../../../../../server/lab/wire/core/protocolFaults.ts";

function faults() {
  let steadyUs = 1_000;
  const own = createProtocolFaults({ steadyUs: () => steadyUs });
  return { ...own, wait: (ms: number): void => void (steadyUs += ms * 1_000) };
}

it("gives out each fault once, and of an instrument at that instrument alone", () => {
  const { order, take } = faults();
  order({ kind: "gap", instrument: 1 });
  order({ kind: "cancelRace" });
  order({ kind: "cancelRace" });
  expect([take("gap", 0), take("gap", 1), take("gap", 1)]).toEqual([false, true, false]);
  expect([take("cancelRace"), take("cancelRace"), take("cancelRace")]).toEqual([true, true, false]);
  expect(take("partialBatch")).toBe(false);
});

it("is in what lasts for its time, each kind for itself", () => {
  const { order, isIn, span, wait } = faults();
  order({ kind: "maintenance", forMs: 10 });
  expect([isIn("maintenance"), isIn("ban")]).toEqual([true, false]);
  expect(span("maintenance")).toEqual({ sinceUs: 1_000, untilUs: 11_000 });
  wait(9);
  expect(isIn("maintenance")).toBe(true);
  wait(1);
  expect(isIn("maintenance")).toBe(false);
  expect(span("maintenance")).toBeUndefined();
});
