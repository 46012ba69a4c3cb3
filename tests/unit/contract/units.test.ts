import { expect, it } from "vitest";
import { bpsOf, oppositeSide, SECONDS_PER_YEAR, sideSign } from "../../../server/contract/units.ts";

it("signs a side by what its fill does to inventory", () => {
  expect([sideSign("buy"), sideSign("sell")]).toEqual([1, -1]);
});

it("turns a side around", () => {
  expect([oppositeSide("buy"), oppositeSide("sell")]).toEqual(["sell", "buy"]);
});

it("takes basis points of a price", () => {
  expect(bpsOf(20_000, 1)).toBeCloseTo(2, 12);
  expect(bpsOf(20_000, -50)).toBeCloseTo(-100, 12);
});

it("counts a year around the clock", () => {
  expect(SECONDS_PER_YEAR).toBe(365 * 24 * 60 * 60);
});
