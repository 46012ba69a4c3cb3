import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { Age, isStaleAge } from "../../../../components/ui/age.tsx";

describe("the age of a figure", () => {
  it("greys what is older than two seconds, or was never heard", () => {
    expect([0, 2_000, 2_001, undefined].map(isStaleAge)).toEqual([false, false, true, true]);
  });

  it.each([
    [3, "0.1 s", "text-secondary"],
    [1_000, "1.0 s", "text-secondary"],
    [1_040, "◐ 1.1 s", "text-attention"],
    [undefined, "◐ no feed", "text-attention"],
  ])("is quiet for a second and loud then, with a shape as well as a colour: %s ms", (ageMs, text, tone) => {
    const markup = renderToStaticMarkup(<Age ageMs={ageMs} title="last word" />);
    expect(markup.replace(/<[^>]+>/g, "")).toBe(text);
    expect(markup).toContain(tone);
  });
});
