import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { DESK, SHAPE } from "../../../../app/system/gallery/samples.ts";
import { Grid } from "../../../../components/desk/grid.tsx";
import type { DeskView, MarketView } from "../../../../server/contract/views.ts";

/** What stands in each cell that is marked as old, without the elements. */
function staleCells(desk: DeskView): readonly string[] {
  const markup = renderToStaticMarkup(<Grid desk={desk} shape={SHAPE} onExplain={() => undefined} />);
  return markup
    .split(/(?=<div[^>]* class="group\/)/)
    .filter((cell) => /^<div[^>]* data-stale="true"/.test(cell))
    .map((cell) => cell.replace(/<[^>]+>/g, " ").replace(/\s+/g, " "));
}

function withMarket(change: (market: MarketView) => MarketView): DeskView {
  return { ...DESK, markets: DESK.markets.map(change) };
}

const FRESH = withMarket((market) => ({
  ...market,
  instruments: market.instruments.map((one) => ({ ...one, channelAgeMs: 80 })),
}));

describe("the grid", () => {
  it("greys nothing while every venue speaks", () => {
    expect(staleCells(FRESH)).toEqual([]);
  });

  it("greys the figures of the venue that is silent, and of no other", () => {
    const [cell, ...others] = staleCells(DESK);
    expect(cell).toContain("BTC/USD ◐ 3.4 s ▼ STALE_CHANNEL");
    expect(others).toEqual([]);
  });

  it("greys a venue that was never heard", () => {
    const desk = withMarket((market) => ({
      ...market,
      instruments: market.instruments.map((one) => ({ ...one, channelAgeMs: undefined })),
    }));
    expect(staleCells(desk)).toHaveLength(DESK.markets.flatMap(({ instruments }) => instruments).length);
  });

  it("greys an old fair value, and says how old it is", () => {
    const desk = { ...FRESH, markets: FRESH.markets.map((one) => ({ ...one, fairAgeMs: 2_600 })) };
    const cells = staleCells(desk);
    expect(cells).toHaveLength(DESK.markets.length);
    expect(cells[0]).toContain("BTC ◐ 2.6 s 61,842.7");
  });
});
