import { describe, expect, it } from "vitest";
import { createOkx } from "../../../../../server/lab/wire/okx/okx.ts";
import { MID_TICKS, okxClient, okxVenue } from "./okxClient.ts";
import type { OkxClient } from "./okxClient.ts";

/** Own trades with ids 1 to `count`, all within one microsecond. */
function traded(count: number): OkxClient {
  const client = okxVenue({ limits: "lifted" });
  client.order({ px: "60000", sz: String(count / 1_000) });
  for (let i = 0; i < count; i++)
    client.venue.market({ kind: "take", instrument: 0, side: "sell", sizeLots: 100, limitTicks: MID_TICKS });
  return client;
}

const ids = (rows: readonly Readonly<Record<string, string>>[]): string[] =>
  rows.map(({ tradeId = "" }) => tradeId);

describe("pages", () => {
  it("of own trades join without a gap and without one twice, also within one instant", () => {
    const client = traded(250);
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const { data } = client.get("trade/fills-history", {
        instType: "SPOT",
        ...(after === undefined ? {} : { after }),
      });
      if (data.length === 0) break;
      seen.push(...ids(data));
      after = data.at(-1)?.billId;
    }
    expect(seen).toEqual(Array.from({ length: 250 }, (_, at) => String(250 - at)));
  });

  it("before an id are the newest that are newer", () => {
    const client = traded(10);
    const { data } = client.get("trade/fills");
    const before = data[4]?.billId ?? "";
    expect(ids(client.get("trade/fills", { before }).data)).toEqual(["10", "9", "8", "7"]);
    expect(ids(client.get("trade/fills", { before, limit: "2" }).data)).toEqual(["10", "9"]);
  });

  it("between two instants hold what happened there", () => {
    const client = okxVenue();
    const atMs: number[] = [];
    client.order({ px: "60000", sz: "0.01" });
    for (let i = 0; i < 3; i++) {
      client.venue.advanceMs(1_000);
      atMs.push(Math.floor(client.venue.nowUs() / 1_000));
      client.venue.market({
        kind: "take",
        instrument: 0,
        side: "sell",
        sizeLots: 100,
        limitTicks: MID_TICKS,
      });
    }
    expect(ids(client.get("trade/fills", { begin: String(atMs[1]), end: String(atMs[1]) }).data)).toEqual([
      "2",
    ]);
    expect(ids(client.get("trade/fills", { begin: String(atMs[1]) }).data)).toEqual(["3", "2"]);
  });

  it("of orders go from an id on", () => {
    const client = okxVenue();
    for (let i = 0; i < 5; i++) client.order({ clOrdId: `c${i}` });
    const rows = client.get("trade/orders-pending").data;
    expect(rows.map(({ clOrdId }) => clOrdId)).toEqual(["c4", "c3", "c2", "c1", "c0"]);
    const after = rows[1]?.ordId ?? "";
    expect(client.get("trade/orders-pending", { after }).data.map(({ clOrdId }) => clOrdId)).toEqual([
      "c2",
      "c1",
      "c0",
    ]);
    expect(client.get("trade/orders-pending", { before: after }).data.map(({ clOrdId }) => clOrdId)).toEqual([
      "c4",
    ]);
  });

  it.each([
    ["limit", "0"],
    ["limit", "x"],
    ["after", "x"],
    ["begin", "x"],
  ])("refuse %s=%s", (name, value) => {
    expect(okxVenue().get("trade/fills", { [name]: value })).toMatchObject({ status: 400, code: "51000" });
  });
});

describe("the ledger", () => {
  it("is bills that sum to the balance, newest first", () => {
    const client = traded(5);
    const { data } = client.get("account/bills");
    const sum = data
      .filter(({ ccy }) => ccy === "USDT")
      .reduce((total, { balChg }) => total + Number(balChg), 0);
    const [balance] = client.get("account/balance", { ccy: "USDT" }).data as unknown as {
      details: { cashBal: string }[];
    }[];
    expect(sum).toBeCloseTo(Number(balance?.details[0]?.cashBal), 8);
    expect(data[0]?.billId).toBe(String(data.length));
    const [first, second] = data;
    expect(client.get("account/bills", { after: first?.billId ?? "" }).data[0]).toEqual(second);
    expect(
      client.get("account/bills-archive", { type: "1" }).data.every(({ subType }) => subType === "11"),
    ).toBe(true);
    expect(client.get("account/bills", { ccy: "ETH" }).data).toHaveLength(1);
  });
});

describe("money", () => {
  function generous(): OkxClient {
    const made = okxVenue({
      twoAccounts: true,
      front: (core) =>
        createOkx({
          ...core,
          key(apiKey) {
            const key = core.key(apiKey);
            return key === undefined ? undefined : { ...key, mayWithdraw: true };
          },
        }),
    });
    return made;
  }

  it("is withdrawn by a key that may, and by no other", () => {
    const wanted = { ccy: "BTC", amt: "1.5", dest: "4", toAddr: "addr" };
    expect(okxVenue().post("asset/withdrawal", wanted)).toMatchObject({ code: "50120" });
    const client = generous();
    const { wdId = "" } = client.post("asset/withdrawal", wanted).data[0] ?? {};
    expect(client.get("asset/withdrawal-history", { ccy: "BTC" }).data).toMatchObject([
      { wdId, amt: "1.5", state: "0" },
    ]);
    client.venue.core.endWithdrawal(0, wdId, "DONE");
    expect(client.get("asset/withdrawal-history").data).toMatchObject([{ wdId, state: "2" }]);
    expect(client.get("asset/bills").data[0]).toMatchObject({ ccy: "BTC", balChg: "-1.5", type: "2" });
  });

  it.each([
    { change: { amt: "1000" }, code: "58350" },
    { change: { amt: "0" }, code: "51000" },
    { change: { amt: "0.123456789" }, code: "51000" },
    { change: { ccy: "XRP" }, code: "51000" },
    { change: { toAddr: "" }, code: "58203" },
  ])("is not withdrawn for $change", ({ change, code }) => {
    const client = generous();
    const before = client.venue.core.balances(0);
    const wanted = { ccy: "BTC", amt: "1.5", dest: "4", toAddr: "addr", ...change };
    expect(client.post("asset/withdrawal", wanted)).toMatchObject({ code });
    expect(client.venue.core.balances(0)).toEqual(before);
  });

  it("moves between the master and its sub-accounts", () => {
    const client = generous();
    const wanted = { ccy: "BTC", amt: "2", from: "18", to: "18", type: "1", subAcct: "sub1", clientId: "c" };
    const { transId = "" } = client.post("asset/transfer", wanted).data[0] ?? {};
    expect(client.get("asset/transfer-state", { transId }).data).toMatchObject([
      { state: "success", amt: "2", subAcct: "sub1" },
    ]);
    const held = (account: number): bigint | undefined =>
      client.venue.core.balances(account).find(({ asset }) => asset === "BTC")?.totalAtoms;
    expect([held(0), held(1)]).toEqual([98n * 10n ** 8n, 102n * 10n ** 8n]);
    expect(client.post("asset/transfer", { ...wanted, subAcct: "sub9" })).toMatchObject({ code: "58115" });
    client.venue.advanceMs(1_000);
    const sub = okxClient(client.venue, client.venue.key(1));
    expect(sub.post("asset/transfer", wanted)).toMatchObject({ code: "58115" });
    expect(client.post("asset/transfer", { ...wanted, type: "0", from: "6" })).toMatchObject({
      code: "58350",
    });
  });

  it("that came is a deposit; the funding account is empty", () => {
    const client = okxVenue();
    expect(client.get("asset/deposit-history", { ccy: "BTC" }).data).toMatchObject([
      { ccy: "BTC", amt: "100", state: "2" },
    ]);
    expect(client.get("asset/balances", { ccy: "BTC" }).data).toEqual([
      { availBal: "0", bal: "0", ccy: "BTC", frozenBal: "0" },
    ]);
    expect(client.get("asset/currencies").data.map(({ ccy }) => ccy)).toEqual(["BTC", "ETH", "USDT"]);
  });
});

describe("the market over REST", () => {
  it("tells books, trades and tickers", () => {
    const client = okxVenue();
    client.venue.market({ kind: "take", instrument: 0, side: "buy", sizeLots: 5 });
    client.venue.market({ kind: "take", instrument: 0, side: "sell", sizeLots: 7 });
    expect(client.get("market/books", { instId: "BTC-USDT", sz: "1" }).data).toMatchObject([
      { asks: [["60000.01", "0.99995", "0", "1"]], bids: [["59999.99", "0.99993", "0", "1"]] },
    ]);
    expect(client.get("market/trades", { instId: "BTC-USDT" }).data).toMatchObject([
      { px: "59999.99", side: "sell", tradeId: "2" },
      { px: "60000.01", side: "buy", tradeId: "1" },
    ]);
    expect(client.get("market/ticker", { instId: "BTC-USDT" }).data).toMatchObject([
      {
        last: "59999.99",
        lastSz: "0.00007",
        askPx: "60000.01",
        bidPx: "59999.99",
        open24h: "60000.01",
        high24h: "60000.01",
        low24h: "59999.99",
        vol24h: "0.00012",
      },
    ]);
    expect(client.get("market/tickers", { instType: "SPOT" }).data).toHaveLength(2);
    expect(client.get("market/books", { instId: "BTC-USDT", sz: "401" })).toMatchObject({ code: "51000" });
    expect(client.get("market/ticker", { instId: "XRP-USDT" })).toMatchObject({ code: "51001" });
  });

  it("forgets in a day what was traded", () => {
    const client = okxVenue();
    client.venue.market({ kind: "take", instrument: 0, side: "buy", sizeLots: 5 });
    client.venue.setNow(client.venue.nowUs() + 25 * 3_600_000_000);
    client.venue.market({ kind: "take", instrument: 0, side: "sell", sizeLots: 7 });
    expect(client.get("market/ticker", { instId: "BTC-USDT" }).data).toMatchObject([
      { vol24h: "0.00007", high24h: "59999.99", open24h: "59999.99" },
    ]);
  });
});
