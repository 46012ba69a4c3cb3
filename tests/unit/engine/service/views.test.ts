import { describe, expect, it } from "vitest";
import {
  viewMarketDetail,
  viewOpenOrders,
  viewParameters,
  viewShape,
} from "../../../../server/engine/service/views.ts";
import { quotingDesk, readyDesk, restOwn } from "../../../support/desk.ts";

describe("a market in depth", () => {
  it("shows the book of others: what is ours is in a list of its own", () => {
    const desk = readyDesk();
    restOwn(desk, { side: "buy", priceTicks: 9_999, sizeLots: 10 });
    desk.send({
      type: "book",
      instrument: 0,
      kind: "snapshot",
      bids: [9_999, 510, 9_998, 20],
      asks: [10_001, 500],
    });
    const ladder = viewMarketDetail(desk.engine, "BTC")?.ladders[0];
    expect(ladder?.bids).toEqual([99.99, 5, 99.98, 0.2]);
    expect(ladder?.asks).toEqual([100.01, 5]);
    expect(ladder?.own).toMatchObject([{ side: "buy", price: 99.99, remainingBase: 0.1, status: "OPEN" }]);
    expect(ladder?.rate).toBe(1);
  });

  it("leaves out a level that is ours alone, and ends at what a screen has room for", () => {
    const desk = readyDesk();
    restOwn(desk, { side: "buy", priceTicks: 9_995, sizeLots: 10 });
    const bids = Array.from({ length: 40 }, (_, at) => [9_995 - at, 10]).flat();
    desk.send({ type: "book", instrument: 0, kind: "snapshot", bids, asks: [10_001, 500] });
    const ladder = viewMarketDetail(desk.engine, "BTC")?.ladders[0];
    expect(ladder?.bids.slice(0, 2)).toEqual([99.94, 0.1]);
    expect(ladder?.bids).toHaveLength(30);
  });

  it("explains the quote of every instrument that is quoted", () => {
    const detail = viewMarketDetail(quotingDesk({ venues: 2 }).engine, "BTC");
    expect(detail?.quotes.map((quote) => quote.explanation?.stages.length)).toEqual([
      expect.any(Number),
      expect.any(Number),
    ]);
  });

  it("is not there for a market that the desk does not have", () => {
    expect(viewMarketDetail(readyDesk().engine, "DOGE")).toBeUndefined();
  });
});

describe("open orders", () => {
  it("are those without a final state", () => {
    const desk = readyDesk();
    const first = restOwn(desk);
    restOwn(desk, { side: "sell" });
    const { account, clientId } = first;
    desk.send({ type: "orderCanceled", account, clientId, filledLots: 0 });
    expect(viewOpenOrders(desk.engine)).toMatchObject([
      { account: "v0", symbol: "BTC/USD", side: "sell", price: 100.1, sizeBase: 0.1, filledBase: 0 },
    ]);
  });
});

describe("scopes and settings", () => {
  it("name the market of an instrument", () => {
    expect(viewShape(readyDesk().engine, "demo")).toMatchObject({
      profile: "demo",
      deskCode: "tst",
      epoch: 7,
      instruments: [{ account: "v0", symbol: "BTC/USD", market: "BTC", quoted: true }],
    });
  });

  it("list what was set explicitly, at the scope where it was set", () => {
    const desk = readyDesk();
    const scope = { level: "instrument", account: "v0", symbol: "BTC/USD" } as const;
    const { version } = desk.state.layers;
    desk.send({
      type: "command",
      commandId: "change-1",
      actor: "ann",
      reason: "a test",
      command: {
        type: "setParameters",
        expectedVersion: version,
        changes: [{ scope, name: "halfSpreadMaxBps", value: 40 }],
      },
    });
    const answer = viewParameters(desk.engine);
    expect(answer.version).toBe(version + 1);
    expect(answer.settings).toContainEqual({
      level: "instrument",
      scope: "v0 BTC/USD",
      name: "halfSpreadMaxBps",
      value: 40,
    });
    expect(answer.settings).toContainEqual({ level: "desk", scope: "desk", name: "capital", value: 10_000 });
  });
});
