import { describe, expect, it } from "vitest";
import { appearsAfter, estimateLines, estimateText } from "../../../../components/market/estimatesText.ts";
import type { EstimateView } from "../../../../server/contract/estimates.ts";
import { viewEstimates } from "../../../../server/core/estimatesView.ts";
import { quotingDesk } from "../../../support/desk.ts";

const SIGMA: EstimateView = {
  name: "volatility σ",
  help: "standard deviation of fair value",
  unit: "bps/√s",
  status: "WARM",
  value: 1.1234,
  stderr: 0.0912,
  nEff: 143.7,
  ageMs: 400,
};

describe("the text of an estimate", () => {
  it("has the digits of its unit, and those of the tick where it is a price", () => {
    expect(estimateText(SIGMA, 1)).toEqual({ value: "1.12", stderr: "0.09" });
    expect(estimateText({ ...SIGMA, unit: "1/s", value: 0.0123, stderr: 0.002 }, 1)).toEqual({
      value: "0.0123",
      stderr: "0.0020",
    });
    expect(estimateText({ ...SIGMA, unit: "price", value: 61_842.713, stderr: 3.21 }, 1)).toEqual({
      value: "61,842.7",
      stderr: "3.2",
    });
  });

  it("shows the sign of what has a direction, and of nothing else", () => {
    const imbalance = { ...SIGMA, name: "trade imbalance", unit: "", value: 0.31 };
    expect(estimateText(imbalance, 1).value).toBe("+0.31");
    expect(estimateText({ ...imbalance, name: "VPIN" }, 1).value).toBe("0.31");
  });

  it("says value, interval, state, n and age in words", () => {
    expect(estimateLines(SIGMA, 1)).toEqual([
      "volatility σ: standard deviation of fair value",
      "1.12 ± 0.09 bps/√s",
      "warm: blended with its prior, or its error is still large",
      "n 144, 0.4 s old",
    ]);
  });

  it("says of a cold one what it waits for, and never shows a zero in its place", () => {
    const cold: EstimateView = {
      ...SIGMA,
      status: "COLD",
      value: undefined,
      stderr: undefined,
      nEff: 0,
      ageMs: undefined,
    };
    expect(estimateText(cold, 1)).toEqual({ value: undefined, stderr: undefined });
    expect(estimateLines(cold, 1).slice(1)).toEqual([
      "appears after twenty one-second returns of fair value",
      "cold: not known yet, and nothing comes from it",
      "n 0.0",
    ]);
  });

  it("knows what every estimator of the engine waits for", () => {
    const view = viewEstimates(quotingDesk({ venues: 2 }).engine, "BTC");
    const names = [
      ...(view?.estimates ?? []),
      ...(view?.venues.flatMap(({ estimates, sides }) => [...estimates, ...sides.map(({ cost }) => cost)]) ??
        []),
    ].map(({ name }) => name);
    expect(new Set(names).size).toBeGreaterThan(10);
    expect(names.filter((name) => appearsAfter(name) === appearsAfter("no such estimator"))).toEqual([]);
  });
});
