import { describe, expect, it } from "vitest";
import { UserError } from "../../../../../server/contract/errors.ts";
import { BTC, ETH, START_AT_US } from "../../../../support/wireVenue.ts";
import { listeningVenue, order } from "./front.ts";

/** 60,000.00 and 60,000.10: a lot is 0.00001 BTC, so that 1,000 lots are 600 USDT. */
const BIDS = [6_000_000, 1_000, 5_999_900, 2_000];
const ASKS = [6_000_010, 1_000, 6_000_100, 2_000];

describe("an order through the core", () => {
  it("is told to the front-end as it happens, and answered with its record and its fills", () => {
    const { core, snapshot, heard } = listeningVenue();
    snapshot(BIDS, ASKS);
    heard.length = 0;
    const outcome = core.place(0, order("a", "buy", 6_000_100, 2_500));
    expect(outcome).toMatchObject({
      ok: true,
      order: {
        status: "FILLED",
        filledLots: 2_500,
        filledTickLots: 6_000_010n * 1_000n + 6_000_100n * 1_500n,
      },
      fills: [
        { sizeLots: 1_000, tradeId: "1", venueAtUs: START_AT_US },
        { sizeLots: 1_500, tradeId: "2" },
      ],
    });
    expect(heard).toEqual([
      "accepted a [OPEN 0]",
      "fill a 1000@6000010 taker [OPEN 1000]",
      "trade 1000@6000010 buy",
      "fill a 1500@6000100 taker [FILLED 2500]",
      "trade 1500@6000100 buy",
      "delta bids asks 6000010:0 6000100:500",
    ]);
  });

  it("says created and updated by the venue's clock", () => {
    const { core, snapshot, setNow } = listeningVenue();
    snapshot(BIDS, ASKS);
    core.place(0, order("a", "buy", 5_000_000, 100));
    setNow(START_AT_US + 7);
    core.amend(0, { clientId: "a" }, { priceTicks: 5_000_001, sizeLots: 100 });
    expect(core.order(0, { venueOrderId: "1" })).toMatchObject({
      createdAtUs: START_AT_US,
      updatedAtUs: START_AT_US + 7,
      priceTicks: 5_000_001,
    });
  });

  it("that is refused is told to nobody but its sender, and leaves no record", () => {
    const { core, heard } = listeningVenue({ twoAccounts: true });
    expect(core.place(0, order("a", "buy", 6_000_000, 1))).toEqual({ ok: false, reason: "FILTER" });
    expect(core.place(1, order("a", "buy", 6_000_000, 100))).toEqual({ ok: false, reason: "OTHER" });
    expect(core.place(0, order("a", "buy", 6_000_000, 100, { instrument: 9 }))).toEqual({
      ok: false,
      reason: "OTHER",
    });
    expect(core.cancel(0, { clientId: "a" })).toEqual({ ok: false, reason: "UNKNOWN_ORDER" });
    expect(core.amend(0, { venueOrderId: "4" }, { priceTicks: 1, sizeLots: 1 })).toMatchObject({ ok: false });
    expect(core.order(0, { clientId: "a" })).toBeUndefined();
    expect(heard).toEqual([]);
  });

  it("keeps its place when only its size falls, and says so", () => {
    const { core } = listeningVenue();
    core.place(0, order("a", "buy", 6_000_000, 500));
    const at = (priceTicks: number, sizeLots: number) =>
      core.amend(0, { clientId: "a" }, { priceTicks, sizeLots });
    expect(at(6_000_000, 400)).toMatchObject({ ok: true, keptPriority: true });
    expect(at(6_000_000, 450)).toMatchObject({ ok: true, keptPriority: false });
    expect(at(5_999_999, 450)).toMatchObject({ ok: true, keptPriority: false });
  });

  it("is filled by others to its last lot, those before it included, and only while it is open", () => {
    const { core, market } = listeningVenue();
    market({ kind: "snapshot", instrument: BTC, bids: [6_000_001, 7, 6_000_000, 40], asks: [6_000_100, 9] });
    core.place(0, order("a", "buy", 6_000_000, 500));
    core.fillByOthers(0, { clientId: "a" });
    expect(core.order(0, { clientId: "a" })).toMatchObject({ status: "FILLED", filledLots: 500 });
    expect(core.book(BTC).bids).toEqual([]);
    core.fillByOthers(0, { clientId: "a" });
    expect(core.fills(0, { order: "oldest", limit: 9 })).toHaveLength(1);
  });

  it("ends with all others of its instrument, or with all", () => {
    const { core } = listeningVenue();
    core.place(0, order("a", "buy", 6_000_000, 100));
    core.place(0, order("b", "buy", 300_000, 1_000, { instrument: ETH }));
    core.place(0, order("c", "buy", 6_000_001, 100));
    expect(core.cancelAll(0, BTC).map(({ clientId, status }) => `${clientId} ${status}`)).toEqual([
      "a CANCELED",
      "c CANCELED",
    ]);
    expect(core.openOrders(0).map(({ clientId }) => clientId)).toEqual(["b"]);
    expect(core.cancelAll(0)).toHaveLength(1);
    expect(core.orders(0, { limit: 2 }).map(({ clientId }) => clientId)).toEqual(["c", "b"]);
    expect(core.orders(0, { limit: 9, instrument: ETH })).toHaveLength(1);
    expect(core.orders(0, { limit: 9, sinceUs: START_AT_US + 1 })).toEqual([]);
  });
});

describe("trade ids", () => {
  it("are one for both orders of a self-trade and for its public trade, and rise per instrument", () => {
    const { core, snapshot } = listeningVenue();
    snapshot(BIDS, ASKS);
    core.place(0, order("m", "sell", 6_000_005, 100));
    const outcome = core.place(0, order("t", "buy", 6_000_005, 100));
    expect(outcome).toMatchObject({ ok: true, fills: [{ tradeId: "1", clientId: "t" }] });
    const fills = core.fills(0, { order: "oldest", limit: 10 });
    expect(fills.map(({ clientId, tradeId }) => `${clientId} ${tradeId}`)).toEqual(["m 1", "t 1"]);
    expect(core.trades(BTC).map(({ tradeId }) => tradeId)).toEqual([1]);
    core.place(0, order("u", "buy", 6_000_010, 10));
    expect(core.trades(BTC).map(({ tradeId }) => tradeId)).toEqual([1, 2]);
    core.place(0, order("e", "buy", 300_000, 1_000, { instrument: ETH }));
    core.place(0, order("f", "sell", 300_000, 1_000, { instrument: ETH }));
    expect(core.trades(ETH).map(({ tradeId }) => tradeId)).toEqual([1]);
  });

  it("also count the trades of others", () => {
    const { core, market, snapshot } = listeningVenue();
    snapshot(BIDS, ASKS);
    market({ kind: "take", instrument: BTC, side: "sell", sizeLots: 10 });
    market({ kind: "print", instrument: BTC, priceTicks: 6_000_000, sizeLots: 5, aggressor: "sell" });
    core.place(0, order("a", "sell", 6_000_000, 10));
    expect(core.trades(BTC).map(({ tradeId, sizeLots }) => [tradeId, sizeLots])).toEqual([
      [1, 10],
      [2, 5],
      [3, 10],
    ]);
    expect(core.fills(0, { order: "newest", limit: 1 })).toMatchObject([{ tradeId: "3" }]);
  });
});

describe("orders", () => {
  it("are found since an instant behind those that a clock that went back has dated before it", () => {
    const { core, setNow } = listeningVenue();
    const place = (clientId: string, atUs: number): void => {
      setNow(atUs);
      expect(core.place(0, order(clientId, "buy", 5_000_000, 100)).ok).toBe(true);
    };
    place("old", START_AT_US);
    place("a", START_AT_US + 100_000_000);
    place("b", START_AT_US + 70_000_000);
    const found = core.orders(0, { sinceUs: START_AT_US + 100_000_000, limit: 10 });
    expect(found.map(({ clientId }) => clientId)).toEqual(["a"]);
  });
});

describe("fills", () => {
  it("are found by instrument, order, time and id, from either end", () => {
    const { core, snapshot, setNow } = listeningVenue();
    snapshot(BIDS, ASKS);
    snapshot([300_000, 1_000], [300_010, 1_000], ETH);
    for (const [n, instrument] of [BTC, ETH, BTC, BTC].entries()) {
      setNow(START_AT_US + n);
      core.place(0, order(`o${n}`, "buy", instrument === BTC ? 6_000_010 : 300_010, 200, { instrument }));
    }
    const ids = (query: Partial<Parameters<typeof core.fills>[1]>) =>
      core.fills(0, { order: "oldest", limit: 100, ...query }).map(({ clientId }) => clientId);
    expect(ids({})).toEqual(["o0", "o1", "o2", "o3"]);
    expect(ids({ instrument: BTC })).toEqual(["o0", "o2", "o3"]);
    expect(ids({ instrument: BTC, fromTradeId: "2" })).toEqual(["o2", "o3"]);
    expect(ids({ venueOrderId: "2" })).toEqual(["o1"]);
    expect(ids({ sinceUs: START_AT_US + 1, untilUs: START_AT_US + 2 })).toEqual(["o1", "o2"]);
    expect(ids({ limit: 2 })).toEqual(["o0", "o1"]);
    expect(ids({ order: "newest", limit: 2 })).toEqual(["o3", "o2"]);
  });
});

describe("a listing", () => {
  it("with another tick ends orders, voids the book and starts it again on the new grid", () => {
    const { core, snapshot, market, heard } = listeningVenue();
    snapshot(BIDS, ASKS);
    core.place(0, order("a", "buy", 5_999_950, 100));
    core.place(0, order("t", "buy", 6_000_010, 10));
    heard.length = 0;
    core.relist(BTC, { tick: "0.5" });
    expect(heard).toEqual([
      "expired a filled 0 [EXPIRED 0]",
      "delta bids 5999950:0 asks",
      "feed gap",
      "listed 0",
    ]);
    expect(core.listings[0]?.definition).toMatchObject({ tick: "0.5", version: 2 });
    expect(core.book(BTC)).toMatchObject({ bids: [], asks: [] });
    heard.length = 0;
    market({ kind: "delta", instrument: BTC, bids: [5_999_990, 7], asks: [6_000_010, 0] });
    expect(heard).toEqual(["snapshot bids 120000:1000 119999:7 119998:2000 asks 120002:2000"]);
    market({ kind: "print", instrument: BTC, priceTicks: 6_000_050, sizeLots: 5, aggressor: "buy" });
    expect(core.trades(BTC).at(-1)).toMatchObject({ priceTicks: 120_001 });
    const made = core.place(0, order("b", "buy", 119_000, 100));
    expect(made).toMatchObject({ ok: true });
  });

  it("remembers under which definition an order was made", () => {
    const { core } = listeningVenue();
    core.place(0, order("a", "buy", 5_999_950, 100));
    core.relist(BTC, { tick: "0.1" });
    core.relist(BTC, { sizeMinLots: 5 });
    core.place(0, order("b", "buy", 599_995, 100));
    const tickOf = (clientId: string) => {
      const record = core.order(0, { clientId });
      return record && core.definitionOf(record).tick;
    };
    expect([tickOf("a"), tickOf("b")]).toEqual(["0.01", "0.1"]);
    expect(core.definitionOf({ instrument: BTC, venueOrderId: "2" }).sizeMinLots).toBe(5);
  });

  it("that is halted keeps orders, fills none and refuses new ones", () => {
    const { core, snapshot, market } = listeningVenue();
    snapshot(BIDS, ASKS);
    core.place(0, order("a", "buy", 6_000_000, 100));
    core.relist(BTC, { status: "HALTED" });
    market({ kind: "take", instrument: BTC, side: "sell", sizeLots: 5_000 });
    market({ kind: "delta", instrument: BTC, bids: [], asks: [5_999_000, 500] });
    expect(core.order(0, { clientId: "a" })).toMatchObject({ status: "OPEN", filledLots: 0 });
    expect(core.place(0, order("b", "buy", 6_000_000, 100))).toEqual({ ok: false, reason: "HALTED" });
    expect(core.cancel(0, { clientId: "a" })).toMatchObject({ ok: true });
    core.relist(BTC, { status: "TRADING" });
    expect(core.place(0, order("b", "buy", 6_000_000, 100))).toMatchObject({ ok: true });
  });

  it("that is delisted ends its orders and falls silent until it is listed again", () => {
    const { core, snapshot, market, heard } = listeningVenue();
    snapshot(BIDS, ASKS);
    core.place(0, order("a", "buy", 6_000_000, 100));
    core.relist(BTC, { status: "DELISTED" });
    expect(core.openOrders(0)).toEqual([]);
    heard.length = 0;
    market({ kind: "delta", instrument: BTC, bids: [5_999_990, 7], asks: [] });
    expect(heard).toEqual([]);
    core.relist(BTC, { status: "TRADING" });
    market({ kind: "delta", instrument: BTC, bids: [5_999_980, 7], asks: [] });
    expect(core.book(BTC).bids).toEqual([6_000_000, 1_000, 5_999_990, 7, 5_999_980, 7, 5_999_900, 2_000]);
  });

  it("that the assets cannot hold exactly is refused and changes nothing", () => {
    const { core, heard } = listeningVenue();
    expect(() => core.relist(BTC, { tick: "0.00000001" })).toThrow(UserError);
    expect(core.listings[0]?.definition.tick).toBe("0.01");
    expect(heard).toEqual([]);
  });
});

describe("the rest of the venue", () => {
  it("counts the changes of a book", () => {
    const { core, snapshot, market } = listeningVenue();
    expect(core.book(BTC)).toEqual({ bids: [], asks: [], updates: 0 });
    snapshot(BIDS, ASKS);
    market({ kind: "delta", instrument: BTC, bids: [6_000_000, 5], asks: [] });
    expect(core.book(BTC)).toEqual({ bids: [6_000_000, 5, 5_999_900, 2_000], asks: ASKS, updates: 2 });
  });

  it("tells of money that moved without a trade", () => {
    const { core, heard } = listeningVenue({ twoAccounts: true });
    core.deposit(0, "USDT", 5n);
    expect(core.transfer(0, 1, "BTC", 5n)).toMatchObject({ ok: true });
    const asked = core.requestWithdrawal(0, "BTC", 5n);
    if (!asked.ok) throw new Error(asked.reason);
    core.endWithdrawal(0, asked.id, "DONE");
    expect(core.transfer(0, 1, "BTC", -5n)).toMatchObject({ ok: false });
    expect(heard).toEqual(["moved 0 USDT", "moved 0 BTC", "moved 1 BTC", "moved 0 BTC", "moved 0 BTC"]);
  });

  it("finds keys by their name and account, two of each", () => {
    const { core, key } = listeningVenue({ twoAccounts: true });
    expect(core.key(key(1, "guard").apiKey)).toMatchObject({ account: 1, holder: "guard" });
    expect(core.key("nobody")).toBeUndefined();
  });
});
