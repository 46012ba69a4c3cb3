import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CheckError, type Finding } from "../../../../../server/venues/ccxt/certify/check.ts";
import { CHECK_NAMES } from "../../../../../server/venues/ccxt/certify/checkNames.ts";
import { runCheck } from "../../../../../server/venues/ccxt/certify/runCheck.ts";
import type { Trial } from "../../../../../server/venues/ccxt/certify/trial.ts";
import { quietSession } from "./quietSession.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const name = CHECK_NAMES.life;
const TERMS = { side: "buy", priceTicks: 100, sizeLots: 1 } as const;

function begin(run: (trial: Trial) => Promise<Finding>) {
  const ended = new AbortController();
  const { session, sent } = quietSession();
  return { ended, sent, result: runCheck({ name, run }, session, ended.signal) };
}

/** Never has enough. */
async function greedy(trial: Trial): Promise<Finding> {
  for (;;) {
    trial.send(trial.order(TERMS));
    await trial.pause(1_000);
  }
}

describe("a check", () => {
  it("says what it found, or what it did not", async () => {
    expect(await begin(async () => ({ evidence: "so" })).result).toEqual({
      name,
      outcome: "passed",
      evidence: "so",
    });
    expect(await begin(async () => ({ skip: "none" })).result).toMatchObject({ outcome: "skipped" });
    const failing = async (): Promise<Finding> => {
      throw new CheckError("not so");
    };
    expect(await begin(failing).result).toEqual({ name, outcome: "failed", evidence: "not so" });
  });

  it("sends nothing any more once it is late, and is over before what comes next", async () => {
    const { sent, result } = begin(greedy);
    await vi.advanceTimersByTimeAsync(90_000);
    expect(await result).toEqual({ name, outcome: "failed", evidence: "no end within 90 s" });
    const count = sent.length;
    expect(count).toBeGreaterThan(80);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(sent).toHaveLength(count);
  });

  it("is waited for a while when it hangs, and sends nothing when it wakes up", async () => {
    let wake = (): void => undefined;
    const slept = new Promise<void>((resolve) => (wake = resolve));
    let isOver = false;
    const { sent, result } = begin(async (trial) => {
      await slept;
      trial.send(trial.order(TERMS));
      return { evidence: "too late" };
    });
    void result.then(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(95_000);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await result).toMatchObject({ outcome: "failed", evidence: "no end within 90 s" });
    wake();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual([]);
  });

  it("that a person ends is neither passed nor failed", async () => {
    const { ended, sent, result } = begin(greedy);
    await vi.advanceTimersByTimeAsync(2_500);
    ended.abort();
    expect(await result).toEqual({ name, outcome: "skipped", evidence: "it was ended" });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toHaveLength(3);
  });

  it("does not quote keys and signatures of what failed", async () => {
    const failing = async (): Promise<Finding> => {
      throw new Error("GET https://x/order?apiKey=abc123&signature=def456 failed");
    };
    const { evidence } = await begin(failing).result;
    expect(evidence).toContain("failed");
    expect(evidence).not.toMatch(/abc123|def456/);
  });
});
