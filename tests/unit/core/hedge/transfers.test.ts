import { describe, expect, it } from "vitest";
import {
  exhaustionByDriftS,
  exhaustionByFillsS,
  isTransferDue,
} from "../../../../server/core/hedge/transfers.ts";

describe("the time until a venue runs out", () => {
  it("grows with the square of the buffer under balanced flow", () => {
    // Steps of 2 at 0.125 a second each way add a variance of 1 per second: B² seconds to leave ±B.
    expect(exhaustionByFillsS(10, 0.125, 2)).toBe(100);
    expect(exhaustionByFillsS(20, 0.125, 2)).toBe(400);
  });

  it("grows with the buffer under one-sided flow, whichever side", () => {
    expect(exhaustionByDriftS(10, 0.5)).toBe(20);
    expect(exhaustionByDriftS(10, -0.5)).toBe(20);
    expect(exhaustionByDriftS(10, 0)).toBe(Infinity);
  });
});

describe("a transfer", () => {
  it.each([
    { name: "little is left and not for long", shareLeft: 0.19, exhaustionS: 1_700, due: true },
    {
      name: "little is left, but it lasts for three transfers",
      shareLeft: 0.19,
      exhaustionS: 1_800,
      due: false,
    },
    { name: "it goes fast, but a fifth is left", shareLeft: 0.2, exhaustionS: 60, due: false },
  ])("is due or not where $name", ({ shareLeft, exhaustionS, due }) => {
    expect(isTransferDue({ shareLeft, exhaustionS, transferS: 600 })).toBe(due);
  });
});
