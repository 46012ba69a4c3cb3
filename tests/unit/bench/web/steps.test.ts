import { describe, expect, it } from "vitest";
import { median, watchSteps } from "../../../../server/bench/web/steps.ts";
import type { EngineLink, SystemView } from "../../../../server/contract/link.ts";

describe("watchSteps", () => {
  it("takes the median of what the engine said in the window, and lets go of it", async () => {
    let watchers = 0;
    const views = [30, undefined, 10, 900, 20].map((stepP99Us) => ({ stepP99Us, eventsPerSecond: 100 }));
    const link: Pick<EngineLink, "watch"> = {
      watch: (_topic, listener) => {
        watchers += 1;
        for (const view of views) (listener as (value: unknown) => void)(view as SystemView);
        return () => (watchers -= 1);
      },
    };
    expect(await watchSteps(link, () => true)).toEqual({ stepP99Us: 30, eventsPerSecond: 100 });
    expect(watchers).toBe(0);
  });
});

describe("median", () => {
  it("is the value in the middle", () => {
    expect(median([5, 1, 9])).toBe(5);
    expect(median([4])).toBe(4);
    expect(() => median([])).toThrow("nothing");
  });
});
