import { describe, expect, it } from "vitest";
import { buildPicture } from "../../../../server/replay/report/picture.ts";
import { samples, source, START_US } from "./fixture.ts";

describe("the picture of a backtest", () => {
  it("has a value per sample in every column, and null where nothing was known", () => {
    const { atS, startS, markets } = buildPicture(source());
    expect(startS).toBe(START_US / 1e6);
    expect(atS).toEqual([0, 1, 2, 3]);
    const [btc, eth] = markets;
    expect(btc?.fair).toEqual([100, 101, 102, 103]);
    expect(btc?.limit).toEqual([null, 5, 5, 5]);
    expect(btc?.venues.map(({ name, mid, bid }) => ({ name, mid, bid }))).toEqual([
      { name: "x", mid: [100, null, 102, 103], bid: [99, null, 101, 102] },
      { name: "y", mid: [100.5, 101.5, 102.5, 103.5], bid: [null, null, null, null] },
    ]);
    expect(eth?.venues[0]?.ask).toEqual([null, null, null, null]);
  });

  it("shows prices with the digits of the finest tick, and our orders with those of their own", () => {
    const [btc, eth] = buildPicture(source()).markets;
    expect([btc?.decimals, btc?.venues.map((venue) => venue.decimals)]).toEqual([2, [2, 1]]);
    expect(eth?.decimals).toBe(1);
  });

  it("puts each fill into its market, with its venue, side and exact time", () => {
    const [btc, eth] = buildPicture(source()).markets;
    expect(btc?.fills).toEqual({ atS: [0.5, 2.25], price: [99.5, 102], buy: [1, 0], venue: [0, 1] });
    expect(eth?.fills).toEqual({ atS: [2.5], price: [10.1], buy: [0], venue: [0] });
    expect(btc?.omitted).toBeUndefined();
  });

  it("draws the parts of P&L that moved, the total last", () => {
    const { pnl } = buildPicture(source());
    expect(pnl.map(({ part }) => part)).toEqual(["spreadCapture", "inventory", "total"]);
    expect(pnl.at(-1)?.values).toEqual([0, 0.5, 1, 1.5]);
  });

  it("thins its samples to a bound and keeps the first and the last", () => {
    const { atS, markets, pnl } = buildPicture(source({ samples: samples(40_000) }));
    const values = markets.reduce((sum, { venues }) => sum + 3 + 3 * venues.length, 7) * atS.length;
    expect(values).toBeLessThanOrEqual(200_000);
    expect(values).toBeGreaterThan(190_000);
    expect([atS[0], atS.at(-1)]).toEqual([0, 39_999]);
    expect(pnl[0]?.values.length).toBe(atS.length);
  });

  it("says how many fills it left out, and about how many there were when the observer kept only some", () => {
    const [fill] = source().fills;
    const many = Array.from({ length: 6_000 }, () => fill).filter((one) => one !== undefined);
    const omitted = (fillCount: number) =>
      buildPicture(source({ fills: many, fillCount })).markets[0]?.omitted;
    expect(omitted(6_000)).toBe("3,000 of 6,000 fills are in the picture, evenly chosen");
    expect(omitted(24_000)).toBe("3,000 of about 24,000 fills are in the picture, evenly chosen");
  });

  it("tells two instruments of one account by their symbols", () => {
    const { config } = source();
    const [btc] = buildPicture(
      source({ config, markets: [{ market: "all", base: "BTC", instruments: [0, 2] }] }),
    ).markets;
    expect(btc?.venues.map(({ name }) => name)).toEqual(["x BTC/USD", "x ETH/USD"]);
  });

  it("is empty without samples instead of failing", () => {
    const { atS, markets } = buildPicture(source({ samples: [], fills: [], fillCount: 0 }));
    expect([atS, markets[0]?.fair]).toEqual([[], []]);
  });
});
