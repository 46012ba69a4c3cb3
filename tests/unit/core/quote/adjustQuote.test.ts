import { expect, it } from "vitest";
import { decideQuotes } from "../../../../server/core/quote/decide.ts";
import { explainQuote } from "../../../../server/core/quote/explain.ts";
import type { Engine } from "../../../../server/core/state.ts";
import { quotingDesk } from "../../../support/desk.ts";

it("lets a study move what a quote is computed from, in the decision and in its explanation alike", () => {
  const desk = quotingDesk();
  const [inst] = desk.state.instruments;
  const [market] = desk.state.markets;
  if (inst === undefined || market === undefined) throw new Error("an empty desk");
  const wanted = (): (number | undefined)[] => inst.slots.map((slot) => slot.wantedTicks);
  decideQuotes(desk.engine, inst, market);
  const [bid = NaN, ask = NaN] = wanted();

  const engine: Engine = {
    ...desk.engine,
    adjustQuote: (context, of) => {
      if (of === inst) context.costAsk += 0.05;
    },
  };
  decideQuotes(engine, inst, market);
  expect(wanted()).toEqual([bid, ask + 5]);
  expect(explainQuote(engine, 0)).toMatchObject({ bidTicks: bid, askTicks: ask + 5 });
});
