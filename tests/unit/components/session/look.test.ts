import { describe, expect, it } from "vitest";
import { formatLook, parseLook, SCHEMES, THEMES } from "../../../../components/session/look.ts";

describe("the look of a browser", () => {
  it("comes back from its cookie as it was", () => {
    for (const theme of THEMES)
      for (const scheme of SCHEMES)
        expect(parseLook(formatLook({ theme, scheme }))).toEqual({ theme, scheme });
  });

  it("is the default where the cookie is missing or was not written by us", () => {
    for (const text of [undefined, "", "dark", "x.y", 'dark."><script>'])
      expect(parseLook(text).scheme).toBe("teal-coral");
    expect(parseLook("nonsense.red-up")).toEqual({ theme: "system", scheme: "red-up" });
  });
});
