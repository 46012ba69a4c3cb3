import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { asOfText, Dated, titleAsOf } from "../../../../components/bar/asOf.tsx";
import { STALE_AFTER_MS } from "../../../../components/stream/protocol.ts";

describe("a value of the bar", () => {
  it.each([
    { ageMs: -40, expected: undefined },
    { ageMs: STALE_AFTER_MS, expected: undefined },
    { ageMs: STALE_AFTER_MS + 1, expected: "as of 3.0 s ago" },
    { ageMs: 12_400, expected: "as of 12 s ago" },
    { ageMs: 90_000, expected: "as of 1 min 30 s ago" },
  ])("that is $ageMs ms old says: $expected", ({ ageMs, expected }) => {
    expect(asOfText(ageMs)).toBe(expected);
  });

  it("stands as it is while it is fresh", () => {
    expect(renderToStaticMarkup(<Dated asOf={undefined}>ACTIVE</Dated>)).toBe(
      '<span class="relative">ACTIVE</span>',
    );
    expect(titleAsOf("Quotes rest.", undefined)).toBe("Quotes rest.");
  });

  it("is greyed once it is old, and says so in its title and to screen readers", () => {
    const old = renderToStaticMarkup(<Dated asOf="as of 12 s ago">ACTIVE</Dated>);
    expect(old).toMatch(/^<span data-stale="true" title="as of 12 s ago" class="relative stale">ACTIVE/);
    expect(old).toContain('<span class="sr-only">, as of 12 s ago</span>');
    expect(titleAsOf("Quotes rest.", "as of 12 s ago")).toBe("Quotes rest. · as of 12 s ago");
  });
});
