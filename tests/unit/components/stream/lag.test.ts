import { describe, expect, it } from "vitest";
import { createLagMeter } from "../../../../components/stream/lag.ts";

/** Arrivals with the engine's instants in milliseconds, each by the browser's monotonic clock. */
function lags(
  arrivals: readonly (readonly [engineMs: number, arrivedMs: number])[],
  clockSpeed = 1,
): number[] {
  const meter = createLagMeter();
  return arrivals.map(([engineMs, arrivedMs]) =>
    Math.round(meter.lagMs("system", { atUs: engineMs * 1_000, clockSpeed }, arrivedMs)),
  );
}

describe("the lag of a stream", () => {
  it("is none while values come as quickly as ever, whatever the clocks say", () => {
    expect(
      lags([
        [5_000_000, 100],
        [5_000_100, 200],
        [5_000_200, 300],
      ]),
    ).toEqual([0, 0, 0]);
  });

  it("is how much later than the quickest a value comes, also when they come in an unbroken row", () => {
    expect(
      lags([
        [1_000, 50],
        [1_100, 150],
        [1_200, 4_250],
        [1_300, 4_350],
        [1_400, 4_450],
      ]),
    ).toEqual([0, 0, 4_000, 4_000, 4_000]);
  });

  it("is found in hindsight to be smaller than thought: the first values may have been slow", () => {
    expect(
      lags([
        [1_000, 900],
        [1_100, 200],
        [1_200, 1_000],
      ]),
    ).toEqual([0, 0, 700]);
  });

  it("goes by the engine's clock as fast as it runs", () => {
    expect(
      lags(
        [
          [0, 0],
          [10_000, 1_000],
          [20_000, 3_500],
        ],
        10,
      ),
    ).toEqual([0, 0, 1_500]);
  });

  it("begins anew when the engine's time goes back, as another engine's does, and with another connection", () => {
    const meter = createLagMeter();
    meter.lagMs("desk", { atUs: 9e9 }, 0);
    expect(meter.lagMs("desk", { atUs: 1e9 }, 100)).toBe(0);
    expect(meter.lagMs("desk", { atUs: 1e9 }, 900)).toBeCloseTo(800, 0);
    meter.restart();
    expect(meter.lagMs("desk", { atUs: 1e9 }, 1_000)).toBe(0);
  });

  it("does not take half a day of drifting clocks for a delay, but a delay of seconds for what it is", () => {
    const hours = 12 * 3_600_000;
    const [, drifted] = lags([
      [0, 0],
      [hours - 1_000, hours],
    ]);
    expect(drifted).toBeLessThanOrEqual(0);
    const [, late] = lags([
      [0, 0],
      [600_000, 605_000],
    ]);
    expect(late).toBeGreaterThan(4_900);
  });

  it.each([undefined, 7, "text", {}, { atUs: undefined }])("is not asked of %j", (value) => {
    expect(createLagMeter().lagMs("desk", value, 1)).toBe(0);
  });
});
