import { describe, expect, it } from "vitest";
import { withNearLimits } from "../../../../components/charts/nearLimits.ts";

describe("the limits in the picture of an inventory", () => {
  it.each([
    { name: "stay out while it is far from both", given: [-0.4, 0.4], limit: 1, expected: [-0.4, 0.4] },
    { name: "come in where it is near", given: [-0.1, 0.6], limit: 1, expected: [-0.1, 1] },
    { name: "come in on the short side", given: [-0.5, 0.1], limit: 1, expected: [-1, 0.1] },
    { name: "never cut what is beyond them", given: [-1.2, 1.3], limit: 1, expected: [-1.2, 1.3] },
    { name: "are none where there is no limit", given: [-5, 5], limit: undefined, expected: [-5, 5] },
  ] as const)("$name", ({ given: [minValue, maxValue], limit, expected }) => {
    expect(Object.values(withNearLimits({ minValue, maxValue }, limit))).toEqual(expected);
  });
});
