import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { DESK } from "../../../../app/system/gallery/samples.ts";
import { LadderTable } from "../../../../components/market/ladderTable.tsx";
import { MarketHeader } from "../../../../components/market/marketHeader.tsx";
import type { LadderView } from "../../../../server/contract/link.ts";

const LADDERS = ["binance", "kraken"].map((account): LadderView => ({
  account,
  symbol: "BTC/USD",
  quote: "USD",
  tick: "0.1",
  lot: "0.001",
  rate: 1,
  bids: [99, 1],
  asks: [101, 1],
  own: [],
}));

function ladderCells(agesMs: readonly (number | undefined)[]): readonly string[] {
  const markup = renderToStaticMarkup(
    <LadderTable
      ladders={LADDERS}
      agesMs={agesMs}
      fair={100}
      currency="USD"
      base="BTC"
      scale={{ step: 1, centre: 100 }}
      rowCount={1}
      picked={undefined}
      onPick={() => undefined}
    />,
  );
  return markup.match(/<t[hd][ >].*?<\/t[hd]>/g) ?? [];
}

/** By column, the axis of prices left out: whether the head, and the cell below it, is grey. */
function isGrey(cells: readonly string[]): readonly boolean[] {
  return cells
    .filter((cell) => !/^<th[^>]*>(price|[\d.]+)</.test(cell))
    .map((cell) => /data-stale="|[" ]stale"/.test(cell));
}

describe("figures of the Market page", () => {
  it("grey in the column of a venue that is silent, which says for how long", () => {
    const cells = ladderCells([90, 3_400]);
    expect(isGrey(cells)).toEqual([false, true, false, true]);
    expect(cells[1]).toMatch(/>0\.1 s</);
    expect(cells[2]?.replace(/<[^>]+>/g, "")).toContain("Kraken ◐ 3.4 s");
  });

  it("grey in every column that was never heard", () => {
    expect(isGrey(ladderCells([undefined, undefined]))).toEqual([true, true, true, true]);
  });

  it.each([
    [80, "0.1 s", false],
    [2_600, "◐ 2.6 s", true],
  ])("show how old fair value is: %d ms", (fairAgeMs, age, grey) => {
    const [market] = DESK.markets;
    if (market === undefined) throw new Error("the sample has no market");
    const markup = renderToStaticMarkup(
      <MarketHeader desk={DESK} market={{ ...market, fairAgeMs }} digits={1} staleSinceMs={undefined} />,
    );
    expect(markup.replace(/<[^>]+>/g, "")).toContain(`61,842.7 USD${age}`);
    expect(markup.includes("data-stale=")).toBe(grey);
  });
});
