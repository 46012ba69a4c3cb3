import { describe, expect, it, test } from "vitest";
import { createOrders } from "../../../../../server/lab/wire/okx/orders.ts";
import type { VenueCore } from "../../../../../server/lab/wire/ports.ts";
import { START_AT_US } from "../../../../support/wireVenue.ts";
import { MID_TICKS, okxVenue } from "./okxClient.ts";
import type { OkxClient } from "./okxClient.ts";

type Row = Readonly<Record<string, string>>;

/** Rows of a channel since the last look. */
function pushes(socket: { take(): unknown[] }, channel: string): Row[] {
  return (socket.take() as { arg?: { channel: string }; data?: Row[] }[])
    .filter((message) => message.arg?.channel === channel && message.data !== undefined)
    .flatMap((message) => message.data ?? []);
}

function withOrders(options: Parameters<typeof okxVenue>[0] = {}): {
  client: OkxClient;
  orders: () => Row[];
} {
  const client = okxVenue(options);
  const socket = client.login();
  socket.send({ op: "subscribe", args: [{ channel: "orders", instType: "ANY" }] });
  return { client, orders: () => pushes(socket, "orders") };
}

describe("refusals of an order", () => {
  const cases: { name: string; terms: Record<string, string>; sCode: string }[] = [
    { name: "an instrument that is not listed", terms: { instId: "XRP-USDT" }, sCode: "51001" },
    { name: "margin", terms: { tdMode: "cross" }, sCode: "51000" },
    { name: "a side that is none", terms: { side: "long" }, sCode: "51000" },
    { name: "a kind of order that is none", terms: { ordType: "stop" }, sCode: "51000" },
    { name: "an id with a dash", terms: { clOrdId: "a-1" }, sCode: "51000" },
    { name: "an id of 33", terms: { clOrdId: "a".repeat(33) }, sCode: "51000" },
    { name: "a self-trade mode that is none", terms: { stpMode: "cancel_all" }, sCode: "51000" },
    { name: "no price", terms: { px: "" }, sCode: "50014" },
    { name: "an exponent", terms: { px: "6e4" }, sCode: "51000" },
    { name: "a price between ticks", terms: { px: "59000.005" }, sCode: "51150" },
    { name: "a size between lots", terms: { sz: "0.010001" }, sCode: "51121" },
    { name: "a size of nothing", terms: { sz: "0" }, sCode: "51000" },
    { name: "a value below the least", terms: { sz: "0.00005", px: "59000" }, sCode: "51020" },
    { name: "more than there is", terms: { sz: "100", px: "59000" }, sCode: "51008" },
    { name: "a price above the band", terms: { px: "70000" }, sCode: "51006" },
  ];
  test.each(cases)("$name is $sCode, and changes nothing", ({ terms, sCode }) => {
    const client = okxVenue({ instruments: { BTC: { priceBandFrac: 0.1 } } });
    const before = client.venue.core.balances(0);
    const reply = client.order(terms);
    expect(reply).toMatchObject({ status: 200, code: "1", data: [{ sCode, ordId: "" }] });
    expect(reply.data[0]?.sMsg).not.toBe("");
    expect(client.venue.core.openOrders(0)).toEqual([]);
    expect(client.venue.core.balances(0)).toEqual(before);
  });

  it("names the band in a price outside it", () => {
    const client = okxVenue({ instruments: { BTC: { priceBandFrac: 0.1 } } });
    expect(client.order({ px: "70000" }).data[0]?.sMsg).toContain(
      "max buy price: 66000 min sell price: 54000",
    );
  });

  it("refuses an id that is used, and keeps the words of the order that has it", () => {
    const client = okxVenue();
    client.order({ clOrdId: "a", tag: "one" });
    expect(client.order({ clOrdId: "a", tag: "two" }).data).toMatchObject([{ sCode: "51016" }]);
    expect(client.get("trade/orders-pending").data).toMatchObject([{ clOrdId: "a", tag: "one" }]);
  });

  it("refuses a halted instrument, and does not know a delisted one", () => {
    const client = okxVenue();
    client.venue.core.relist(0, { status: "HALTED" });
    expect(client.order({}).data).toMatchObject([{ sCode: "51022" }]);
    client.venue.core.relist(0, { status: "DELISTED" });
    expect(client.order({}).data).toMatchObject([{ sCode: "51001" }]);
  });

  it("takes cancels and amendments of unknown orders for what they are", () => {
    const client = okxVenue();
    const instId = "BTC-USDT";
    expect(client.post("trade/cancel-order", { instId, ordId: "77" }).data).toMatchObject([
      { sCode: "51400", ordId: "77" },
    ]);
    expect(client.post("trade/cancel-order", { instId }).data).toMatchObject([{ sCode: "51407" }]);
    expect(client.post("trade/amend-order", { instId, ordId: "77", newSz: "1" }).data).toMatchObject([
      { sCode: "51503" },
    ]);
    expect(client.post("trade/amend-order", { instId, ordId: "77" }).data).toMatchObject([
      { sCode: "51500" },
    ]);
    expect(client.get("trade/order", { instId, ordId: "77" })).toMatchObject({ code: "51603", data: [] });
    expect(client.get("trade/order", { instId })).toMatchObject({ code: "51003" });
  });

  it("does not let anybody name an order by the id that it hides", () => {
    const client = okxVenue();
    client.order({});
    const [hidden] = client.venue.core.openOrders(0);
    expect(hidden?.clientId).toMatch(/^~/);
    expect(client.get("trade/orders-pending").data).toMatchObject([{ clOrdId: "" }]);
    const reply = client.post("trade/cancel-order", { instId: "BTC-USDT", clOrdId: hidden?.clientId });
    expect(reply.data).toMatchObject([{ sCode: "51407" }]);
  });
});

describe("an order's life on its channel", () => {
  it("is live, then filled in parts, with the venue's signs", () => {
    const { client, orders } = withOrders({ fees: { makerFrac: 0.0008, takerFrac: 0.001 } });
    const { ordId = "" } = client.order({ px: "60000", sz: "0.03", clOrdId: "a", tag: "t" }).data[0] ?? {};
    expect(orders()).toMatchObject([
      {
        state: "live",
        ordId,
        clOrdId: "a",
        tag: "t",
        px: "60000",
        sz: "0.03",
        accFillSz: "0",
        tradeId: "",
        fee: "0",
      },
    ]);
    for (const [sizeLots, limitTicks] of [
      [1_000, MID_TICKS],
      [2_000, MID_TICKS],
    ] as const)
      client.venue.market({ kind: "take", instrument: 0, side: "sell", sizeLots, limitTicks });
    expect(orders()).toMatchObject([
      {
        state: "partially_filled",
        accFillSz: "0.01",
        fillSz: "0.01",
        fillPx: "60000",
        avgPx: "60000",
        fee: "-0.48",
        feeCcy: "USDT",
        fillFee: "-0.48",
        fillFeeCcy: "USDT",
        execType: "M",
        tradeId: "1",
      },
      { state: "filled", accFillSz: "0.03", fillSz: "0.02", fee: "-1.44", fillFee: "-0.96", tradeId: "2" },
    ]);
    expect(client.get("trade/order", { instId: "BTC-USDT", clOrdId: "a" }).data).toMatchObject([
      { state: "filled", accFillSz: "0.03", fee: "-1.44", tradeId: "2", fillSz: "0.02", tag: "t" },
    ]);
    expect(client.get("trade/fills").data).toMatchObject([
      {
        tradeId: "2",
        fillSz: "0.02",
        fee: "-0.96",
        feeCcy: "USDT",
        execType: "M",
        feeRate: "-0.0008",
        tag: "t",
      },
      { tradeId: "1", fillSz: "0.01", fee: "-0.48" },
    ]);
  });

  it("tells a rebate as a positive fee of the fill, and apart from fees of the order", () => {
    const { client, orders } = withOrders({ fees: { makerFrac: -0.0001, takerFrac: 0.001 } });
    client.order({ px: "60000", sz: "0.01" });
    client.venue.market({
      kind: "take",
      instrument: 0,
      side: "sell",
      sizeLots: 1_000,
      limitTicks: MID_TICKS,
    });
    expect(orders().at(-1)).toMatchObject({ fee: "0", rebate: "0.06", rebateCcy: "USDT", fillFee: "0.06" });
    expect(client.get("trade/fills").data).toMatchObject([{ fee: "0.06", feeCcy: "USDT" }]);
  });

  it("gives what it cancels at once ids that no later life of the venue gives again", () => {
    const idAt = (nowUs: number): number =>
      Number(createOrders({ nowUs: () => nowUs } as VenueCore).nextCanceledId());
    expect(idAt(START_AT_US + 5_000_000)).toBe(idAt(START_AT_US) + 5_000);
    expect(Number.isSafeInteger(idAt(2 * START_AT_US))).toBe(true);
  });

  it("accepts a post-only order that would take, and cancels it at once", () => {
    const { client, orders } = withOrders();
    const reply = client.order({ ordType: "post_only", px: "60000.01", clOrdId: "a" });
    expect(reply).toMatchObject({ code: "0", data: [{ sCode: "0", clOrdId: "a" }] });
    const { ordId = "" } = reply.data[0] ?? {};
    expect(orders()).toMatchObject([{ state: "canceled", cancelSource: "31", ordId, accFillSz: "0" }]);
    expect(client.get("trade/order", { instId: "BTC-USDT", ordId }).data).toMatchObject([
      { state: "canceled", cancelSource: "31" },
    ]);
    expect(client.get("trade/orders-pending").data).toEqual([]);
    expect(client.get("trade/orders-history", { instType: "SPOT" }).data).toMatchObject([{ ordId }]);
  });

  it.each([
    { ordType: "ioc", px: "60000.01", sz: "2", cancelSource: "14", accFillSz: "1" },
    { ordType: "fok", px: "60000.01", sz: "2", cancelSource: "13", accFillSz: "0" },
  ])(
    "ends what an $ordType order cannot fill with source $cancelSource",
    ({ cancelSource, accFillSz, ...terms }) => {
      const { client, orders } = withOrders();
      client.order(terms);
      expect(orders().at(-1)).toMatchObject({ state: "canceled", cancelSource, accFillSz });
      expect(client.venue.core.openOrders(0)).toEqual([]);
    },
  );

  it.each([
    { stpMode: "cancel_maker", canceled: ["maker"] },
    { stpMode: "cancel_taker", canceled: ["taker"] },
    { stpMode: "cancel_both", canceled: ["maker", "taker"] },
  ])("prevents a self-trade by $stpMode", ({ stpMode, canceled }) => {
    const { client, orders } = withOrders();
    client.order({ clOrdId: "maker", px: "60000", side: "sell" });
    orders();
    client.order({ clOrdId: "taker", px: "60000", side: "buy", stpMode });
    const ended = orders().filter(({ state }) => state === "canceled");
    expect(new Set(ended.map(({ clOrdId }) => clOrdId))).toEqual(new Set(canceled));
    expect(ended.every(({ cancelSource }) => cancelSource === "32")).toBe(true);
  });

  it("sizes a market buy in quote unless it says otherwise", () => {
    const { client, orders } = withOrders();
    client.order({ ordType: "market", sz: "90000", px: "" });
    // 1 BTC at 60,000.01 and what the rest buys at 60,000.02, in whole lots.
    expect(orders().at(-1)).toMatchObject({
      state: "filled",
      accFillSz: "1.49999",
      sz: "90000",
      tgtCcy: "quote_ccy",
      px: "",
      ordType: "market",
    });
    client.order({ ordType: "market", sz: "0.5", tgtCcy: "base_ccy", px: "" });
    expect(orders().at(-1)).toMatchObject({
      state: "filled",
      accFillSz: "0.5",
      sz: "0.5",
      tgtCcy: "base_ccy",
    });
  });
});

describe("an amendment", () => {
  function resting(): ReturnType<typeof withOrders> & { ordId: string } {
    const made = withOrders();
    const { ordId = "" } = made.client.order({ px: "59000", sz: "0.03", clOrdId: "a" }).data[0] ?? {};
    made.orders();
    return { ...made, ordId };
  }

  it("keeps the id, and is told with its request's id", () => {
    const { client, orders, ordId } = resting();
    const reply = client.post("trade/amend-order", {
      instId: "BTC-USDT",
      clOrdId: "a",
      newPx: "59001",
      newSz: "0.02",
      reqId: "r1",
    });
    expect(reply.data).toMatchObject([{ sCode: "0", ordId, clOrdId: "a", reqId: "r1" }]);
    expect(orders()).toMatchObject([
      { state: "live", amendResult: "0", reqId: "r1", px: "59001", sz: "0.02" },
    ]);
  });

  it("means the size with what was filled, and fills an order that shrinks to that", () => {
    const { client, orders } = resting();
    client.post("trade/amend-order", { instId: "BTC-USDT", clOrdId: "a", newPx: "60000" });
    client.venue.market({
      kind: "take",
      instrument: 0,
      side: "sell",
      sizeLots: 1_000,
      limitTicks: MID_TICKS,
    });
    orders();
    client.post("trade/amend-order", { instId: "BTC-USDT", clOrdId: "a", newSz: "0.01" });
    expect(orders()).toMatchObject([{ state: "filled", accFillSz: "0.01", sz: "0.01", cancelSource: "" }]);
    expect(client.venue.core.openOrders(0)).toEqual([]);
  });

  it("that fails leaves the order, and is told", () => {
    const { client, orders } = resting();
    const reply = client.post("trade/amend-order", {
      instId: "BTC-USDT",
      clOrdId: "a",
      newSz: "50",
      reqId: "r",
    });
    expect(reply.data).toMatchObject([{ sCode: "51502" }]);
    expect(orders()).toMatchObject([
      { state: "live", amendResult: "-1", code: "51502", reqId: "r", sz: "0.03" },
    ]);
    expect(client.venue.core.openOrders(0)).toMatchObject([{ sizeLots: 3_000 }]);
  });

  it("that fails cancels the order when that was asked for", () => {
    const { client, orders } = resting();
    client.post("trade/amend-order", { instId: "BTC-USDT", clOrdId: "a", newSz: "50", cxlOnFail: "true" });
    expect(orders()).toMatchObject([{ state: "canceled", amendResult: "1", cancelSource: "0" }]);
  });

  it("to a price that takes is refused for a post-only order", () => {
    const { client } = withOrders();
    client.order({ ordType: "post_only", px: "59000", clOrdId: "p" });
    const reply = client.post("trade/amend-order", { instId: "BTC-USDT", clOrdId: "p", newPx: "60000.01" });
    expect(reply.data).toMatchObject([{ sCode: "51511" }]);
    expect(client.venue.core.openOrders(0)).toHaveLength(1);
  });
});

describe("batches", () => {
  const item = { instId: "BTC-USDT", tdMode: "cash", side: "buy", ordType: "limit", sz: "0.01", px: "59000" };

  it("succeed in part with code 2", () => {
    const client = okxVenue();
    const reply = client.post("trade/batch-orders", [
      item,
      { ...item, px: "x" },
      { ...item, side: "sell", px: "61000" },
    ]);
    expect(reply).toMatchObject({
      status: 200,
      code: "2",
      data: [{ sCode: "0" }, { sCode: "51000" }, { sCode: "0" }],
    });
    const ids = client.venue.core
      .openOrders(0)
      .map(({ venueOrderId: ordId }) => ({ instId: "BTC-USDT", ordId }));
    const cancels = client.post("trade/cancel-batch-orders", [...ids, { instId: "BTC-USDT", ordId: "99" }]);
    expect(cancels).toMatchObject({ code: "2", data: [{ sCode: "0" }, { sCode: "0" }, { sCode: "51400" }] });
  });

  it("of more than 20 are refused whole", () => {
    const client = okxVenue();
    expect(
      client.post(
        "trade/batch-orders",
        Array.from({ length: 21 }, () => item),
      ),
    ).toMatchObject({ code: "51111" });
    expect(client.venue.core.openOrders(0)).toEqual([]);
  });

  it("amend no order twice", () => {
    const client = okxVenue();
    const { ordId } = client.order({}).data[0] ?? {};
    const twice = [1, 2].map(() => ({ instId: "BTC-USDT", ordId, newSz: "0.02" }));
    expect(client.post("trade/amend-batch-orders", twice)).toMatchObject({ code: "51512" });
    expect(client.venue.core.openOrders(0)).toMatchObject([{ sizeLots: 1_000 }]);
  });

  it("that fail by half, when that is ordered, do the other half", () => {
    const client = okxVenue();
    client.venue.front.fault({ kind: "partialBatch" });
    const reply = client.post("trade/batch-orders", [item, item, item]);
    expect(reply).toMatchObject({ code: "2", data: [{ sCode: "0" }, { sCode: "50013" }, { sCode: "0" }] });
    expect(client.venue.core.openOrders(0)).toHaveLength(2);
    expect(client.post("trade/batch-orders", [item, item])).toMatchObject({ code: "0" });
  });
});

describe("the countdown", () => {
  it("cancels when it runs out, unless it is refreshed or ended", () => {
    const { client, orders } = withOrders();
    client.order({});
    orders();
    expect(client.post("trade/cancel-all-after", { timeOut: 10 }).data).toMatchObject([{ tag: "" }]);
    client.venue.advanceMs(9_000);
    client.post("trade/cancel-all-after", { timeOut: "10" });
    client.venue.advanceMs(9_500);
    expect(client.venue.core.openOrders(0)).toHaveLength(1);
    client.venue.advanceMs(1_000);
    expect(orders()).toMatchObject([{ state: "canceled", cancelSource: "20" }]);
    client.order({});
    client.post("trade/cancel-all-after", { timeOut: "10" });
    client.venue.advanceMs(2_000);
    expect(client.post("trade/cancel-all-after", { timeOut: "0" }).data).toMatchObject([
      { triggerTime: "0" },
    ]);
    client.venue.advanceMs(20_000);
    expect(client.venue.core.openOrders(0)).toHaveLength(1);
  });

  it("of a tag cancels the orders of that tag", () => {
    const client = okxVenue();
    client.order({ tag: "one", clOrdId: "a" });
    client.order({ tag: "two", clOrdId: "b" });
    client.post("trade/cancel-all-after", { timeOut: "10", tag: "one" });
    client.venue.advanceMs(10_010);
    expect(client.venue.core.openOrders(0)).toMatchObject([{ clientId: "b" }]);
  });

  it.each(["9", "121", "-1", "x"])("refuses %s seconds", (timeOut) => {
    expect(okxVenue().post("trade/cancel-all-after", { timeOut })).toMatchObject({ code: "51000" });
  });
});
