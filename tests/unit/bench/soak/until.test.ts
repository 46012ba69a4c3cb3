import { expect, it } from "vitest";
import { until } from "../../../../server/bench/soak/until.ts";

it("asks until it is so", async () => {
  let asked = 0;
  expect(await until(async () => ++asked === 3, 60_000, 1)).toBe(true);
  expect(asked).toBe(3);
});

it("gives up in time", async () => {
  expect(await until(() => false, 5, 1)).toBe(false);
});
