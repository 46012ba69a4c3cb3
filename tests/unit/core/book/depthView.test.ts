import { describe, expect, it } from "vitest";
import { applyDelta, applySnapshot, createBook } from "../../../../server/core/book/book.ts";
import { createDepthView, viewDelta, viewSnapshot } from "../../../../server/core/book/depthView.ts";

/** A view of 3 levels on bids of 5. */
function viewed() {
  const full = createBook();
  applySnapshot(full, [100, 1, 99, 2, 98, 3, 97, 4, 96, 5], [101, 1]);
  const view = createDepthView(3);
  expect(viewSnapshot(view, full)).toEqual({ bids: [100, 1, 99, 2, 98, 3], asks: [101, 1] });
  return { full, view };
}

describe("a view of the best levels", () => {
  it.each([
    { name: "a change in sight", given: [99, 7], expected: [99, 7] },
    {
      name: "a level that leaves and the one that comes into sight",
      given: [100, 0],
      expected: [100, 0, 97, 4],
    },
    {
      name: "a level that enters and the one it pushes out of sight",
      given: [101, 6],
      expected: [101, 6, 98, 0],
    },
    { name: "two that leave", given: [100, 0, 98, 0], expected: [100, 0, 98, 0, 97, 4, 96, 5] },
    {
      name: "a side that empties",
      given: [100, 0, 99, 0, 98, 0, 97, 0, 96, 0],
      expected: [100, 0, 99, 0, 98, 0],
    },
  ])("sends $name", ({ given, expected }) => {
    const { full, view } = viewed();
    applyDelta(full, given, []);
    expect(viewDelta(view, full)).toEqual({ bids: expected, asks: [] });
    expect(viewDelta(view, full)).toBeUndefined();
  });

  it("sends nothing for what happens out of sight", () => {
    const { full, view } = viewed();
    applyDelta(full, [96, 0, 95, 3, 97, 9], []);
    expect(viewDelta(view, full)).toBeUndefined();
  });

  it("starts over with a snapshot", () => {
    const { full, view } = viewed();
    applySnapshot(full, [50, 1], []);
    expect(viewSnapshot(view, full)).toEqual({ bids: [50, 1], asks: [] });
    expect(viewDelta(view, full)).toBeUndefined();
  });
});
