import { describe, expect, it } from "vitest";
import { rfc3339 } from "../../../../../server/lab/wire/kraken/time.ts";
import { krakenClient } from "./client.ts";
import type { KrakenClient } from "./client.ts";

type Params = Record<string, unknown>;

const ADD = { order_type: "limit", side: "buy", order_qty: 0.01, limit_price: 59_000.1, symbol: "BTC/USD" };

function trader(client: KrakenClient) {
  const socket = client.socket();
  let requests = 0;
  /** All answers to one request. */
  const ask = (method: string, params: Params = {}): Params[] => {
    const req_id = ++requests;
    socket.take();
    socket.send({ method, params: { token: socket.token, ...params }, req_id });
    const answers = socket.take() as Params[];
    for (const answer of answers) expect(answer).toMatchObject({ method, req_id });
    return answers;
  };
  /** The result of a request with one answer. */
  const result = (method: string, params: Params): unknown => ask(method, params)[0]?.["result"];
  return { socket, ask, result };
}

const open = (client: KrakenClient): Params[] =>
  Object.values(client.call("OpenOrders")["open"] as Params) as Params[];

describe("orders on a socket", () => {
  it("are placed from exact numbers and answered with times", () => {
    const client = krakenClient();
    const { ask } = trader(client);
    const at = rfc3339(client.nowUs());
    expect(
      ask("add_order", {
        ...ADD,
        post_only: true,
        cl_ord_id: "m1",
        deadline: rfc3339(client.nowUs() + 1_000_000),
      }),
    ).toEqual([
      {
        method: "add_order",
        req_id: 1,
        result: { order_id: expect.stringMatching(/^O/) as string, cl_ord_id: "m1" },
        success: true,
        time_in: at,
        time_out: at,
      },
    ]);
    expect(open(client)).toMatchObject([
      { vol: "0.01000", oflags: "fciq,post", descr: { price: "59000.10" } },
    ]);
    expect(ask("add_order", { ...ADD, validate: true, order_userref: 4 })).toMatchObject([
      { success: true, result: {} },
    ]);
    expect(ask("add_order", { ...ADD, order_userref: 4, stp_type: "cancel_oldest" })).toMatchObject([
      { success: true, result: { order_userref: 4 } },
    ]);
  });

  it.each([
    { params: { symbol: "XBT/USD" }, error: "EQuery:Unknown asset pair" },
    {
      params: { limit_price: 59_000.001 },
      error: "EOrder:Invalid price:XBTUSD price can only be specified up to 2 decimals.",
    },
    { params: { order_qty: 1e-8 }, error: "EGeneral:Invalid arguments:volume" },
    { params: { order_qty: 1_000 }, error: "EOrder:Insufficient funds" },
    { params: { limit_price: 60_010, post_only: true }, error: "EOrder:Post only order" },
    { params: { deadline: "2025-12-31T23:59:59.999Z" }, error: "EService:Deadline elapsed" },
    { params: { token: "stolen" }, error: "ESession:Invalid session" },
  ])("are refused with $error", ({ params, error }) => {
    const client = krakenClient();
    expect(trader(client).ask("add_order", { ...ADD, ...params })).toMatchObject([{ error, success: false }]);
    expect(open(client)).toEqual([]);
  });

  it("need a key that may trade", () => {
    const client = krakenClient({}, () => ({ mayTrade: false }));
    expect(trader(client).ask("add_order", ADD)).toMatchObject([{ error: "EGeneral:Permission denied" }]);
  });

  it("are amended, edited and cancelled by either id, with an answer for each", () => {
    const client = krakenClient();
    const { ask, result } = trader(client);
    const { order_id } = result("add_order", { ...ADD, cl_ord_id: "m1" }) as Params;
    expect(ask("amend_order", { order_id, order_qty: 0.02, limit_price: 59_001 })).toMatchObject([
      { success: true, result: { order_id, amend_id: expect.stringMatching(/^A/) as string } },
    ]);
    expect(ask("amend_order", { cl_ord_id: "m1", order_qty: 0.03 })).toMatchObject([
      { success: true, result: { cl_ord_id: "m1" } },
    ]);
    const edited = result("edit_order", {
      order_id,
      symbol: "BTC/USD",
      order_qty: 0.05,
      limit_price: 59_002,
    }) as Params;
    const next = edited["order_id"];
    expect(edited).toMatchObject({ original_order_id: order_id });
    expect(open(client)).toMatchObject([{ vol: "0.05000", descr: { price: "59002.00" } }]);
    ask("add_order", { ...ADD, cl_ord_id: "m2" });
    expect(ask("cancel_order", { order_id: [order_id, next], cl_ord_id: ["m2"] })).toMatchObject([
      { error: "EOrder:Unknown order", success: false, order_id },
      { success: true, result: { order_id: next } },
      { success: true, result: { cl_ord_id: "m2" } },
    ]);
    expect(open(client)).toEqual([]);
    expect(ask("cancel_order")).toMatchObject([{ error: "EOrder:Unknown order" }]);
  });

  it("are placed and cancelled in batches", () => {
    const client = krakenClient();
    const { ask, result } = trader(client);
    const orders = [ADD, { ...ADD, order_qty: 1_000 }, { ...ADD, cl_ord_id: "m3" }];
    const added = result("batch_add", { symbol: "BTC/USD", orders }) as Params[];
    expect(added).toMatchObject([{}, { error: "EOrder:Insufficient funds" }, { cl_ord_id: "m3" }]);
    const [first] = added;
    expect(ask("batch_cancel", { orders: [first?.["order_id"], "x"], cl_ord_id: ["m3"] })).toMatchObject([
      { result: { orders_cancelled: 2 } },
    ]);
    expect(ask("batch_cancel", { orders: ["x"] })).toMatchObject([
      { error: "EGeneral:Invalid arguments:orders" },
    ]);
  });

  it("are all cancelled at once, or when the dead-man's switch is not refreshed", () => {
    const client = krakenClient();
    const { ask } = trader(client);
    ask("add_order", ADD);
    expect(ask("cancel_all")).toMatchObject([{ result: { count: 1 } }]);
    ask("add_order", ADD);
    expect(ask("cancel_all_orders_after", { timeout: 2 })).toMatchObject([
      { result: { currentTime: "2026-01-01T00:00:00Z", triggerTime: "2026-01-01T00:00:02Z" } },
    ]);
    client.advanceMs(2_000);
    expect(open(client)).toEqual([]);
  });
});
