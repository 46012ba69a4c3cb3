import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { altName, assetId, findAsset, pairId } from "../../../../../server/lab/wire/kraken/assets.ts";
import { clOrdIdOf, isClOrdId } from "../../../../../server/lab/wire/kraken/clientIds.ts";
import {
  ledgerEntryOf,
  ledgerId,
  orderIdOf,
  orderTxid,
  tradeOf,
  tradeTxid,
} from "../../../../../server/lab/wire/kraken/ids.ts";
import { encodeJson, exact } from "../../../../../server/lab/wire/kraken/json.ts";
import { listOf, textOf } from "../../../../../server/lab/wire/kraken/params.ts";
import { epochText, parseEpoch, parseRfc3339, rfc3339 } from "../../../../../server/lab/wire/kraken/time.ts";

describe("names of assets and pairs", () => {
  it.each([
    ["BTC", "XBT", "XXBT"],
    ["DOGE", "XDG", "XXDG"],
    ["ETH", "ETH", "XETH"],
    ["USD", "USD", "ZUSD"],
    ["SOL", "SOL", "SOL"],
    ["USDT", "USDT", "USDT"],
  ])("%s is %s or %s", (asset, name, id) => {
    expect([altName(asset), assetId(asset)]).toEqual([name, id]);
    for (const named of [asset, name, id, id.toLowerCase()])
      expect(findAsset([{ asset }], named)?.asset).toBe(asset);
  });

  it.each([
    ["BTC", "USD", "XXBTZUSD"],
    ["BTC", "USDT", "XBTUSDT"],
    ["ETH", "BTC", "XETHXXBT"],
    ["BTC", "AUD", "XBTAUD"],
    ["DOGE", "USD", "XDGUSD"],
    ["DOGE", "BTC", "XXDGXXBT"],
    ["USDT", "USD", "USDTZUSD"],
    ["ADA", "ETH", "ADAETH"],
  ])("%s/%s is %s", (base, quote, id) => {
    expect(pairId(base, quote)).toBe(id);
  });
});

describe("ids", () => {
  const count = fc.integer({ min: 1, max: 1e12 });
  const position = fc.integer({ min: 0, max: 4_095 });

  it("look like the venue's and lead back", () => {
    fc.assert(
      fc.property(
        count,
        position,
        fc.constantFrom("buy" as const, "sell" as const),
        (number, instrument, side) => {
          const txid = orderTxid(String(number));
          expect(txid).toMatch(/^O[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{6}$/);
          expect(orderIdOf(txid)).toBe(String(number));
          const trade = { instrument, side, tradeId: String(number) };
          expect(tradeOf(tradeTxid(trade))).toEqual(trade);
          expect(ledgerEntryOf(instrument, ledgerId(instrument, { id: number }))).toBe(number);
        },
      ),
    );
  });

  it("are none of another kind, of another account, or mistyped", () => {
    expect(orderIdOf("T53YF2-J2OI6-QPR7K0")).toBeUndefined();
    expect(orderIdOf("nonsense")).toBeUndefined();
    expect(ledgerEntryOf(1, ledgerId(2, { id: 7 }))).toBeUndefined();
    const txid = orderTxid("12");
    const mistyped = (txid.endsWith("0") ? "1" : "0") + "";
    expect(orderIdOf(txid.slice(0, -1) + mistyped)).not.toBe("12");
  });

  it("are different for the two orders of one trade", () => {
    const trade = { instrument: 0, tradeId: "5" };
    expect(tradeTxid({ ...trade, side: "buy" })).not.toBe(tradeTxid({ ...trade, side: "sell" }));
  });
});

describe("ids of clients", () => {
  it.each([
    "q1",
    "qabc0001000000a",
    "6d1b345e-2821-40e2-ad83-4ecb18a06876",
    "da8e4ad59b78481c93e589746b0cf91f",
  ])("%s is one", (id) => expect(isClOrdId(id)).toBe(true));
  it.each(["", "nineteen-characters", "two words", "ünlaut", "6d1b345e-2821-40e2-ad83-4ecb18a0687"])(
    "%s is none",
    (id) => expect(isClOrdId(id)).toBe(false),
  );

  it("are found behind a count of their uses, and not in orders without one", () => {
    expect([clOrdIdOf("m1"), clOrdIdOf("m1~3"), clOrdIdOf("~mk2.0")]).toEqual(["m1", "m1", undefined]);
  });
});

describe("texts", () => {
  it("keep microseconds", () => {
    const atUs = 1_716_033_716_165_888;
    expect(rfc3339(atUs)).toBe("2024-05-18T12:01:56.165888Z");
    expect(parseRfc3339(rfc3339(atUs))).toBe(atUs);
    expect(parseRfc3339("2024-05-18T14:01:56.165888+02:00")).toBe(atUs);
    expect(parseEpoch(epochText(atUs))).toBe(atUs);
    for (const text of ["2024-05-18", "2024-13-41T00:00:00Z", "soon"])
      expect(parseRfc3339(text)).toBeUndefined();
  });

  it("write numbers with the digits they are given", () => {
    const value = { a: exact("0.10000000"), b: [exact("1")], c: undefined, d: null, e: 'x"' };
    expect(encodeJson(value)).toBe('{"a":0.10000000,"b":[1],"d":null,"e":"x\\""}');
  });

  it("read numbers and lists as clients send them", () => {
    expect(textOf({ qty: 1e-8 }, "qty")).toBe("0.000000010000000000");
    expect(listOf({ txid: "A, B" }, "txid")).toEqual(["A", "B"]);
    expect(listOf({ txid: ["A", 2, null] }, "txid")).toEqual(["A", "2"]);
  });
});
