import { describe, expect, it } from "vitest";
import {
  fromAddress,
  fieldOf,
  matchesStatus,
  statusInput,
  toAddress,
  usOfField,
  withFilter,
} from "../../../../components/orders/filters.ts";
import { readAll } from "../../../../components/orders/history.ts";
import { matchesFill, mergeNewest, upTo } from "../../../../components/orders/mergedLines.ts";
import { totalsOf } from "../../../../components/orders/totals.ts";
import { reaches } from "../../../../components/orders/useRecorded.ts";
import type { Cursor, FillLine } from "../../../../server/contract/lines.ts";
import { fillLine } from "./lines.ts";

const seqs = (rows: readonly FillLine[]): number[] => rows.map(({ cursor }) => cursor.seq);

describe("fills on screen", () => {
  it("are the live ones on top of the recorded ones, each once, newest first", () => {
    const recorded = [fillLine(3), fillLine(2), fillLine(1)];
    expect(seqs(mergeNewest(recorded, [fillLine(2), fillLine(3), fillLine(4), fillLine(5)]))).toEqual([
      5, 4, 3, 2, 1,
    ]);
    expect(seqs(mergeNewest([], [fillLine(2), fillLine(3)]))).toEqual([3, 2]);
  });

  it("stay up to a place while newer ones wait and older ones are added", () => {
    const cap: Cursor = { epoch: 1, seq: 3, at: 0 };
    expect(seqs(upTo([fillLine(5), fillLine(4), fillLine(3), fillLine(1)], cap))).toEqual([3, 1]);
    expect(seqs(upTo([fillLine(5)], undefined))).toEqual([5]);
  });

  it("are known to be without a gap where the record reaches the oldest live line", () => {
    const oldest: Cursor = { epoch: 2, seq: 50, at: 1 };
    expect(reaches({ epoch: 2, seq: 50 }, oldest)).toBe(true);
    expect(reaches({ epoch: 3, seq: 1 }, oldest)).toBe(true);
    expect(reaches({ epoch: 2, seq: 49 }, oldest)).toBe(false);
    expect(reaches({ epoch: 1, seq: 99 }, oldest)).toBe(false);
  });

  it("match every part of the filter, the end of the time being exclusive", () => {
    const fill = fillLine(5);
    expect(
      matchesFill(
        { account: "binance", symbol: "BTC/USDT", side: "buy", liquidity: "maker", fromUs: 5e6, toUs: 6e6 },
        fill,
      ),
    ).toBe(true);
    for (const wrong of [
      { account: "okx" },
      { symbol: "ETH/USDT" },
      { side: "sell" },
      { liquidity: "taker" },
      { fromUs: 6e6 },
      { toUs: 5e6 },
    ] as const)
      expect([wrong, matchesFill(wrong, fill)]).toEqual([wrong, false]);
  });
});

describe("totals", () => {
  it("never add unlike assets", () => {
    const totals = totalsOf([
      fillLine(1, { quote: "USDT", notionalQuote: 100, fee: 0.1, edgeBps: 1 }),
      fillLine(2, { quote: "USD", notionalQuote: 50, fee: -0.02, feeAsset: "USD", edgeBps: 4 }),
      fillLine(3, { quote: "USDT", notionalQuote: 300, fee: 0.3, edgeBps: 3 }),
    ]);
    expect(totals.quotes).toEqual([
      { asset: "USD", volume: 50, edgeBps: 4 },
      { asset: "USDT", volume: 400, edgeBps: 2.5 },
    ]);
    expect(totals.fees).toEqual([
      { asset: "USD", amount: -0.02 },
      { asset: "USDT", amount: 0.4 },
    ]);
    expect(totals.edgeBps).toBeCloseTo(8 / 3);
  });

  it("leave fills without a fair value out of the edge, and say how many", () => {
    const totals = totalsOf([fillLine(1, { edgeBps: 2 }), fillLine(2, { edgeBps: undefined })]);
    expect(totals).toMatchObject({ count: 2, edgeBps: 2, withoutEdge: 1 });
    expect(totalsOf([fillLine(1, { edgeBps: undefined })]).edgeBps).toBeUndefined();
    expect(totalsOf([]).edgeBps).toBeUndefined();
  });
});

describe("filters", () => {
  it("survive the way into the page's address and back", () => {
    const filters = {
      account: "okx",
      symbol: "BTC/USDT",
      side: "sell",
      status: "ended",
      liquidity: "taker",
      fromUs: 1_700_000_000e6,
      toUs: 1_700_003_600e6,
    } as const;
    const url = new URL(toAddress("fills", filters), "http://desk");
    expect(fromAddress(Object.fromEntries(url.searchParams))).toEqual({ tab: "fills", filters });
    expect(toAddress("open", {})).toBe("/orders");
  });

  it("leave out what they do not understand", () => {
    const query = { tab: "magic", side: "up", liquidity: ["maker"], from: "yesterday", account: "" };
    expect(fromAddress(query)).toEqual({ tab: "open", filters: {} });
  });

  it("forget a part that is set to nothing", () => {
    expect(withFilter({ account: "okx", side: "buy" }, { account: undefined })).toEqual({ side: "buy" });
  });

  it("gather statuses as the API does", () => {
    expect(statusInput("ended")).toEqual({ isFinal: true });
    expect(statusInput("working")).toEqual({ isFinal: false });
    expect(statusInput("FILLED")).toEqual({ status: "FILLED" });
    expect([matchesStatus("ended", "FILLED"), matchesStatus("ended", "OPEN")]).toEqual([true, false]);
    expect([matchesStatus("working", "UNKNOWN"), matchesStatus("OPEN", "UNKNOWN")]).toEqual([true, false]);
  });

  it("take a date-and-time field as UTC", () => {
    expect(usOfField("2026-11-22T14:00:00")).toBe(Date.UTC(2026, 10, 22, 14) * 1_000);
    expect(fieldOf(Date.UTC(2026, 10, 22, 14) * 1_000)).toBe("2026-11-22T14:00:00");
    expect(usOfField("")).toBeUndefined();
  });
});

describe("an export", () => {
  const pages =
    (count: number) => (page: { readonly limit: number; readonly before: Cursor | undefined }) => {
      const from = page.before?.seq ?? count + 1;
      const rows = Array.from({ length: Math.min(page.limit, from - 1) }, (_, at) => fillLine(from - 1 - at));
      const last = rows.at(-1);
      return Promise.resolve({
        rows,
        next: last !== undefined && last.cursor.seq > 1 ? last.cursor : undefined,
      });
    };

  it("reads page by page until there is no older one", async () => {
    const counts: number[] = [];
    const { rows, isCut } = await readAll(pages(2_300), (count) => counts.push(count));
    expect(new Set(seqs(rows)).size).toBe(2_300);
    expect(counts).toEqual([1_000, 2_000, 2_300]);
    expect(isCut).toBe(false);
  });

  it("ends at its bound and says so", async () => {
    const { rows, isCut } = await readAll(pages(2_300), () => undefined, 1_500);
    expect([rows.length, isCut]).toEqual([1_500, true]);
  });
});
