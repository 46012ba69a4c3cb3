import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ParamValues } from "../../../../server/contract/params.ts";
import { QUOTING_MODELS, type QuotingModel } from "../../../../server/contract/params/model.ts";
import { sessionSkewSlope } from "../../../../server/core/quote/avellanedaStoikov.ts";
import { halfSpreadCore } from "../../../../server/core/quote/glft.ts";
import { solveModel, type MarketModel, type ModelInputs } from "../../../../server/core/quote/model.ts";
import { encodeState } from "../../../../server/engine/hash/canonical.ts";
import { ParameterDesk } from "../../../simulation/parameterDesk.ts";

const PARAMS = ParamValues.parse({ capital: 1e6 });

/** Two venues that are quoted, and a reference between them. */
function inputsOf(change: Partial<ModelInputs> = {}, params: Partial<ParamValues> = {}): ModelInputs {
  const all = { ...PARAMS, ...params };
  const venue = { params: all, A: 0.5, k: 0.25, localK: 0.25, orderSize: 0.05, cost: 2 };
  return {
    params: all,
    fair: 20_000,
    sigma: 2,
    limitBase: 5,
    venues: [
      { ...venue, member: 0 },
      { ...venue, member: 2, k: 0.5, localK: 0.5 },
    ],
    members: 3,
    ...change,
  };
}

function solve(name: QuotingModel, inputs: ModelInputs = inputsOf()): MarketModel {
  const model = solveModel(name, inputs);
  if (model === undefined) throw new Error("the model has a solution");
  return model;
}

const DIRECT = { riskAversionSource: "direct", riskAversionPerQuote: 1e-3 } as const;

describe("a market's model", () => {
  it.each(["glft", "glft-spectral", "avellaneda-stoikov"] as const)(
    "solves under %s the γ at which inventory settles at the target",
    (name) => {
      const model = solve(name, inputsOf({}, { targetInventorySdPct: 20 }));
      expect(model.inventorySdBase).toBeCloseTo(1, 9);
      const { gamma } = solve(name, inputsOf({}, { ...DIRECT, riskAversionPerQuote: model.gamma ?? NaN }));
      expect(gamma).toBe(model.gamma);
    },
  );

  it("takes c₁ from the slope where a quote stands, and γ and the skew slope from the k of all flow", () => {
    const plain = solve("glft");
    const inputs = inputsOf();
    const steep = solve("glft", {
      ...inputs,
      venues: inputs.venues.map((venue) => ({ ...venue, localK: 1 })),
    });
    expect([steep.gamma, steep.slope]).toEqual([plain.gamma, plain.slope]);
    const core = halfSpreadCore(plain.gamma ?? NaN, 0.05, 1);
    expect([...steep.coreHalfSpread]).toEqual([core, 0, core]);
  });

  it("leans in the middle of a session as a target asks, by γσ²τ", () => {
    const model = solve("avellaneda-stoikov", inputsOf({}, { sessionSeconds: 600 }));
    const middle = { gamma: model.gamma ?? NaN, sigma: 2, secondsLeft: 300 };
    expect(model.slope).toBeCloseTo(sessionSkewSlope(middle), 12);
    expect(model.slope).toBeCloseTo(solve("glft").slope, 9);
  });

  it("has no skew when it is symmetric, and so nothing that pulls inventory back", () => {
    const model = solve("symmetric", inputsOf({}, DIRECT));
    expect(model).toMatchObject({ slope: 0, gamma: 1e-3, inventorySdBase: undefined, halfLifeS: undefined });
    expect(model.fillsPerMinute).toBeGreaterThan(0);
  });

  it("knows no γ under the strategy document, whose penalty holds at the limit", () => {
    const model = solve("strategy-document", inputsOf({}, { documentPenaltyBps: 10 }));
    expect(model.gamma).toBeUndefined();
    expect(model.slope * 5).toBeCloseTo(20, 9);
    // Half of 20 bps, and half of a standard deviation over a quote's life.
    expect(model.coreHalfSpread[0]).toBeCloseTo(20 + 0.5 * 2 * Math.sqrt(0.25), 9);
  });

  it("has c₁ for each venue by its own decay, and none for a reference", () => {
    const { coreHalfSpread } = solve("glft", inputsOf({}, DIRECT));
    expect([...coreHalfSpread]).toEqual([
      halfSpreadCore(1e-3, 0.05, 0.25),
      0,
      halfSpreadCore(1e-3, 0.05, 0.5),
    ]);
  });

  it("is none when no γ gives the target", () => {
    expect(solveModel("glft", inputsOf({}, { targetInventorySdPct: 1e-200 }))).toBeUndefined();
  });

  it("is none when costs leave no flow: a slope beyond any price", () => {
    const venues = inputsOf().venues.map((venue) => ({ ...venue, cost: 1_000 }));
    expect(solveModel("glft", inputsOf({ venues }, DIRECT))).toBeUndefined();
  });
});

it.each(QUOTING_MODELS.flatMap((name) => [0.1, 0.01, 0.001].map((decay) => [name, decay] as const)))(
  "%s stays a state that can be written down, and quotes nothing that is no price, at 1/k of %f bps",
  (model, fillDecayBps) => {
    for (const source of model === "strategy-document" ? [{}] : [{}, DIRECT]) {
      const desk = new ParameterDesk({ model, fillDecayBps, adverseSelectionBps: 9, ...source });
      desk.run(24);
      desk.hold(1);
      desk.run(2);
      expect(() => encodeState(desk.engine.state)).not.toThrow();
    }
  },
);

it.each(QUOTING_MODELS)("%s does not depend on the unit of time", (name) => {
  const scales = fc.record({
    unitS: fc.double({ min: 0.01, max: 100, noNaN: true }),
    sigma: fc.double({ min: 0.1, max: 10, noNaN: true }),
    source: fc.constantFrom("target-inventory-sd", "direct"),
  });
  fc.assert(
    fc.property(scales, ({ unitS, sigma, source }) => {
      const of = (unit: number): MarketModel => {
        const params = {
          ...PARAMS,
          riskAversionSource: source,
          sessionSeconds: 3_600 / unit,
          quoteLifeMinMs: 250 / unit,
        };
        const { venues } = inputsOf();
        return solve(name, {
          ...inputsOf(),
          params,
          sigma: sigma * Math.sqrt(unit),
          venues: venues.map((venue) => ({ ...venue, params, A: venue.A * unit })),
        });
      };
      const seconds = of(1);
      const units = of(unitS);
      const ratios = [
        units.slope / seconds.slope,
        (units.gamma ?? 1) / (seconds.gamma ?? 1),
        (units.coreHalfSpread[0] ?? NaN) / (seconds.coreHalfSpread[0] ?? NaN),
        units.fillsPerMinute / seconds.fillsPerMinute / unitS,
        ((units.halfLifeS ?? 1) / (seconds.halfLifeS ?? 1)) * (units.halfLifeS === undefined ? 1 : unitS),
      ];
      for (const ratio of name === "symmetric" ? ratios.slice(1) : ratios) expect(ratio).toBeCloseTo(1, 6);
    }),
    { numRuns: 50, seed: 1 },
  );
});
