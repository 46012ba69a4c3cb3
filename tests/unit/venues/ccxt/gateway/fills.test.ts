import { expect, it } from "vitest";
import type { FillEvent } from "../../../../../server/contract/events.ts";
import type { RawFill, RawOrder } from "../../../../../server/venues/ccxt/exchanges/exchange.ts";
import { Fills, KNOWN_FILLS } from "../../../../../server/venues/ccxt/gateway/fills.ts";
import { FILL_KEYS } from "../../../../../server/core/ledger/fills.ts";
import { gridOf } from "../../../../../server/venues/ccxt/gateway/grid.ts";
import { trackedOf } from "../../../../../server/venues/ccxt/gateway/orderTerms.ts";
import { OrderTracker } from "../../../../../server/venues/ccxt/gateway/tracker.ts";
import { place } from "./served.ts";

const OLD = { tick: "0.01", lot: "0.00001" };
const NEW = { tick: "0.1", lot: "0.00001" };

function setUp(found?: RawOrder) {
  const tracker = new OrderTracker("abc");
  const listed = { index: 0, symbol: "BTC/USDT", marketId: "BTCUSDT", marketInfo: {}, grid: gridOf(NEW) };
  const order = tracker.add(trackedOf(place(), { ...listed, grid: gridOf(OLD) }, 0));
  const told: Omit<FillEvent, "atUs">[] = [];
  const booked: string[] = [];
  const offGrid: string[] = [];
  const logged: string[] = [];
  const now = { ms: 1_000, readsFromMs: Infinity };
  const fills = new Fills({
    account: 0,
    tracker,
    reports: { filled: (_, size) => void booked.push(size) },
    listed: () => listed,
    decimals: new Map([["USDT", 8]]),
    emit: (event) => void told.push(event),
    lookUpOrder: () => Promise.resolve(found),
    onOffGrid: () => void offGrid.push("doubt"),
    log: (text, fields) => void logged.push(`${text} ${JSON.stringify(fields)}`),
    startMs: 0,
    venueNowMs: () => now.ms,
    readsFromMs: () => now.readsFromMs,
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
  return { now, fills, fill, order, told, booked, offGrid, logged };
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

it.each([
  { name: "price", change: { price: "60000.2" } },
  { name: "size", change: { size: "0.00003" } },
  { name: "side", change: { side: "sell" } },
] as const)(
  "a fill that is told again with another $name is passed on, once, and not counted again",
  ({ change }) => {
    const { fills, fill, told, booked } = setUp();
    fills.accept(fill({}));
    const other = fill(change);
    expect(fills.isKnown(other)).toBe(false);
    expect(fills.accept(other)).toBe(false);
    expect(fills.isKnown(other)).toBe(true);
    fills.accept(other);
    expect(told).toHaveLength(2);
    expect(booked).toEqual(["0.00002"]);
  },
);

it("a fill whose numbers are written otherwise is the same", () => {
  const { fills, fill, told } = setUp();
  fills.accept(fill({ price: "60000", size: "0.00002" }));
  for (const same of [fill({ price: "60000.00", size: "0.0000200" }), fill({ price: "6e4", size: "2e-5" })]) {
    expect(fills.isKnown(same)).toBe(true);
    expect(fills.accept(same)).toBe(false);
  }
  expect(told).toHaveLength(1);
});

it("a fill that the venue goes on listing is known, however many others there were since", () => {
  const { fills, fill, told } = setUp();
  fills.accept(fill({}));
  for (let n = 2; n < 5_000; n++) {
    fills.accept(fill({ tradeId: String(n) }));
    expect(fills.isKnown(fill({}))).toBe(true);
  }
  expect(fills.accept(fill({}))).toBe(false);
  expect(told).toHaveLength(4_999);
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

const FOUND: RawOrder = {
  symbol: "BTC/USDT",
  marketId: "BTCUSDT",
  clientId: "",
  venueOrderId: "8",
  side: "buy",
  status: "OPEN",
  price: "60000.1",
  size: "0.00002",
  filled: "0.00002",
};

it("a fill of an order that the venue does not list yet is nobody's, and told once it is listed", async () => {
  const { fills, fill } = setUp();
  const unnamed = fill({ clientId: undefined, venueOrderId: "8" });
  await expect(fills.attribute(unnamed)).rejects.toThrow("8 of a trade is not listed yet");
  expect(fills.isAttributed(unnamed)).toBe(false);
});

it("a fill of an order that the venue has forgotten is told as nobody's, and raised", async () => {
  const { fills, fill, told, logged, now } = setUp();
  now.ms = 61_000;
  const unnamed = fill({ clientId: undefined, venueOrderId: "8" });
  await fills.attribute(unnamed);
  fills.accept(unnamed);
  expect(told).toHaveLength(1);
  expect(told[0]).not.toHaveProperty("clientId");
  expect(logged.join()).toContain("does not list");
});

it("a fill of a listed order without a name of its own is a stranger's", async () => {
  const { fills, fill, told } = setUp(FOUND);
  const unnamed = fill({ clientId: undefined, venueOrderId: "8" });
  await fills.attribute(unnamed);
  expect(fills.isAttributed(unnamed)).toBe(true);
  fills.accept(unnamed);
  expect(told[0]).not.toHaveProperty("clientId");
});

it("a second fee in another asset is raised, once", () => {
  const { fills, fill, told, logged } = setUp();
  const taxed = fill({ fee: "0.5", otherFees: [{ asset: "KFEE", fee: "12.5" }] });
  fills.accept(taxed);
  fills.accept(taxed, true);
  expect(told).toHaveLength(2);
  expect(logged).toEqual([
    'a second fee of a fill, in another asset, is not booked {"tradeId":"1","asset":"KFEE","fee":"12.5"}',
  ]);
});

it("remembers more than the engine does, for longer", () => {
  for (const of of ["least", "withinUs", "most"] as const)
    expect(KNOWN_FILLS[of]).toBeGreaterThan(FILL_KEYS[of]);
});

it("knows a fill again for twelve minutes, and the last six hundred for longer", () => {
  const { now, fills, fill } = setUp();
  const nth = (n: number): RawFill => fill({ tradeId: `t${n}` });
  const known = (): number =>
    Array.from({ length: 1_000 }, (_, n) => n).filter((n) => fills.isKnown(nth(n))).length;
  for (let n = 0; n < 1_000; n++) {
    now.ms += 1_000;
    fills.accept(nth(n));
  }
  expect(known()).toBe(721);
  now.ms += 3_600_000;
  fills.accept(fill({ tradeId: "late" }));
  expect(known()).toBe(599);
});

it("knows a fill again for as long as the venue's list of trades will be read from before it", () => {
  const { now, fills, fill, told } = setUp();
  const nth = (n: number): RawFill => fill({ tradeId: `t${n}`, venueAtMs: n });
  now.readsFromMs = 100;
  for (let n = 0; n < 1_000; n++) fills.accept(nth(n));
  now.ms += 3_600_000;
  fills.accept(nth(1_000));
  // The first hundred are behind it. A list that is read again tells nothing twice.
  const before = told.length;
  for (let n = 100; n <= 1_000; n++) fills.accept(nth(n));
  expect(told).toHaveLength(before);
  fills.accept(nth(99));
  expect(told).toHaveLength(before + 1);
});
