import { beforeAll, describe, expect, it } from "vitest";
import type { FillLine, Line, LogTopic } from "../../../../server/contract/lines.ts";
import { compareCursors } from "../../../../server/contract/lines.ts";
import type { Store } from "../../../../server/store/client.ts";
import { openStore } from "../../../../server/store/client.ts";
import { readBalances } from "../../../../server/store/read/balances.ts";
import { readCommands } from "../../../../server/store/read/commands.ts";
import { readFills } from "../../../../server/store/read/fills.ts";
import { readLinesAfter } from "../../../../server/store/read/lines.ts";
import { readNotices } from "../../../../server/store/read/notices.ts";
import { readOrders } from "../../../../server/store/read/orders.ts";
import { PAGE_MAX, type Page, type PageOf } from "../../../../server/store/read/page.ts";
import { readParameterVersion, readParameterVersions } from "../../../../server/store/read/parameters.ts";
import { readRecorderPosition } from "../../../../server/store/read/recorderPosition.ts";
import { readTradingStates } from "../../../../server/store/read/tradingStates.ts";
import { freshDatabase } from "../../../support/postgres.ts";
import {
  balanceLine,
  commandLine,
  fillLine,
  noticeLine,
  orderLine,
  parametersLine,
  placed,
  recordLines,
  stateLine,
} from "../../../support/recordedLines.ts";

const FILLS: readonly FillLine[] = [
  fillLine(placed(1, 5)),
  fillLine(placed(1, 5, 1), { edgeBps: undefined, side: "sell" }),
  fillLine(placed(1, 5, 2), { symbol: "ETH/USDT", base: "ETH" }),
  fillLine(placed(1, 9), { account: "kraken-1", liquidity: "taker" }),
  fillLine(placed(2, 1), { clientId: "qabc0002000000b" }),
  fillLine(placed(2, 6)),
  fillLine(placed(3, 2)),
];

const ORDERS = [
  orderLine(placed(1, 2), { clientId: "a" }),
  orderLine(placed(1, 3), { clientId: "b", venueOrderId: "v7", status: "FILLED", isFinal: true }),
  orderLine(placed(2, 4), { clientId: "a", status: "CANCELED", isFinal: true, filledBase: 0.000_01 }),
  orderLine(placed(2, 5), { clientId: "a", account: "kraken-1", role: "reduce", side: "buy" }),
];

const AUDIT = [
  commandLine(placed(1, 7)),
  parametersLine(placed(1, 7, 1)),
  stateLine(placed(1, 7, 2)),
  commandLine(placed(1, 8), {
    commandId: "22222222-2222-4222-8222-222222222222",
    command: { type: "arm", scope: { level: "desk" } },
    accepted: false,
    code: "NOT_SEALED",
    text: "not sealed",
  }),
  // A desk whose home was removed counts its versions anew in the same database.
  parametersLine(placed(4, 1), { version: 3, settings: [] }),
  stateLine(placed(4, 2), { scope: "market BTC" }),
];

const NOTICES = [noticeLine(placed(1, 4)), noticeLine(placed(2, 4), { severity: "danger" })];

const BALANCES = [
  balanceLine(placed(1, 1)),
  balanceLine(placed(1, 1, 1), { asset: "USDT", decimals: 6, balanceAtoms: 7n }),
  balanceLine(placed(1, 6), { balanceAtoms: 5n }),
  balanceLine(placed(2, 1), { account: "kraken-1" }),
];

let store: Store;

beforeAll(async () => {
  const url = await freshDatabase();
  await recordLines(url, [...FILLS, ...ORDERS, ...AUDIT, ...NOTICES, ...BALANCES]);
  store = openStore(url);
  return async () => await store.$disconnect();
});

function newestFirst<T extends Line>(lines: readonly T[]): T[] {
  return [...lines].sort((a, b) => compareCursors(b.cursor, a.cursor));
}

async function walk<T>(limit: number, read: (page: Page) => Promise<PageOf<T>>): Promise<T[]> {
  const rows: T[] = [];
  let page: PageOf<T> | undefined;
  do {
    page = await read({ limit, before: page?.next });
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    rows.push(...page.rows);
  } while (page.next !== undefined);
  return rows;
}

describe("lines read from the store", () => {
  it.each([1, 2, 3, 7, 100])(
    "are all fills, newest first and as they were streamed, in pages of %i",
    async (limit) => {
      expect(await walk(limit, (page) => readFills(store, {}, page))).toEqual(newestFirst(FILLS));
    },
  );

  it("are only the fills that a filter asks for", async () => {
    const read = async (filter: Parameters<typeof readFills>[1]) =>
      (await readFills(store, filter, { limit: 50 })).rows;
    const where = (keep: (line: FillLine) => boolean) => newestFirst(FILLS.filter(keep));
    expect(await read({ account: "kraken-1" })).toEqual(where((line) => line.account === "kraken-1"));
    expect(await read({ symbol: "ETH/USDT" })).toEqual(where((line) => line.symbol === "ETH/USDT"));
    expect(await read({ side: "sell" })).toEqual(where((line) => line.side === "sell"));
    expect(await read({ liquidity: "taker" })).toEqual(where((line) => line.liquidity === "taker"));
    expect(await read({ clientId: "qabc0002000000b" })).toEqual(
      where((line) => line.cursor.epoch === 2 && line.cursor.seq === 1),
    );
    expect(await read({ account: "kraken-1", symbol: "ETH/USDT" })).toEqual([]);
  });

  it("are those from an instant on and before another", async () => {
    const [fromUs, toUs] = [placed(1, 9).atUs, placed(2, 6).atUs];
    const { rows } = await readFills(store, { fromUs, toUs }, { limit: 50 });
    expect(rows).toEqual(newestFirst(FILLS.filter(({ atUs }) => atUs >= fromUs && atUs < toUs)));
    expect(rows).toHaveLength(2);
  });

  it("are orders as they stand, once each, last changed first", async () => {
    const standing = newestFirst(ORDERS.slice(1));
    expect(await walk(1, (page) => readOrders(store, {}, page))).toEqual([
      standing[0],
      // The place where it was placed stays.
      { ...standing[1], placedAtUs: ORDERS[0]?.placedAtUs },
      standing[2],
    ]);
    const open = await readOrders(store, { isFinal: false }, { limit: 10 });
    expect(open.rows.map(({ account, clientId }) => `${account} ${clientId}`)).toEqual(["kraken-1 a"]);
    const reducing = await readOrders(store, { role: "reduce", side: "buy", status: "OPEN" }, { limit: 10 });
    expect(reducing.rows).toHaveLength(1);
  });

  it("are commands with integers of any size, by what they were", async () => {
    expect((await readCommands(store, {}, { limit: 10 })).rows).toEqual(
      newestFirst(AUDIT.filter((line) => line.type === "command")),
    );
    expect((await readCommands(store, { type: "arm" }, { limit: 10 })).rows).toEqual([AUDIT[3]]);
    const commandId = "11111111-1111-4111-8111-111111111111";
    expect((await readCommands(store, { commandId }, { limit: 10 })).rows).toEqual([AUDIT[0]]);
  });

  it("are parameter versions with their settings", async () => {
    expect(await walk(1, (page) => readParameterVersions(store, {}, page))).toEqual([AUDIT[4], AUDIT[1]]);
    expect(await readParameterVersion(store, 3)).toEqual(AUDIT[4]);
    expect(await readParameterVersion(store, 99)).toBeUndefined();
  });

  it("are changes of trading states, also of one scope", async () => {
    expect((await readTradingStates(store, {}, { limit: 10 })).rows).toEqual([AUDIT[5], AUDIT[2]]);
    expect((await readTradingStates(store, { scope: "desk" }, { limit: 10 })).rows).toEqual([AUDIT[2]]);
  });

  it("are notices, also of one severity", async () => {
    expect((await readNotices(store, {}, { limit: 10 })).rows).toEqual(newestFirst(NOTICES));
    expect((await readNotices(store, { severity: "danger" }, { limit: 10 })).rows).toEqual([NOTICES[1]]);
  });

  it("are the newest balances of every account and asset", async () => {
    expect(await readBalances(store)).toEqual([BALANCES[2], BALANCES[1], BALANCES[3]]);
  });

  it("are not asked for in numbers that hold up the reader", async () => {
    const found: number[] = [];
    const counting = store.$extends({
      query: {
        fill: {
          findMany: async ({ args, query }) => {
            found.push(args.take ?? 0);
            return await query(args);
          },
        },
      },
    }) as unknown as Store;
    await readFills(counting, {}, { limit: 1e9 });
    expect(found).toEqual([PAGE_MAX + 1]);
  });

  it("come with how far the newest run has been recorded", async () => {
    expect(await readRecorderPosition(store)).toMatchObject({ epoch: 4, seq: 2, runId: "run 4" });
  });
});

describe("the lines of a topic after a cursor", () => {
  const TOPICS: readonly { topic: LogTopic; lines: readonly Line[] }[] = [
    { topic: "fills", lines: FILLS },
    { topic: "alerts", lines: NOTICES },
    { topic: "audit", lines: AUDIT },
  ];

  it.each(TOPICS)(
    "come in order, without gap or repetition, from any line of $topic on",
    async ({ topic, lines }) => {
      const ordered = newestFirst(lines).reverse();
      for (const [at, { cursor }] of ordered.entries())
        for (const limit of [1, 2, 100]) {
          const found: Line[] = [];
          for (let after = cursor; ;) {
            const next = await readLinesAfter(store, topic, after, limit);
            expect(next.length).toBeLessThanOrEqual(limit);
            found.push(...next);
            const last = next.at(-1);
            if (last === undefined) break;
            after = last.cursor;
          }
          expect(found).toEqual(ordered.slice(at + 1));
        }
    },
  );

  it("are of orders the newest of each", async () => {
    const found = await readLinesAfter(store, "orders", placed(1, 2).cursor, 10);
    expect(found.map(({ cursor }) => cursor)).toEqual(ORDERS.slice(1).map(({ cursor }) => cursor));
  });
});
