import { describe, expect, it } from "vitest";
import type { QuoteExplanation } from "../../../../server/contract/views.ts";
import { createContext } from "../../../../server/core/quote/context.ts";
import { explainQuote } from "../../../../server/core/quote/explain.ts";
import { ParameterDesk, type Settings } from "../../../simulation/parameterDesk.ts";

function warmDesk(settings: Settings): ParameterDesk {
  const desk = new ParameterDesk({ targetInventorySdPct: 4, ...settings });
  desk.run(30);
  return desk;
}

function contextAt(desk: ParameterDesk, base: number) {
  desk.hold(base);
  const { engine } = desk;
  const [inst] = engine.state.instruments;
  const [market] = engine.state.markets;
  const context = inst && market && createContext(engine, inst, market);
  if (context === undefined) throw new Error("a warm desk has a context");
  return context;
}

function explain(desk: ParameterDesk): QuoteExplanation {
  const explanation = explainQuote(desk.engine, 0);
  if (explanation === undefined) throw new Error("a warm desk explains");
  return explanation;
}

const skewOf = (desk: ParameterDesk): number =>
  explain(desk).stages.find(({ stage }) => stage === "inventorySkew")?.bid ?? NaN;

describe("the spectral quotes", () => {
  it("are solved by the slow loop for the model that uses them alone", () => {
    expect(warmDesk({ model: "glft-spectral" }).engine.state.markets[0]?.spectral).toBeDefined();
    expect(warmDesk({ model: "glft" }).engine.state.markets[0]?.spectral).toBeUndefined();
  });

  it("are forgotten when another model is chosen", () => {
    const desk = warmDesk({ model: "glft-spectral" });
    const { version } = desk.engine.state.layers;
    const change = { scope: { level: "desk" }, name: "model", value: "glft" } as const;
    desk.command({ type: "setParameters", expectedVersion: version, changes: [change] });
    expect(contextAt(desk, 4).spectral).toBeUndefined();
    desk.run(10);
    expect(desk.engine.state.markets[0]?.spectral).toBeUndefined();
  });

  it("take over from the closed form where |q|·s·k passes 1.5, and not before", () => {
    const desk = warmDesk({ model: "glft-spectral" });
    const market = desk.engine.state.markets[0];
    const reach = 1.5 / ((market?.model?.slope ?? NaN) * (market?.spectral?.k ?? NaN));
    expect(reach).toBeLessThan(5);
    expect(contextAt(desk, 0.95 * reach).spectral).toBeUndefined();
    expect(contextAt(desk, 1.05 * reach).spectral?.shift).toBeLessThan(0);
    expect(contextAt(desk, -1.05 * reach).spectral?.shift).toBeGreaterThan(0);
  });

  it("lean less than the closed form far from flat, and meet it where they take over", () => {
    const spectral = warmDesk({ model: "glft-spectral" });
    const closed = warmDesk({ model: "glft" });
    const market = spectral.engine.state.markets[0];
    const reach = 1.5 / ((market?.model?.slope ?? NaN) * (market?.spectral?.k ?? NaN));
    for (const base of [1.02 * reach, 4.5]) {
      spectral.hold(base);
      closed.hold(base);
      const ratio = skewOf(spectral) / skewOf(closed);
      expect(ratio).toBeLessThan(1.02);
      expect(ratio).toBeGreaterThan(base < 4 ? 0.9 : 0.5);
    }
  });
});
