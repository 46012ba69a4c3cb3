import { describe, expect, it } from "vitest";
import { createBinance } from "../../../../../server/lab/wire/binance/binance.ts";
import type { VenueCore, WireKey } from "../../../../../server/lab/wire/ports.ts";
import { binance } from "./venue.ts";

/** A venue whose keys may withdraw. */
function generous() {
  return binance({
    front: (core) => {
      const key = (apiKey: string): WireKey | undefined => {
        const known = core.key(apiKey);
        return known && { ...known, mayWithdraw: true };
      };
      return createBinance(Object.create(core, { key: { value: key } }) as VenueCore);
    },
  });
}

describe("wallet endpoints", () => {
  it("show whether a key may withdraw", () => {
    const path = "/sapi/v1/account/apiRestrictions";
    expect(binance().signed("GET", path).body).toMatchObject({
      enableWithdrawals: false,
      enableSpotAndMarginTrading: true,
    });
    expect(generous().signed("GET", path).body).toMatchObject({ enableWithdrawals: true });
  });

  it("list coins and fees", () => {
    const venue = binance();
    const coins = venue.signed("GET", "/sapi/v1/capital/config/getall").body;
    expect(coins[0]).toMatchObject({ coin: "BTC", free: "100.00000000", networkList: [{ isDefault: true }] });
    expect(venue.signed("GET", "/sapi/v1/asset/tradeFee", { symbol: "BTCUSDT" }).body).toEqual([
      { symbol: "BTCUSDT", makerCommission: "0.00100000", takerCommission: "0.00200000" },
    ]);
    expect(venue.signed("GET", "/sapi/v1/asset/tradeFee").body).toHaveLength(2);
    expect(venue.signed("GET", "/sapi/v1/margin/allPairs").body).toEqual([]);
    expect(venue.get("/sapi/v1/margin/allPairs")).toMatchObject({ status: 401, body: { code: -2014 } });
  });

  it("tell deposits, newest first", () => {
    const venue = binance();
    venue.advanceMs(1_000);
    venue.core.deposit(0, "BTC", 25_000_000n);
    const { body } = venue.signed("GET", "/sapi/v1/capital/deposit/hisrec", { coin: "BTC" });
    expect(body).toMatchObject([
      { amount: "0.25000000", status: 1, insertTime: Math.floor(venue.nowUs() / 1_000) },
      { amount: "100.00000000" },
    ]);
    const since = { coin: "BTC", startTime: Math.floor(venue.nowUs() / 1_000) };
    expect(venue.signed("GET", "/sapi/v1/capital/deposit/hisrec", since).body).toHaveLength(1);
  });

  it("withdraw for a key that may, and tell of it", () => {
    const ask = { coin: "BTC", address: "somewhere", amount: "1.5" };
    const apply = "/sapi/v1/capital/withdraw/apply";
    expect(binance().signed("POST", apply, ask)).toMatchObject({ status: 403, body: { code: -1002 } });
    const venue = generous();
    expect(venue.signed("POST", apply, { ...ask, amount: "1000" }).body.code).toBe(-4026);
    expect(venue.signed("POST", apply, { ...ask, coin: "XYZ" }).body.code).toBe(-4018);
    const { id } = venue.signed("POST", apply, ask).body;
    const history = () => venue.signed("GET", "/sapi/v1/capital/withdraw/history").body;
    expect(history()).toMatchObject([
      { id, amount: "1.50000000", status: 4, applyTime: "2026-01-01 00:00:00" },
    ]);
    const balances = venue.signed("GET", "/api/v3/account").body.balances;
    expect(balances).toContainEqual({ asset: "BTC", free: "98.50000000", locked: "1.50000000" });
    venue.core.endWithdrawal(0, String(id), "DONE");
    expect(history()).toMatchObject([{ id, status: 6 }]);
  });

  it("transfer to the funding wallet, which is the venue's next account", () => {
    const venue = binance({ twoAccounts: true });
    const api = venue.api();
    api.ask("userDataStream.subscribe.signature");
    const move = { type: "MAIN_FUNDING", asset: "USDT", amount: "250.25" };
    const { tranId } = venue.signed("POST", "/sapi/v1/asset/transfer", move).body;
    expect(api.events()[0]).toMatchObject({ e: "balanceUpdate", a: "USDT", d: "-250.25000000" });
    expect(venue.signed("GET", "/sapi/v1/asset/transfer", { type: "MAIN_FUNDING" }).body).toEqual({
      total: 1,
      rows: [
        {
          asset: "USDT",
          amount: "250.25000000",
          type: "MAIN_FUNDING",
          status: "CONFIRMED",
          tranId,
          timestamp: Math.floor(venue.nowUs() / 1_000),
        },
      ],
    });
    expect(venue.signed("GET", "/sapi/v1/asset/transfer", { type: "FUNDING_MAIN" }).body.total).toBe(0);
    const back = { ...move, type: "FUNDING_MAIN" };
    expect(venue.signed("POST", "/sapi/v1/asset/transfer", back).status).toBe(200);
    expect(venue.signed("POST", "/sapi/v1/asset/transfer", { ...move, type: "MAIN_MARGIN" }).body.code).toBe(
      -4001,
    );
    expect(binance().signed("POST", "/sapi/v1/asset/transfer", move).body.code).toBe(-4026);
  });
});
