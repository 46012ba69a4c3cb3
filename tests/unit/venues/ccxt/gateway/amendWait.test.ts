import { expect, it } from "vitest";
import type { AmendEffect } from "../../../../../server/contract/effects.ts";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import { BudgetError } from "../../../../../server/venues/ccxt/gateway/budget.ts";
import { gridOf } from "../../../../../server/venues/ccxt/gateway/grid.ts";
import { trackedOf } from "../../../../../server/venues/ccxt/gateway/orderTerms.ts";
import { Orders } from "../../../../../server/venues/ccxt/gateway/orders.ts";
import { OrderReports } from "../../../../../server/venues/ccxt/gateway/reports.ts";
import { OrderTracker } from "../../../../../server/venues/ccxt/gateway/tracker.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";
import { brief, place } from "./served.ts";

const NOW_MS = 1_700_000_000_000;
const LISTED = {
  index: 0,
  symbol: "BTC/USDT",
  marketId: "BTCUSDT",
  marketInfo: {},
  grid: gridOf({ tick: "0.1", lot: "0.00001" }),
};

/** An order of 1,000 lots whose amendment to 800 waits for the budget while `meanwhile` happens. */
async function amendBeside(
  meanwhile: (reports: OrderReports, clientId: string) => void,
  outcome: Promise<void> = Promise.resolve(),
) {
  const exchange = exchangeOf("binance");
  const tracker = new OrderTracker("abc");
  const told: VenueEvent[] = [];
  const sent: unknown[] = [];
  const reports = new OrderReports({
    account: 0,
    exchange,
    tracker,
    listed: () => LISTED,
    emit: (event) => void told.push(event),
    onLineageLost: () => undefined,
    nowMs: () => NOW_MS,
  });
  const orders = new Orders({
    exchange,
    tracker,
    reports,
    wire: {
      hasSocket: true,
      send: (request) => (sent.push(request.socket["params"]), new Promise(() => undefined)),
      insist: () => Promise.reject(new Error("not asked")),
      call: () => Promise.reject(new Error("not asked")),
    },
    budget: {
      takeAll: async () => {
        meanwhile(reports, order.clientId);
        await outcome;
      },
      exhausted: () => undefined,
    },
    listed: () => LISTED,
    nowMs: () => NOW_MS,
    skewMs: () => 0,
    speed: 1,
    lookUp: () => Promise.resolve(undefined),
    isHalted: () => false,
    halt: () => undefined,
    clockDoubted: () => undefined,
  });
  const order = place();
  tracker.add(trackedOf(order, LISTED, NOW_MS));
  const amend: AmendEffect = {
    type: "amend",
    account: 0,
    instrument: 0,
    clientId: order.clientId,
    priceTicks: 500_000,
    sizeLots: 800,
    requestExpiresAtUs: (NOW_MS + 1_000) * 1_000,
  };
  void orders.amend(amend);
  await new Promise((resolve) => setImmediate(resolve));
  return { sent, told: told.map(brief) };
}

it("an amendment that waited for the budget asks for no more than what is not filled by then", async () => {
  const { sent } = await amendBeside((reports, clientId) =>
    reports.filled({ clientId, revision: 0 }, "0.003", LISTED),
  );
  expect(sent).toMatchObject([{ quantity: "0.005" }]);
});

it("an amendment of an order that ended while it waited is refused, and not sent", async () => {
  const { sent, told } = await amendBeside((reports, clientId) =>
    reports.news("BTC/USDT", { clientId, venueOrderId: "7", status: "CANCELED", filled: "0" }),
  );
  expect(sent).toEqual([]);
  expect(told.at(-1)).toBe("amendRejected UNKNOWN_ORDER");
});

it("an amendment that all was filled of while it waited is refused, and not sent", async () => {
  const { sent, told } = await amendBeside((reports, clientId) =>
    reports.filled({ clientId, revision: 0 }, "0.008", LISTED),
  );
  expect(sent).toEqual([]);
  expect(told).toEqual(["amendRejected FILTER"]);
});

it("an amendment for which there is no room in time is refused for that", async () => {
  const { sent, told } = await amendBeside(() => undefined, Promise.reject(new BudgetError("no room")));
  expect(sent).toEqual([]);
  expect(told).toEqual(["amendRejected RATE_LIMIT"]);
});
