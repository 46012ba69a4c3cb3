import { describe, expect, it } from "vitest";
import { curveText } from "../../../../components/market/markoutsCurve.tsx";
import { toxicityText } from "../../../../components/market/markoutsPanel.tsx";
import { heightOf, markoutScale, stretchesOf } from "../../../../components/market/markoutsScale.ts";
import type { SideFlowView, VenueEstimatesView } from "../../../../server/contract/estimates.ts";

type Point = readonly [horizonS: number, bps: number | undefined, stderrBps?: number];

function sideOf(points: readonly Point[], change: Partial<SideFlowView> = {}): SideFlowView {
  return {
    side: "buy",
    cost: {
      name: "expected loss c",
      help: "",
      unit: "bps",
      status: "WARM",
      value: 0.3,
      stderr: undefined,
      nEff: 0,
      ageMs: undefined,
    },
    markouts: points.map(([horizonS, bps, stderrBps]) => ({ horizonS, bps, stderrBps, nEff: 3 })),
    toxicity: undefined,
    verdict: "NORMAL",
    fills: 0,
    untilUs: undefined,
    ...change,
  };
}

function venueOf(...sides: readonly SideFlowView[]): VenueEstimatesView {
  return { account: "okx", symbol: "BTC/USDT", law: "exponential", estimates: [], sides, models: [] };
}

describe("the scale of the markout curves", () => {
  it("holds zero and every interval of every venue", () => {
    const scale = markoutScale([
      venueOf(sideOf([[1, -0.5, 0.25]])),
      venueOf(sideOf([[5, -0.1, 0.4]]), sideOf([[5, undefined]])),
    ]);
    expect(scale).toEqual({ lowBps: -0.75, highBps: expect.closeTo(0.3) });
    expect(heightOf(scale.highBps, scale)).toBe(0);
    expect(heightOf(scale.lowBps, scale)).toBe(1);
  });

  it("does not blow nothing up to a curve", () => {
    expect(markoutScale([])).toEqual({ lowBps: -0.1, highBps: 0.1 });
    expect(markoutScale([venueOf(sideOf([[1, -0.05, 0]]))])).toEqual({
      lowBps: expect.closeTo(-0.125),
      highBps: expect.closeTo(0.075),
    });
  });
});

describe("a markout curve", () => {
  it("breaks where nothing is known of a horizon, or not how well", () => {
    const known: Point[] = [
      [0.1, -0.1, 0.1],
      [1, undefined],
      [5, -0.3, 0.1],
      [30, -0.2, 0.1],
      [60, 4],
    ];
    const stretches = stretchesOf(sideOf(known));
    expect(stretches.map((stretch) => stretch.map(({ at, bps }) => [at, bps]))).toEqual([
      [[0, -0.1]],
      [
        [2, -0.3],
        [3, -0.2],
      ],
    ]);
    expect(stretchesOf(sideOf([[1, undefined]]))).toEqual([]);
  });

  it("is said in words, with its interval", () => {
    expect(
      curveText("OKX", [
        sideOf([
          [0.1, -0.123, 0.05],
          [1, undefined],
        ]),
      ]),
    ).toBe("Markouts on OKX in bps, our bid: 0.1 s −0.12 ± 0.05, 1 s —");
  });
});

describe("toxicity", () => {
  it.each([
    { name: "a share of the edge", given: { toxicity: 0.42, fills: 9 }, expected: "0.42" },
    { name: "nothing before the first fill", given: {}, expected: "—" },
    { name: "no edge to be a share of", given: { fills: 60, verdict: "WIDE" as const }, expected: "no edge" },
  ])("is $name", ({ given, expected }) => {
    expect(toxicityText(sideOf([], given))).toBe(expected);
  });
});
