import { expect, it } from "vitest";
import { kraken } from "../../../../../../server/venues/ccxt/exchanges/kraken/kraken.ts";

const EXECUTION = {
  exec_type: "trade",
  exec_id: "T1",
  order_id: "O1",
  cl_ord_id: "qabc0001000000a",
  symbol: "BTC/USD",
  side: "buy",
  order_status: "partially_filled",
  last_price: 30_000.1,
  last_qty: 0.00001,
  cum_qty: 0.00001,
  liquidity_ind: "m",
  timestamp: "2023-10-06T17:35:55.440295Z",
  fees: [{ asset: "USD", qty: 0.0008 }],
};
const read = (row: object) => kraken.readPrivate({ channel: "executions", data: [row] }, (name) => name);

it("reads a fill before what it makes of its order", () => {
  expect(read(EXECUTION)).toMatchObject([
    {
      type: "fill",
      fill: { tradeId: "T1", price: "30000.1", size: "0.00001", fee: "0.0008", venueAtMs: 1_696_613_755_440 },
    },
    { type: "order", news: { status: "OPEN", filled: "0.00001" } },
  ]);
});

it("refuses a fill without a time, so that the list of trades tells it", () => {
  expect(() => read({ ...EXECUTION, timestamp: "soon" })).toThrow("timestamp");
});

it("adds up the fees of one asset, and keeps those of others beside it", () => {
  const fees = [
    { asset: "USD", qty: 0.0008 },
    { asset: "KFEE", qty: 2.5 },
    { asset: "USD", qty: 0.01 },
  ];
  expect(read({ ...EXECUTION, fees })?.[0]).toMatchObject({
    fill: { feeAsset: "USD", fee: "0.0108", otherFees: [{ asset: "KFEE", fee: "2.5" }] },
  });
  expect(read({ ...EXECUTION, fees: [] })?.[0]).toMatchObject({
    fill: { feeAsset: "USD", fee: "0", otherFees: [] },
  });
  expect(() => read({ ...EXECUTION, fees: [{ asset: "USD" }] })).toThrow("qty");
});
