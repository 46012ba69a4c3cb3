import { describe, expect, it } from "vitest";
import { advanceSlowLoop, createSlowLoop, type SlowLoop } from "../../../../server/core/estimate/slowLoop.ts";

/** Runs the loop ten times a second; each job needs the given number of slices. */
function run(
  loop: SlowLoop,
  slices: Readonly<Record<string, number>>,
  from: number,
  timers: number,
): string[] {
  const left = { ...slices };
  const ran: string[] = [];
  for (let timer = 0; timer < timers; timer++) {
    const name = advanceSlowLoop(loop, (from + timer) * 100_000, (job) => {
      left[job] = (left[job] ?? 0) - 1;
      if (left[job] > 0) return false;
      left[job] = slices[job] ?? 0;
      return true;
    });
    ran.push(name ?? "-");
  }
  return ran;
}

describe("the slow loop", () => {
  it("runs one slice a timer, a job to its end, and the others after it", () => {
    const loop = createSlowLoop([
      { name: "a", intervalS: 1 },
      { name: "b", intervalS: 1 },
    ]);
    expect(run(loop, { a: 3, b: 2 }, 0, 7).join("")).toBe("aaabb--");
  });

  it("begins a job again at its interval from when it began", () => {
    const loop = createSlowLoop([{ name: "a", intervalS: 1 }]);
    expect(run(loop, { a: 2 }, 0, 22).join("")).toBe("aa--------aa--------aa");
  });

  it("lets the one that has been due the longest go first, so that no long job starves a short one", () => {
    const loop = createSlowLoop([
      { name: "l", intervalS: 0.1 },
      { name: "s", intervalS: 0.3 },
    ]);
    expect(run(loop, { l: 4, s: 1 }, 0, 15).join("")).toBe("llllsllllllllsl");
  });

  it("does the same from a copy of its state", () => {
    const loop = createSlowLoop([
      { name: "a", intervalS: 0.5 },
      { name: "b", intervalS: 0.7 },
    ]);
    run(loop, { a: 1, b: 1 }, 0, 8);
    const copy = structuredClone(loop);
    expect(run(copy, { a: 1, b: 1 }, 8, 20)).toEqual(run(loop, { a: 1, b: 1 }, 8, 20));
  });
});
