import { describe, expect, it } from "vitest";
import {
  describePlan,
  describeVictims,
  hitsEngine,
  planOf,
  VICTIMS,
  WHOLE_DESK,
} from "../../../../server/bench/soak/plan.ts";

const PLANS = Array.from({ length: 50 }, (_, at) => planOf(at + 1));

describe("the plans of a soak", () => {
  it("are the same for the same seed, and others for another", () => {
    expect(planOf(7)).toEqual(planOf(7));
    expect(new Set(PLANS.map(describePlan)).size).toBe(PLANS.length);
  });

  it.each(["supervisor", "web", "recorder", "database", "lab", "the whole desk", "everything"])(
    "strike %s",
    (victim) => {
      const struck = PLANS.map(({ victims }) =>
        describePlan({ ...PLANS[0], victims } as (typeof PLANS)[number]),
      );
      expect(struck.some((text) => text.startsWith(`${victim} `))).toBe(true);
    },
  );

  it("leave a whole desk its venues", () => {
    expect(VICTIMS.filter((victim) => !WHOLE_DESK.includes(victim))).toEqual(["lab"]);
    expect(describeVictims(["supervisor", "web", "recorder", "lab"])).toBe("supervisor+web+recorder+lab");
    expect(PLANS.filter(({ victims }) => victims === WHOLE_DESK).length).toBeGreaterThan(PLANS.length / 10);
  });

  it("strike trading, changes and stops, once and twice", () => {
    expect(new Set(PLANS.map(({ during }) => during)).size).toBe(3);
    const twice = PLANS.filter(({ again }) => again !== undefined).length;
    expect(twice).toBeGreaterThan(5);
    expect(twice).toBeLessThan(PLANS.length / 2);
  });

  it("kill a crowded desk whole while it trades, once or twice, and nobody stops it before", () => {
    const whole = Array.from({ length: 50 }, (_, at) => planOf(at + 1, true));
    for (const { during, victims, stops } of whole)
      expect({ during, victims, stops }).toEqual({ during: "trading", victims: WHOLE_DESK, stops: false });
    expect(new Set(whole.map(({ afterMs }) => afterMs)).size).toBeGreaterThan(40);
    expect(whole.some(({ again }) => again !== undefined)).toBe(true);
  });

  it("let the engine live in few", () => {
    expect(PLANS.filter(({ victims }) => hitsEngine(victims)).length).toBeGreaterThan(PLANS.length / 2);
    expect(hitsEngine(["recorder", "lab", "database"])).toBe(false);
    expect(hitsEngine(["supervisor"])).toBe(true);
  });
});
