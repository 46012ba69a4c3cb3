import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { OrderStatusEvent } from "../../../../../server/contract/events.ts";
import type { RawOrder } from "../../../../../server/venues/ccxt/exchanges/exchange.ts";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import type { CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import { gridOf } from "../../../../../server/venues/ccxt/gateway/grid.ts";
import { OrderQuestions } from "../../../../../server/venues/ccxt/gateway/orderQuestions.ts";
import { trackedOf } from "../../../../../server/venues/ccxt/gateway/orderTerms.ts";
import { createPaidReads } from "../../../../../server/venues/ccxt/gateway/paidReads.ts";
import type { Purse } from "../../../../../server/venues/ccxt/gateway/paidReads.ts";
import { OrderReports } from "../../../../../server/venues/ccxt/gateway/reports.ts";
import { OrderTracker } from "../../../../../server/venues/ccxt/gateway/tracker.ts";
import { openOrderView } from "../../../../../server/venues/ccxt/gateway/views.ts";
import type { ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";
import { place } from "./served.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const CLIENT_ID = "qabc00010000001";
const LISTED = {
  index: 0,
  symbol: "BTC/USDT",
  marketId: "BTCUSDT",
  marketInfo: {},
  grid: gridOf({ tick: "0.1", lot: "0.00001" }),
};
const PLACED_AT_US = 50_000_000;
const SKEW_MS = 700;

const CANCELED: RawOrder = {
  symbol: "BTC/USDT",
  marketId: "BTCUSDT",
  clientId: CLIENT_ID,
  venueOrderId: "7",
  side: "buy",
  status: "CANCELED",
  price: "60000.1",
  size: "0.00010",
  filled: "0.00003",
};

/** A venue that knows no order, and says so as this exchange would. */
function setUp(id: ExchangeId) {
  const tracker = new OrderTracker("abc");
  const answers: OrderStatusEvent["answer"][] = [];
  const answeredAsOfUs: number[] = [];
  const asked: string[] = [];
  const askedIds: (readonly string[])[] = [];
  let room: Promise<void> = Promise.resolve();
  let meanwhile: (() => void) | undefined;
  const trades: { lots: number; readSinceMs: number[]; read: number } = { lots: 0, readSinceMs: [], read: 0 };
  const listed: { order: RawOrder | undefined; open: RawOrder[]; recent: RawOrder[]; ended: RawOrder[][] } = {
    order: undefined,
    open: [],
    recent: [],
    ended: [[]],
  };
  const exchange = exchangeOf(id);
  const { endedOrders, ordersByIds, recentOrders } = exchange.reads;
  const reports = new OrderReports({
    account: 0,
    exchange,
    tracker,
    listed: () => LISTED,
    emit: () => undefined,
    onLineageLost: () => undefined,
    nowMs: () => 0,
  });
  const venue = {
    ...exchange,
    reads: {
      ...exchange.reads,
      openOrders: () => Promise.resolve(listed.open),
      order: () => Promise.resolve(listed.order),
      ...(ordersByIds && {
        ordersByIds(_instance: CcxtInstance, ids: readonly string[]) {
          askedIds.push(ids);
          const say = meanwhile;
          meanwhile = undefined;
          say?.();
          return Promise.resolve([listed.order ?? []].flat());
        },
      }),
      ...(recentOrders && { recentOrders: () => Promise.resolve(listed.recent) }),
      ...(endedOrders && {
        endedOrders(_instance: CcxtInstance, _sinceMs: number, next = "0") {
          const [page, after] = [Number(next), Number(next) + 1];
          const isLast = after >= listed.ended.length;
          return Promise.resolve({
            orders: listed.ended[page] ?? [],
            next: isLast ? undefined : String(after),
          });
        },
      }),
    },
  };
  const budget: Purse["budget"] = {
    takeAll: (kind, [charge]) => {
      asked.push(`${kind} ${charge?.weight}`);
      return room;
    },
    giveBack: () => undefined,
  };
  const instance = {} as CcxtInstance;
  const paid = createPaidReads({ exchange: venue, instance, budget });
  const questions = new OrderQuestions({
    account: 0,
    exchange: venue,
    instance,
    paid,
    tracker,
    reports,
    listed: () => [LISTED, { ...LISTED, index: 1, symbol: "ETH/USDT" }],
    listedOf: () => LISTED,
    readTrades: () => Promise.resolve(void trades.read++),
    async tellTradesSince(sinceMs) {
      trades.readSinceMs.push(sinceMs);
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (trades.lots > 0) tracker.book({ clientId: CLIENT_ID, revision: 0 }, trades.lots);
    },
    skewMs: () => SKEW_MS,
    emit({ answer, askedAtUs }) {
      answers.push(answer);
      answeredAsOfUs.push(askedAtUs);
    },
    log: (text) => void asked.push(text),
  });
  type More = {
    clientId?: string;
    instrument?: number | undefined;
    venueOrderId?: string;
    fillsSinceUs?: number;
  };
  let nowUs = 100_000_000;
  function send(...orders: More[]): void {
    nowUs += 1_000_000;
    for (const more of orders)
      questions.ask({ clientId: CLIENT_ID, instrument: 0, placedAtUs: PLACED_AT_US, ...more }, nowUs);
  }
  async function ask(...orders: More[]): Promise<void> {
    send(...orders);
    await vi.runAllTimersAsync();
  }
  /** While the venue has the question about ids and has not answered. */
  const askMeanwhile = (...orders: More[]): void => void (meanwhile = () => send(...orders));
  /** Nothing leaves before it has room. */
  function noRoom(): () => Promise<void> {
    let give = (): void => undefined;
    room = new Promise((resolve) => (give = resolve));
    return async () => {
      give();
      await vi.runAllTimersAsync();
    };
  }
  return {
    ask,
    askMeanwhile,
    noRoom,
    answers,
    answeredAsOfUs,
    asked,
    askedIds,
    trades,
    tracker,
    listed,
    paid,
  };
}

it.each(["binance", "okx", "kraken"] as const)(
  "an order of an earlier gateway is not there when neither %s's lists nor its trades since then know it",
  async (id) => {
    const { ask, answers, trades } = setUp(id);
    await ask({});
    expect(answers).toEqual([{ found: false }]);
    // With a margin of two seconds, by the venue's clock.
    expect(trades).toMatchObject({ readSinceMs: [50_000 + SKEW_MS - 2_000], read: 0 });
  },
);

it.each(["binance", "okx", "kraken"] as const)(
  "an order of an earlier gateway that a trade of %s names is not said to be nowhere",
  async (id) => {
    const { ask, answers, trades } = setUp(id);
    trades.lots = 7;
    await ask({});
    expect(answers).toEqual([]);
  },
);

it("the list of ended orders is read on to where the order is", async () => {
  const { ask, asked, answers, listed } = setUp("kraken");
  listed.ended = [[], [CANCELED], []];
  await ask({});
  expect(asked).toEqual(["list 1", "query 1", "query 1"]);
  expect(answers).toMatchObject([{ found: true, status: "CANCELED" }]);
});

it("an order is asked for alone when lists would cost more than that", async () => {
  const { ask, asked, listed } = setUp("kraken");
  listed.ended = [[], [], [CANCELED]];
  await ask({});
  expect(asked).toEqual(["list 1", "query 1", "query 1", "lookup 2"]);
});

it("of many orders no more than ten pages of ended ones are read", async () => {
  const { ask, asked, listed } = setUp("okx");
  listed.ended = Array.from({ length: 12 }, () => []);
  await ask(...["a", "b", "c", "d", "e", "f"].map((last) => ({ clientId: CLIENT_ID.slice(0, -1) + last })));
  expect(asked.filter((one) => one.startsWith("list"))).toHaveLength(1);
  expect(asked.filter((one) => one.startsWith("query"))).toHaveLength(10);
  expect(asked.filter((one) => one.startsWith("lookup"))).toHaveLength(6);
});

it.each([
  ["binance", 4, ["lookup 4", "lookup 4", "lookup 4", "lookup 4"]],
  ["binance", 5, ["query 20", "lookup 4", "lookup 4", "lookup 4", "lookup 4", "lookup 4"]],
  ["okx", 3, ["lookup 1", "lookup 1", "lookup 1"]],
  ["okx", 4, ["list 1", "query 1"]],
  ["kraken", 1, ["list 1", "query 1"]],
] as const)("%s is asked for %d orders as cheaply as it can be", async (id, count, expected) => {
  const { ask, asked, tracker } = setUp(id);
  const clientIds = Array.from({ length: count }, (_, at) => `qabc0001000000${at}`);
  for (const clientId of clientIds) tracker.add(trackedOf({ ...place(), clientId }, LISTED, 0));
  await ask(...clientIds.map((clientId) => ({ clientId })));
  expect(asked).toEqual(expected);
});

it("a list of open orders that leaves just after the question is read for it as well", async () => {
  const { ask, asked, answers, paid } = setUp("kraken");
  const asking = ask({});
  void paid.openOrders();
  await asking;
  expect(asked).toEqual(["list 1", "query 1"]);
  expect(answers).toEqual([{ found: false }]);
  await ask({});
  expect(asked).toEqual(["list 1", "query 1", "list 1", "query 1"]);
});

it("an order of an earlier gateway is asked for in its market alone", async () => {
  const { ask, asked } = setUp("okx");
  await ask({});
  expect(asked).toEqual(["lookup 1"]);
});

it("trades from before what the engine remembers are not told again", async () => {
  const { ask, trades } = setUp("okx");
  await ask({ fillsSinceUs: 90_000_000 });
  expect(trades.readSinceMs).toEqual([90_000 + SKEW_MS]);
});

it("what Kraken has accepted is asked for by its id, at the price of one list", async () => {
  const { ask, asked, answers, listed } = setUp("kraken");
  listed.order = CANCELED;
  await ask({ venueOrderId: "7" });
  expect(asked).toEqual(["query 1"]);
  expect(answers).toMatchObject([{ found: true, status: "CANCELED", filledLots: 3 }]);
});

it("what is asked while a question waits for room is answered with it, as of the later instant", async () => {
  const { ask, noRoom, askedIds, answeredAsOfUs, answers, listed } = setUp("kraken");
  listed.order = CANCELED;
  const giveRoom = noRoom();
  await ask({ venueOrderId: "7" });
  await ask({ venueOrderId: "7" }, { clientId: `${CLIENT_ID.slice(0, -1)}2`, venueOrderId: "8" });
  expect(askedIds).toEqual([]);
  await giveRoom();
  expect(askedIds).toEqual([["7", "8"]]);
  expect(answeredAsOfUs).toEqual([102_000_000, 102_000_000]);
  expect(answers).toMatchObject([{ found: true, status: "CANCELED" }, { found: false }]);
});

it("what is asked when a question has left is another one", async () => {
  const { ask, askMeanwhile, askedIds, answeredAsOfUs, answers } = setUp("kraken");
  askMeanwhile({ venueOrderId: "7" }, { clientId: `${CLIENT_ID.slice(0, -1)}2`, venueOrderId: "8" });
  await ask({ venueOrderId: "7" });
  expect(askedIds).toEqual([["7"], ["7", "8"]]);
  expect(answeredAsOfUs).toEqual([101_000_000, 102_000_000, 102_000_000]);
  expect(answers).toEqual(Array.from({ length: 3 }, () => ({ found: false })));
});

it("an order of an earlier gateway that rests under a later name has not ended, whatever the list of its market says", async () => {
  const { ask, asked, answers, listed } = setUp("binance");
  const ids = ["a", "b", "c", "d", "e", "f"].map((last) => CLIENT_ID.slice(0, -1) + last);
  const rest: RawOrder = {
    ...CANCELED,
    clientId: `${ids[0]}1`,
    venueOrderId: "8",
    status: "OPEN",
    filled: "0",
  };
  listed.open = [rest];
  listed.recent = ids.map((clientId, n) => ({ ...CANCELED, clientId, venueOrderId: `${n}` }));
  listed.recent.push({ ...CANCELED, clientId: `${ids[1]}1`, venueOrderId: "9", status: "FILLED" });
  await ask(...ids.map((clientId) => ({ clientId })));
  expect(asked).toEqual(["list 80", "query 20"]);
  // Nobody knows what the one that rests filled under its first name: it is canceled, and its end is told then.
  expect(answers.map((answer) => answer.found && answer.status)).toEqual([
    "FILLED",
    ...Array.from({ length: 4 }, () => "CANCELED"),
  ]);
});

it("an end of the order's earlier life is no word on the one that rests", async () => {
  const { ask, answers, listed, tracker } = setUp("binance");
  listed.order = CANCELED;
  const order = trackedOf({ ...place(), clientId: CLIENT_ID }, LISTED, 0);
  tracker.add({ ...order, revision: 1, lastRevision: 1, venueOrderId: "8" });
  await ask({});
  expect(answers).toEqual([]);
});

it("a row of an earlier life does not count what was filled in it twice", () => {
  const tracker = new OrderTracker("abc");
  const order = trackedOf({ ...place(), clientId: CLIENT_ID }, LISTED, 0);
  tracker.add({ ...order, revision: 1, lastRevision: 1, replacedLots: 3, venueOrderId: "8" });
  const view = (row: Partial<RawOrder>) => openOrderView({ ...CANCELED, ...row }, LISTED, tracker).filledLots;
  expect(view({})).toBe(3);
  expect(view({ clientId: `${CLIENT_ID}1`, venueOrderId: "8", filled: "0.00001" })).toBe(4);
});
