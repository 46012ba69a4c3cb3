import { describe, expect, it } from "vitest";
import { rfc3339 } from "../../../../../server/lab/wire/kraken/time.ts";
import { krakenClient, ORDER } from "./client.ts";
import type { KrakenClient } from "./client.ts";

const order = (client: KrakenClient, txid: string): Record<string, unknown> =>
  (client.call("QueryOrders", { txid, trades: true }) as Record<string, Record<string, unknown>>)[txid] ?? {};

const opens = (client: KrakenClient): string[] => Object.keys(client.call("OpenOrders")["open"] as object);

describe("AddOrder", () => {
  it("places a limit order and describes it", () => {
    const client = krakenClient();
    const placed = client.call("AddOrder", { ...ORDER, cl_ord_id: "m1", oflags: "post", userref: 7 });
    expect(placed).toMatchObject({
      descr: { order: "buy 0.01000 XBTUSD @ limit 59000.00" },
      cl_ord_id: "m1",
    });
    expect(client.call("OpenOrders")["open"]).toEqual({
      [(placed["txid"] as string[])[0] as string]: {
        refid: null,
        userref: 7,
        cl_ord_id: "m1",
        status: "open",
        opentm: client.nowUs() / 1e6,
        starttm: 0,
        expiretm: 0,
        descr: {
          pair: "XBTUSD",
          type: "buy",
          ordertype: "limit",
          price: "59000.00",
          price2: "0",
          leverage: "none",
          order: "buy 0.01000 XBTUSD @ limit 59000.00",
          close: "",
        },
        vol: "0.01000",
        vol_exec: "0.00000",
        cost: "0",
        fee: "0.00000000",
        price: "0",
        stopprice: "0.00000",
        limitprice: "0.00000",
        misc: "",
        oflags: "fciq,post",
      },
    });
  });

  it.each([
    { name: "an unknown pair", params: { pair: "XBTEUR" }, error: "EQuery:Unknown asset pair" },
    { name: "no side", params: { type: "" }, error: "EGeneral:Invalid arguments:type" },
    {
      name: "a triggered order",
      params: { ordertype: "stop-loss" },
      error: "EGeneral:Invalid arguments:ordertype",
    },
    { name: "no volume", params: { volume: "" }, error: "EGeneral:Invalid arguments:volume" },
    {
      name: "a volume off the grid",
      params: { volume: "0.000015" },
      error: "EGeneral:Invalid arguments:volume",
    },
    { name: "a negative volume", params: { volume: "-1" }, error: "EGeneral:Invalid arguments:volume" },
    { name: "too little volume", params: { volume: "0.00002" }, error: "EOrder:Order minimum not met" },
    {
      name: "too little cost",
      params: { volume: "0.00005", price: "10" },
      error: "EOrder:Cost minimum not met",
    },
    { name: "a price off the tick", params: { price: "59000.22" }, error: "EOrder:Tick size check failed" },
    {
      name: "too many decimals",
      params: { price: "59000.123" },
      error: "EOrder:Invalid price:XBTUSD price can only be specified up to 2 decimals.",
    },
    { name: "no price", params: { price: "" }, error: "EGeneral:Invalid arguments:price" },
    { name: "a price of zero", params: { price: "0" }, error: "EOrder:Invalid price" },
    { name: "a price out of the band", params: { price: "1000" }, error: "EOrder:Invalid price" },
    {
      name: "a post-only that takes",
      params: { price: "60010", oflags: "post" },
      error: "EOrder:Post only order",
    },
    {
      name: "post-only and IOC",
      params: { oflags: "post", timeinforce: "IOC" },
      error: "EGeneral:Invalid arguments:timeinforce",
    },
    {
      name: "good till date",
      params: { timeinforce: "GTD" },
      error: "EGeneral:Invalid arguments:timeinforce",
    },
    {
      name: "too long an id",
      params: { cl_ord_id: "x".repeat(19) },
      error: "EGeneral:Invalid arguments:cl_ord_id",
    },
    { name: "a wrong reference", params: { userref: "1.5" }, error: "EGeneral:Invalid arguments:userref" },
    {
      name: "a wrong self-trade mode",
      params: { stp_type: "none" },
      error: "EGeneral:Invalid arguments:stp_type",
    },
    { name: "more than there is", params: { volume: "1000" }, error: "EOrder:Insufficient funds" },
    {
      name: "a deadline that is none",
      params: { deadline: "soon" },
      error: "EGeneral:Invalid arguments:deadline",
    },
  ])("refuses $name and changes nothing", ({ params, error }) => {
    const client = krakenClient({
      instruments: { BTC: { tick: "0.05", sizeMinLots: 5, notionalMinQuote: "1", priceBandFrac: 0.5 } },
    });
    client.snapshot([1_199_800, 100_000], [1_200_200, 100_000]);
    expect(client.refused("AddOrder", { ...ORDER, ...params })).toBe(error);
    expect(opens(client)).toEqual([]);
  });

  it("refuses what comes after its deadline, or names one too near or too far ahead", () => {
    const client = krakenClient();
    const at = (ms: number): string => rfc3339(client.nowUs() + ms * 1_000);
    expect(client.refused("AddOrder", { ...ORDER, deadline: at(-1) })).toBe("EService:Deadline elapsed");
    expect(client.refused("AddOrder", { ...ORDER, deadline: at(61_000) })).toBe(
      "EGeneral:Invalid arguments:deadline",
    );
    expect(client.refused("AddOrder", { ...ORDER, deadline: at(499) })).toBe(
      "EGeneral:Invalid arguments:deadline",
    );
    client.add({ deadline: at(500) });
    client.add({ deadline: at(60_000) });
    expect(opens(client)).toHaveLength(2);
  });

  it("only checks when asked to", () => {
    const client = krakenClient();
    expect(client.call("AddOrder", { ...ORDER, validate: true })).toEqual({
      descr: { order: "buy 0.01000 XBTUSD @ limit 59000.00" },
    });
    expect(client.refused("AddOrder", { ...ORDER, validate: true, price: "x" })).toContain("price");
    expect(opens(client)).toEqual([]);
  });

  it("refuses an id that an open order has, and takes it again once that has ended", () => {
    const client = krakenClient();
    const first = client.add({ cl_ord_id: "m1" });
    expect(client.refused("AddOrder", { ...ORDER, cl_ord_id: "m1" })).toBe(
      "EGeneral:Invalid arguments:cl_ord_id not unique",
    );
    client.call("CancelOrder", { cl_ord_id: "m1" });
    const second = client.add({ cl_ord_id: "m1" });
    expect(order(client, first)).toMatchObject({ status: "canceled", cl_ord_id: "m1" });
    expect(order(client, second)).toMatchObject({ status: "open", cl_ord_id: "m1" });
    client.call("CancelOrder", { cl_ord_id: "m1" });
    expect(opens(client)).toEqual([]);
  });

  it("fills an IOC as far as it goes and ends the rest", () => {
    const client = krakenClient();
    const txid = client.add({ volume: "1.5", price: "60010", timeinforce: "IOC", cl_ord_id: "h1" });
    const trades = client.call("TradesHistory")["trades"] as Record<string, unknown>;
    expect(order(client, txid)).toMatchObject({
      status: "expired",
      vol_exec: "1.00000",
      cost: "60010",
      fee: "120.02000000",
      price: "60010",
      trades: Object.keys(trades),
    });
    expect(Object.values(trades)).toEqual([
      expect.objectContaining({
        ordertxid: txid,
        pair: "XXBTZUSD",
        type: "buy",
        price: "60010.00",
        cost: "60010",
        fee: "120.02000000",
        vol: "1.00000",
        maker: false,
        trade_id: 1,
        cl_ord_id: "h1",
      }),
    ]);
  });

  it("takes market orders, and FOK all or nothing", () => {
    const client = krakenClient();
    expect(order(client, client.add({ ordertype: "market", volume: "2", price: "" }))).toMatchObject({
      status: "closed",
      vol_exec: "2.00000",
      price: "60015",
      descr: { ordertype: "market", price: "0", order: "buy 2.00000 XBTUSD @ market" },
    });
    expect(order(client, client.add({ volume: "5", price: "60020", timeinforce: "FOK" }))).toMatchObject({
      status: "expired",
      vol_exec: "0.00000",
    });
  });

  it.each([
    { stp: "cancel-newest", left: ["old"] },
    { stp: "cancel-oldest", left: ["new"] },
    { stp: "cancel-both", left: [] },
  ])("prevents self-trades by $stp", ({ stp, left }) => {
    const client = krakenClient();
    client.add({ type: "sell", price: "60000", cl_ord_id: "old" });
    client.add({ price: "60000", cl_ord_id: "new", stp_type: stp });
    const open = Object.values(client.call("OpenOrders")["open"] as Record<string, { cl_ord_id: string }>);
    expect(open.map(({ cl_ord_id }) => cl_ord_id)).toEqual(left);
    expect(client.call("TradesHistory")).toEqual({ trades: {}, count: 0 });
  });
});

describe("AddOrderBatch", () => {
  const members = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ ...ORDER, price: String(58_000 + i) }));

  it("places up to fifteen, each on its own", () => {
    const client = krakenClient();
    const orders = [...members(2), { ...ORDER, volume: "1000" }];
    const answer = client.call("AddOrderBatch", { pair: "XBTUSD", orders }, { isJson: true });
    expect(answer["orders"]).toEqual([
      { txid: expect.any(String) as string, descr: { order: "buy 0.01000 XBTUSD @ limit 58000.00" } },
      { txid: expect.any(String) as string, descr: { order: "buy 0.01000 XBTUSD @ limit 58001.00" } },
      { error: "EOrder:Insufficient funds" },
    ]);
    expect(opens(client)).toHaveLength(2);
  });

  it("places none when one of them fails the checks, or when they are too many or too few", () => {
    const client = krakenClient();
    const send = (orders: unknown): string =>
      client.refused("AddOrderBatch", { pair: "XBTUSD", orders }, { isJson: true });
    expect(send([...members(2), { ...ORDER, price: "1.001" }])).toContain("EOrder:Invalid price");
    expect(send(members(16))).toBe("EGeneral:Invalid arguments:orders");
    expect(send(members(1))).toBe("EGeneral:Invalid arguments:orders");
    expect(send("x")).toBe("EGeneral:Invalid arguments:orders");
    expect(opens(client)).toEqual([]);
  });
});
