import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { measureTweaks } from "../../../../server/bench/web/tweaks.ts";
import { ParameterChange } from "../../../../server/contract/params.ts";
import type { EngineLink } from "../../../../server/contract/link.ts";
import type { DeskView } from "../../../../server/contract/views.ts";

const FOLLOWS_AFTER_MS = 70;

/** An engine that quotes with each change a while after it has taken it. */
function fakeLink({ follows = true, takes = true } = {}) {
  let version = 5;
  let listener: ((view: DeskView) => void) | undefined;
  const changes: (readonly ParameterChange[])[] = [];
  const view = (quotingVersion: number) =>
    ({
      quotingVersion,
      markets: [{ model: undefined }, { model: { gammaPerQuote: 4e-4 } }],
    }) as unknown as DeskView;
  const link = {
    ask: ({ ask }: { ask: string }) => Promise.resolve(ask === "desk" ? view(version) : { version }),
    command({ command }: Parameters<EngineLink["command"]>[0]) {
      if (!takes || command.type !== "setParameters" || command.expectedVersion !== version)
        return Promise.resolve({ accepted: false, code: "BOUNDS", text: "too wide" });
      changes.push(command.changes);
      const taken = ++version;
      // A view from before comes in between.
      listener?.(view(taken - 1));
      if (follows) setTimeout(() => listener?.(view(taken)), FOLLOWS_AFTER_MS);
      return Promise.resolve({ accepted: true, paramVersion: taken });
    },
    watch(_topic: string, told: (view: DeskView) => void) {
      listener = told;
      told(view(version));
      return () => (listener = undefined);
    },
  } as unknown as EngineLink;
  return { link, changes, isWatched: () => listener !== undefined };
}

describe("measureTweaks", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("takes the time of each change until the quotes are all decided under it", async () => {
    const { link, changes, isWatched } = fakeLink();
    const measuring = measureTweaks(link);
    await vi.runAllTimersAsync();
    expect(new Set(await measuring)).toEqual(new Set([FOLLOWS_AFTER_MS]));
    expect(isWatched()).toBe(false);
    for (const [at, change] of changes.entries()) {
      expect(ParameterChange.array().safeParse(change).success).toBe(true);
      // The same as before would be followed by no quote.
      if (at >= 3) expect(change).not.toEqual(changes[at - 3]);
    }
    expect(new Set(changes.flat().map(({ name }) => name))).toEqual(
      new Set(["spreadMultiplier", "spreadAddBps", "riskAversionSource", "riskAversionPerQuote"]),
    );
  });

  it("ends with what the engine says when it refuses, and without quotes that follow", async () => {
    await expect(measureTweaks(fakeLink({ takes: false }).link)).rejects.toThrow("BOUNDS: too wide");
    const still = fakeLink({ follows: false });
    const [ended] = await Promise.allSettled([measureTweaks(still.link), vi.runAllTimersAsync()]);
    expect(ended).toMatchObject({ reason: { message: expect.stringContaining("no quotes with v6") } });
    expect(still.isWatched()).toBe(false);
  });
});
