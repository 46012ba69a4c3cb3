import { expect, it } from "vitest";
import type { OrderEffect } from "../../../../server/contract/effects.ts";
import type { EngineEvent } from "../../../../server/contract/events.ts";
import { createExchange } from "../../../../server/lab/exchange/exchange.ts";
import { createAgentMarket } from "../../../../server/lab/drivers/agents.ts";
import { demoMarket } from "../../../../server/lab/drivers/demo.ts";
import type { MarketDriver } from "../../../../server/lab/ports.ts";
import { LiveWorld } from "../../../../server/lab/service/liveWorld.ts";
import type { LiveWorldOptions } from "../../../../server/lab/service/liveWorld.ts";
import { FaultPlan } from "../../../../server/lab/world/faults.ts";
import { LATENCY_PRESETS } from "../../../../server/lab/world/latency.ts";
import { depth, driverOf } from "../world/fixtures.ts";
import { demoDesk } from "./desk.ts";

const { config } = demoDesk();
const START_US = 1_000_000_000;

function open(driver: MarketDriver, more: Partial<LiveWorldOptions> = {}) {
  let nowUs = START_US;
  let ends = 0;
  const events: EngineEvent[] = [];
  const world = new LiveWorld({
    config,
    exchanges: config.accounts.map((_, account) => createExchange({ config, accounts: [account] })),
    driver,
    latency: LATENCY_PRESETS.internet,
    faults: FaultPlan.parse({}),
    seed: 1,
    clock: { nowUs: () => nowUs },
    deliver: (event) => events.push(event),
    onMarketEnd: () => (ends += 1),
    ...more,
  });
  return { world, events, pass: (us: number) => (nowUs += us), ends: () => ends };
}

function agents(): MarketDriver {
  return createAgentMarket({ ...demoMarket(1).agents, startAtUs: START_US }, config);
}

const PLACE: OrderEffect = {
  type: "place",
  account: 0,
  instrument: 0,
  clientId: "c",
  side: "buy",
  priceTicks: 1,
  sizeLots: 1_000_000_000,
  timeInForce: "POST_ONLY",
  selfTrade: "EXPIRE_TAKER",
  requestExpiresAtUs: Number.MAX_SAFE_INTEGER,
};

it("tells the same at the same instants, whether its turns come often or late", () => {
  const often = open(agents());
  for (let turn = 0; turn < 1_000; turn += 1) {
    if (turn === 500) often.world.send(PLACE);
    often.pass(1_000);
    while (!often.world.advance(10_000));
  }
  const late = open(agents());
  for (const us of [500_000, 500_000]) {
    if (us === 500_000 && late.world.nowUs > START_US) late.world.send(PLACE);
    late.pass(us);
    while (!late.world.advance(10_000));
  }
  expect(often.events.length).toBeGreaterThan(200);
  expect(often.events.some((event) => event.type === "orderRejected")).toBe(true);
  expect(late.events).toEqual(often.events);
});

it("serves no more than it may in one turn, and all of it in several", () => {
  const { world, events, pass } = open(agents());
  pass(1_000_000);
  expect(world.advance(10)).toBe(false);
  const some = events.length;
  expect(world.nowUs).toBeLessThan(START_US + 1_000_000);
  while (!world.advance(10));
  expect(world.nowUs).toBe(START_US + 1_000_000);
  expect(events.length).toBeGreaterThan(some);
});

it("takes what was before its start into the books without telling it", () => {
  const past = { ...depth(START_US - 10), kind: "snapshot" as const, bids: [99, 7], asks: [101, 7] };
  const { world, events, pass } = open(driverOf([past, depth(START_US + 50)]), {
    latency: LATENCY_PRESETS.zero,
  });
  world.advance(100);
  expect(events.filter((event) => event.type === "book")).toEqual([]);
  world.resubscribeAll();
  world.advance(100);
  expect(events.filter((event) => event.type === "book")).toMatchObject([
    { instrument: 0, kind: "snapshot", bids: [99, 7], asks: [101, 7] },
  ]);
  pass(50);
  world.advance(100);
  expect(events.at(-1)).toMatchObject({ type: "book", instrument: 0, kind: "delta" });
});

it("says once that the market has ended, and serves requests on", () => {
  const first = { ...depth(START_US + 10), kind: "snapshot" as const, bids: [99, 7], asks: [101, 7] };
  const { world, events, pass, ends } = open(driverOf([first]), { latency: LATENCY_PRESETS.zero });
  world.advance(100);
  expect(ends()).toBe(0);
  pass(1_000);
  world.advance(100);
  world.advance(100);
  expect(ends()).toBe(1);
  expect(world.marketEnded).toBe(true);
  world.send({ type: "query", what: "openOrders", account: 0 });
  world.advance(100);
  expect(events.at(-1)).toMatchObject({ type: "openOrders", orders: [] });
});

it("refuses a market that goes back in time", () => {
  const { world, pass } = open(driverOf([depth(START_US + 10), depth(START_US + 5)]));
  pass(100);
  expect(() => world.advance(100)).toThrow(/^invariant: the market went back/);
});
