import { expect, it } from "vitest";
import { createLevelGrid } from "../../../../../server/venues/ccxt/market/levelGrid.ts";
import type { VenueTrade } from "../../../../../server/venues/ccxt/market/messages.ts";
import { TradeTape } from "../../../../../server/venues/ccxt/market/tradeTape.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";
import { instrument } from "./samples.ts";

const grid = createLevelGrid(instrument());

function open() {
  const events: VenueEvent[] = [];
  const tape = new TradeTape({ instrument: 1, emit: (event) => events.push(event) });
  const hear = (ids: readonly number[], isHistory = false, price = (id: number) => `${id}.00`) =>
    tape.hear(
      { type: "trades", symbol: "BTCUSDT", isHistory, trades: ids.map((id) => trade(id, price(id))) },
      grid,
    );
  const told = (): unknown[] =>
    events.map((event) => (event.type === "trade" ? event.priceTicks / 100 : event));
  return { hear, told, events };
}

function trade(tradeId: number, price: string): VenueTrade {
  return { tradeId, venueAtUs: 7, price, size: "0.002", aggressor: "sell" };
}

it("tells a trade as the engine wants it", () => {
  const { hear, events } = open();
  hear([1]);
  expect(events).toEqual([
    { type: "trade", instrument: 1, venueAtUs: 7, priceTicks: 100, sizeLots: 2, aggressor: "sell" },
  ]);
});

it("tells each once, late ones too", () => {
  const { hear, told } = open();
  hear([5, 6, 8]);
  hear([6, 7, 8, 9]);
  expect(told()).toEqual([5, 6, 8, 7, 9]);
});

it("is silent about what happened before it listened, and fills a hole after a reconnect", () => {
  const { hear, told } = open();
  hear([1, 2, 3], true);
  expect(told()).toEqual([]);
  hear([4]);
  hear([2, 3, 4, 5, 6], true);
  expect(told()).toEqual([4, 5, 6]);
});

it("remembers a bounded number and takes nothing older for news", () => {
  const { hear, told } = open();
  hear(Array.from({ length: 3_000 }, (_, at) => at + 1));
  hear([1, 1_500, 2_999, 3_001]);
  expect(told()).toHaveLength(3_001);
});

it("leaves out what is off the grid, and says so", () => {
  const { hear, told } = open();
  expect(hear([1, 2], false, (id) => (id === 1 ? "1.005" : "2.00"))).toEqual({ offGrid: 1 });
  expect(told()).toEqual([2]);
});
