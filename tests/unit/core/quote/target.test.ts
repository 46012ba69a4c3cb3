import { describe, expect, it } from "vitest";
import { inventoryReversion } from "../../../../server/core/quote/inventoryTarget.ts";
import { deskChanges } from "../../../../server/core/params/resolve.ts";
import type { MarketState } from "../../../../server/core/state.ts";
import { ParameterDesk, walk, type Script, type Settings } from "../../../simulation/parameterDesk.ts";

function marketOf(settings: Settings, seconds = 24, script: Script = walk): MarketState {
  const desk = new ParameterDesk(settings);
  desk.run(seconds, script);
  const market = desk.engine.state.markets[0];
  if (market === undefined) throw new Error("there is a market");
  return market;
}

const drift = (driftBpsPerHour: number, more: Settings = {}): Settings => ({
  inventoryTarget: "drift",
  driftBpsPerHour,
  ...more,
});

describe("the inventory target", () => {
  it("is 0 unless a view is asked for", () => {
    expect(marketOf({}).targetBase).toBe(0);
  });

  it("is what a fading drift is worth while inventory reverts: a/(κ + θ)/s", () => {
    const { targetBase, model, fair } = marketOf(drift(2, { driftDecaySeconds: 20 }));
    if (model?.gamma === undefined || fair === undefined) throw new Error("the model is known");
    const { gamma, slope, sigmaPerSqrtS: sigma } = model;
    const driftPerS = (fair * 2e-4) / 3_600;
    const kappa = inventoryReversion({ gamma, sigma, slope });
    expect(targetBase).toBeCloseTo(driftPerS / (kappa + 1 / 20) / slope, 9);
    expect(targetBase).toBeGreaterThan(0);
  });

  it.each([
    { bps: 1_000, share: 0.3 },
    { bps: -1_000, share: -0.3 },
  ])("claims no more than 0.3 of the limit under a drift of $bps bps/h", ({ bps, share }) => {
    const { targetBase, model } = marketOf(drift(bps));
    expect(targetBase).toBeCloseTo(share * (model?.limitBase ?? NaN), 9);
  });

  it.each(["symmetric", "strategy-document"] as const)(
    "is 0 under %s, which cannot steer to one",
    (model) => {
      const desk = new ParameterDesk(drift(1_000));
      desk.run(24, walk);
      const market = desk.engine.state.markets[0];
      expect(market?.targetBase).toBeGreaterThan(0);
      const { version } = desk.engine.state.layers;
      const changes = deskChanges({ model });
      desk.command({ type: "setParameters", expectedVersion: version, changes });
      expect([market?.model?.name, market?.targetBase]).toEqual([model, 0]);
    },
  );

  it("is 0 while nobody has seen the price revert, however far it has wandered", () => {
    let bps = 0;
    let seed = 3;
    const wandering = Array.from({ length: 400 }, () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return (bps += (seed / 2_147_483_647 - 0.5) * 3);
    });
    const settings = { inventoryTarget: "mean-reversion", jumpSigmas: 50 } as const;
    const market = marketOf(settings, 400, (_venue, second) => wandering[second] ?? 0);
    expect(market.model).toBeDefined();
    expect(market.estimates.reversion.fit).toMatchObject({ significant: false });
    expect(market.targetBase).toBe(0);
  });

  it("leans towards the mean once reversion is significant: long below it, short above", () => {
    // Reverts within 4 s, kicked by a fixed pattern that has no memory of its own.
    let bps = 0;
    let at = -1;
    let seed = 1;
    const reverting: Script = (_venue, second) => {
      if (second !== at) {
        at = second;
        seed = (seed * 16_807) % 2_147_483_647;
        bps = bps * Math.exp(-1 / 4) + (seed / 2_147_483_647 - 0.5) * 3;
      }
      return bps;
    };
    const settings = { inventoryTarget: "mean-reversion", jumpSigmas: 50 } as const;
    const desk = new ParameterDesk(settings);
    desk.run(600, reverting);
    const market = desk.engine.state.markets[0];
    desk.run(1, () => -2);
    expect(market?.targetBase).toBeGreaterThan(0);
    desk.run(2, () => 2);
    expect(market?.targetBase).toBeLessThan(0);
  });
});
