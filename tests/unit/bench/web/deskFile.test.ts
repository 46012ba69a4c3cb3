import { describe, expect, it } from "vitest";
import { tenSymbolDesk } from "../../../../server/bench/web/deskFile.ts";
import { DeskFile } from "../../../../server/contract/deskFile.ts";
import { createEngine } from "../../../../server/core/setup.ts";
import { AgentMarket } from "../../../../server/lab/drivers/agentsParams.ts";
import { openLabMarket } from "../../../../server/lab/service/market.ts";

describe("tenSymbolDesk", () => {
  // As the lab and the engine read it.
  const desk = DeskFile.parse(JSON.parse(JSON.stringify(tenSymbolDesk())));

  it("quotes ten symbols at three venues", () => {
    const { markets } = createEngine(desk.config).state;
    expect(markets.map(({ instruments }) => instruments.length)).toEqual(Array(10).fill(3));
    expect(desk.config.instruments.filter(({ quoted }) => quoted)).toHaveLength(30);
  });

  it("has a book of every instrument in its market, near the start price of its base", () => {
    const { driver } = openLabMarket(desk, { nowUs: 5_000_000, prices: {}, generation: 1 });
    const bids = desk.config.instruments.map(() => {
      const record = driver.next();
      if (record?.kind !== "snapshot") throw new Error("a market begins with its books");
      const { base, symbol, tick } = desk.config.instruments[record.instrument] ?? {};
      return { base, symbol, bid: (record.bids[0] ?? 0) * Number(tick) };
    });
    expect(new Set(bids.map(({ symbol }) => symbol)).size).toBe(21);
    for (const { base, bid } of bids.filter((one) => one.base?.startsWith("C"))) {
      const price = (Number(base?.slice(1)) - 2) * 1_000;
      expect(Math.abs(bid / price - 1)).toBeLessThan(0.005);
    }
  });

  it("gives every symbol of a venue the same depth in money", () => {
    const { agents } = desk.lab.market === "agents" ? desk.lab : {};
    const { assets, books } = AgentMarket.parse(agents);
    for (const { account } of desk.config.accounts) {
      const depths = books
        .filter((book) => book.account === account && !book.symbol.startsWith("USDT"))
        .map(({ symbol, levelSizeBase }) => {
          const asset = assets.find((one) => symbol.startsWith(`${one.asset}/`));
          return Math.round(levelSizeBase * (asset?.startPrice ?? 0));
        });
      expect(depths).toHaveLength(10);
      expect(new Set(depths).size).toBe(1);
    }
  });

  it("deposits stock of every base at every venue", () => {
    for (const { account } of desk.config.accounts)
      for (const { base } of desk.config.markets)
        expect(desk.deposits).toContainEqual(expect.objectContaining({ account, asset: base }));
  });
});
