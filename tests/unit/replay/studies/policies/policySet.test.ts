import { describe, expect, it } from "vitest";
import type { QuoteContext } from "../../../../../server/core/quote/context.ts";
import { runModelStages } from "../../../../../server/core/quote/stages.ts";
import { createEngine } from "../../../../../server/core/setup.ts";
import { POLICY, type PolicyName } from "../../../../../server/replay/studies/policies/policySet.ts";
import { configOf, ORDER_USD } from "../../../../../server/replay/studies/policies/worlds.ts";
import { contextOf, MODEL } from "../../../core/quote/stageFixture.ts";

const FAIR = 20_000;
const MID = 20_003;
const BP = FAIR / 1e4;

/** Centre and half-spread, in bps of the mid, of a quote at a venue whose mid is above or below the others'. */
function quoteOf(
  name: PolicyName,
  change: Partial<QuoteContext>,
  othersBps = 0,
): { bid: number; ask: number } {
  const engine = createEngine(configOf("no-informed", POLICY[name].parameters));
  const [inst, ...others] = engine.state.instruments;
  if (inst === undefined) throw new Error("no instrument");
  inst.midReporting = MID;
  for (const other of others) other.midReporting = MID + othersBps * BP;
  const model = {
    ...MODEL,
    name: POLICY[name].parameters.some(({ value }) => value === "symmetric") ? "symmetric" : "glft",
    slope: 0,
  } as const;
  const context = contextOf({
    model,
    mid: MID,
    fair: FAIR,
    basis: 0,
    costBid: 0,
    costAsk: 0,
    makerFrac: 0,
    ...change,
  });
  POLICY[name].adjust?.(context, inst, engine);
  runModelStages(context);
  return { bid: (context.bid - MID) / BP, ask: (context.ask - MID) / BP };
}

describe("the policies of the study", () => {
  it("quote around the venue's own mid, or around fair value 1.5 bps below it", () => {
    const local = quoteOf("B0", {});
    expect(local.bid + local.ask).toBeCloseTo(0, 9);
    const fused = quoteOf("S", {});
    expect((fused.bid + fused.ask) / 2).toBeCloseTo(-1.5, 9);
  });

  it("have the inventory sign of the document: long raises the ask alone, short lowers the bid alone", () => {
    const flat = quoteOf("document-inventory", {});
    const lots = (count: number): number => (count * ORDER_USD) / MID;
    const long = quoteOf("document-inventory", { excessBase: lots(8) });
    expect(long.bid).toBeCloseTo(flat.bid, 9);
    expect(long.ask - flat.ask).toBeCloseTo(1, 3);
    const short = quoteOf("document-inventory", { excessBase: lots(-8) });
    expect(flat.bid - short.bid).toBeCloseTo(1, 3);
    expect(short.ask).toBeCloseTo(flat.ask, 9);
  });

  it("have the cross-venue sign of the document: the ask comes down to venues that are higher", () => {
    const even = quoteOf("document-cross", {});
    const higher = quoteOf("document-cross", {}, 2);
    expect(higher.ask - even.ask).toBeCloseTo(-0.6, 3);
    expect(higher.bid).toBeCloseTo(even.bid, 9);
    const lower = quoteOf("document-cross", {}, -2);
    expect(lower.bid - even.bid).toBeCloseTo(0.6, 3);
    expect(lower.ask).toBeCloseTo(even.ask, 9);
  });

  it("correct it by moving both quotes towards the others", () => {
    const even = quoteOf("cross-corrected", {});
    const higher = quoteOf("cross-corrected", {}, 2);
    expect(higher.bid - even.bid).toBeCloseTo(0.6, 3);
    expect(higher.ask - even.ask).toBeCloseTo(0.6, 3);
  });
});
