/** The public side against the three simulated venues, over real sockets. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyDelta, applySnapshot, createBook, flatLevels } from "../../../../../server/core/book/book.ts";
import { createMarketSide } from "../../../../../server/venues/ccxt/market/marketSide.ts";
import type { MarketSide } from "../../../../../server/venues/ccxt/market/marketSide.ts";
import { EXCHANGE_IDS } from "../../../../../server/venues/ccxt/ports.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";
import { testContext } from "./context.ts";
import type { TestContext } from "./context.ts";
import { openEmulator } from "./emulator.ts";
import type { Emulator } from "./emulator.ts";
import { eventually } from "../../../../support/eventually.ts";

describe.each(EXCHANGE_IDS)("%s", (exchange) => {
  let venue: Emulator;
  let context: TestContext;
  let side: MarketSide;
  /** As the engine has them. */
  let books: ReturnType<typeof createBook>[];
  let marks: string[][];
  let seed = 0;

  async function open(speed?: number): Promise<void> {
    venue = await openEmulator(exchange);
    books = [createBook(50), createBook(50)];
    marks = [[], []];
    for (const index of [0, 1]) venue.quote(index, ++seed);
    context = testContext(exchange, venue.origin, venue.definitions, speed);
    context.onEvent = hear;
    side = createMarketSide(context);
    await side.start();
    for (const index of [0, 1]) await eventually(() => expectEqual(index));
    marks = [[], []];
  }

  async function close(): Promise<void> {
    await side.stop();
    await venue.close();
  }

  beforeEach(() => open());
  afterEach(close);

  function hear(event: VenueEvent): void {
    if (event.type === "feed" && event.status !== "alive") marks[event.instrument]?.push(event.status);
    if (event.type === "instrument") marks[event.instrument]?.push("instrument");
    if (event.type !== "book") return;
    const book = books[event.instrument];
    if (book === undefined) return;
    expect(
      (event.kind === "delta" ? applyDelta : applySnapshot)(book, event.bids, event.asks),
    ).toBeUndefined();
    if (event.kind === "snapshot") marks[event.instrument]?.push("snapshot");
    // Later, as over a thread's border.
    setImmediate(() => side.consumed(event.instrument));
  }

  function expectEqual(index: number): void {
    const truth = venue.core.book(index);
    const book = books[index] ?? createBook();
    expect({ bids: flatLevels(book.bids), asks: flatLevels(book.asks) }).toEqual({
      bids: truth.bids,
      asks: truth.asks,
    });
  }

  /** Both books change, mostly a little, until what is waited for has come. */
  async function moveUntil(check: () => void): Promise<void> {
    const timer = setInterval(() => {
      for (const index of [0, 1])
        if (++seed % 8 === 0) venue.quote(index, seed);
        else venue.nudge(index, seed);
    }, 10);
    try {
      await eventually(check);
    } finally {
      clearInterval(timer);
    }
    for (const index of [0, 1]) await eventually(() => expectEqual(index));
  }

  it("follows both books through hundreds of changes without a hole", async () => {
    let count = 0;
    await moveUntil(() => expect(count++).toBeGreaterThan(15));
    expect(marks).toEqual([[], []]);
  });

  it("tells trades with their side", async () => {
    const best = venue.core.book(0).asks[0] ?? 0;
    venue.move({ kind: "take", instrument: 0, side: "buy", sizeLots: 1 });
    await eventually(() => expect(context.events.filter(({ type }) => type === "trade")).toHaveLength(1));
    expect(context.events.find(({ type }) => type === "trade")).toMatchObject({
      instrument: 0,
      priceTicks: best,
      sizeLots: 1,
      aggressor: "buy",
    });
  });

  it.each(["gap", "crossedBook", "badChecksum"] as const)(
    "voids one book on a %s, and resynchronises that one",
    async (kind) => {
      venue.fault({ kind, instrument: 0 });
      await moveUntil(() => expect(marks[0]).toEqual(["gap", "snapshot"]));
      expect(marks[1]).toEqual([]);
    },
  );

  it("voids a book that keeps a level which is gone, says why, and takes it up without that level", async () => {
    // Where no checksum shows it a comparison does, half a minute later.
    await close();
    await open(10);
    const gone = venue.core.book(0).bids[2 * 5] ?? 0;
    venue.fault({ kind: "ghostLevel", instrument: 0 });
    venue.move({ kind: "delta", instrument: 0, bids: [gone, 0], asks: [] });
    // Both go on at their best bids: a book that says nothing is asked for again.
    const best = [0, 1].map((index) => venue.core.book(index).bids[0] ?? 0);
    const timer = setInterval(() => {
      for (const [index, priceTicks] of best.entries())
        venue.move({ kind: "delta", instrument: index, bids: [priceTicks, 1 + (++seed % 997)], asks: [] });
    }, 10);
    const why = exchange === "binance" ? "SNAPSHOT_DIFFERS" : "BAD_CHECKSUM";
    try {
      await eventually(() => expect(context.logs.join()).toContain(why), { timeout: 20_000 });
    } finally {
      clearInterval(timer);
    }
    await eventually(() => expectEqual(0));
    expect(marks[0]).toContain("gap");
  });

  it("has no book while a snapshot is slow, and goes on from it without a gap", async () => {
    const slow = { match: "depth", delayMs: 1_200, forMs: 60_000 };
    venue.fault({ kind: "slowSnapshot", ...slow });
    const cutAtMs = performance.now();
    venue.fault({ kind: "disconnect", of: "all" });
    let bookAfterMs: number | undefined;
    await moveUntil(() => {
      if (marks.flat().includes("snapshot")) bookAfterMs ??= performance.now() - cutAtMs;
      expect(marks).toEqual([
        ["down", "snapshot"],
        ["down", "snapshot"],
      ]);
    });
    expect(bookAfterMs).toBeGreaterThanOrEqual(slow.delayMs);
  });

  it("comes back after its sockets were cut", async () => {
    venue.fault({ kind: "disconnect", of: "all" });
    await moveUntil(() =>
      expect(marks).toEqual([
        ["down", "snapshot"],
        ["down", "snapshot"],
      ]),
    );
  });

  it("finds out that a stream has gone silent, and brings its books back", async () => {
    venue.fault({ kind: "silentStream", of: "feed", forMs: 500 });
    venue.quote(0, ++seed);
    context.pass(31_000);
    await eventually(() => expect(marks[0]).toContain("snapshot"));
    await moveUntil(() => expectEqual(0));
  });

  it("takes a changed tick for a new version, and goes on in it", async () => {
    context.pass(3_000);
    venue.core.relist(0, { tick: "0.5" });
    venue.quote(0, 3);
    // The others say so themselves.
    if (exchange === "binance") side.doubtDefinitions();
    await eventually(() => expect(marks[0]).toContain("instrument"));
    await moveUntil(() => expect(marks[0]?.at(-1)).toBe("snapshot"));
    expect(context.events.findLast(({ type }) => type === "instrument")).toMatchObject({
      definition: { tick: "0.5", version: 2 },
    });
    expect(marks[1]).toEqual([]);
  });

  it("tells a halt and a delisting, asks for nothing that is not listed, and takes it up again", async () => {
    const status = (): unknown => {
      const last = context.events.findLast(({ type }) => type === "instrument");
      return last?.type === "instrument" ? last.definition.status : undefined;
    };
    const relist = async (to: "TRADING" | "HALTED" | "DELISTED"): Promise<void> => {
      context.pass(3_000);
      venue.core.relist(0, { status: to });
      if (exchange === "binance") side.doubtDefinitions();
      await eventually(() => expect(status()).toBe(to));
    };
    await relist("HALTED");
    await relist("DELISTED");
    await eventually(() => expect(marks[0]).toContain("down"));
    await relist("TRADING");
    venue.quote(0, ++seed);
    await eventually(() => expectEqual(0));
    expect(marks[1]).not.toContain("instrument");
  });
});
