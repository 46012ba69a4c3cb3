import { expect, it } from "vitest";
import type { FillEvent } from "../../../../../server/contract/events.ts";
import type { RawFill } from "../../../../../server/venues/ccxt/exchanges/exchange.ts";
import { Fills } from "../../../../../server/venues/ccxt/gateway/fills.ts";
import { gridOf } from "../../../../../server/venues/ccxt/gateway/grid.ts";
import { trackedOf } from "../../../../../server/venues/ccxt/gateway/orderTerms.ts";
import { OrderTracker } from "../../../../../server/venues/ccxt/gateway/tracker.ts";
import { place } from "./served.ts";

const OLD = { tick: "0.01", lot: "0.00001" };
const NEW = { tick: "0.1", lot: "0.00001" };

function setUp() {
  const tracker = new OrderTracker("abc");
  const listed = { index: 0, symbol: "BTC/USDT", marketId: "BTCUSDT", marketInfo: {}, grid: gridOf(NEW) };
  const order = tracker.add(trackedOf(place(), { ...listed, grid: gridOf(OLD) }, 0));
  const told: Omit<FillEvent, "atUs">[] = [];
  const booked: string[] = [];
  const offGrid: string[] = [];
  const fills = new Fills({
    account: 0,
    tracker,
    reports: { filled: (_, size) => void booked.push(size) },
    listed: () => listed,
    decimals: new Map([["USDT", 8]]),
    emit: (event) => void told.push(event),
    lookUpClientId: () => Promise.resolve(undefined),
    onOffGrid: () => void offGrid.push("doubt"),
    log: () => undefined,
    startMs: 0,
  });
  const fill = (terms: Partial<RawFill>): RawFill => ({
    symbol: "BTC/USDT",
    tradeId: "1",
    venueOrderId: "7",
    clientId: order.clientId,
    side: "buy",
    price: "60000.1",
    size: "0.00002",
    liquidity: "maker",
    venueAtMs: 1,
    feeAsset: "USDT",
    fee: "0",
    ...terms,
  });
  return { fills, fill, told, booked, offGrid };
}

it("a fill finer than a lot is told in steps that hold it, once, and the definitions are doubted", () => {
  const { fills, fill, told, booked, offGrid } = setUp();
  const fine = fill({ size: "0.0000251" });
  expect(fills.accept(fine)).toBe(true);
  expect(told).toMatchObject([{ sizeLots: 251, steps: { lot: "0.0000001" } }]);
  expect([booked, offGrid]).toEqual([["0.0000251"], ["doubt"]]);
  expect(fills.isKnown(fine)).toBe(true);
  expect(fills.accept(fine)).toBe(false);
});

it("a fill of an order from before a change of the tick is told in that order's steps", () => {
  const { fills, fill, told, offGrid } = setUp();
  fills.accept(fill({ price: "60000.15" }));
  expect(told).toMatchObject([{ priceTicks: 6_000_015, sizeLots: 2, steps: OLD }]);
  expect(offGrid).toEqual([]);
});

it("a fill of other hands is told in the steps in force", () => {
  const { fills, fill, told } = setUp();
  fills.accept(fill({ clientId: "x-other" }));
  expect(told).toMatchObject([{ priceTicks: 600_001, sizeLots: 2, steps: NEW }]);
});
