import { describe, expect, it } from "vitest";
import { DESK, SHAPE } from "../../../../app/system/gallery/samples.ts";
import { locksOf, sideLabel, sideWords } from "../../../../components/desk/words.ts";
import type { InstrumentView, SideView } from "../../../../server/contract/views.ts";

const BOOK = { bid: 99, ask: 101 } as InstrumentView;
const ORDER = {
  clientId: "q1",
  status: "OPEN",
  waitsFor: undefined,
  price: 99.9,
  remainingBase: 0.5,
} as const;
const STALE = { code: "STALE_BOOK", text: "old", releases: "a change", sinceUs: 5 } as const;
const side = (change: Partial<SideView>): SideView => ({
  side: "buy",
  state: "ACTIVE",
  order: undefined,
  reason: undefined,
  ...change,
});

describe("a side of the grid", () => {
  it("shows the order that is there, with its distance from the mid of its own venue", () => {
    const words = sideWords(side({ order: ORDER }), BOOK);
    expect(words).toMatchObject({ kind: "order", price: 99.9, sizeBase: 0.5, word: "live", tone: "quiet" });
    expect(words.kind === "order" ? words.distanceBps : undefined).toBeCloseTo(10);
  });

  it("knows no distance without a book", () => {
    expect(sideWords(side({ order: ORDER }), { ...BOOK, ask: undefined })).toMatchObject({
      distanceBps: undefined,
    });
  });

  it("shows the reason's code and its time in place of a price", () => {
    expect(sideWords(side({ reason: STALE }), BOOK)).toMatchObject({
      kind: "off",
      code: "STALE_BOOK",
      title: "old; lifts: a change",
      sinceUs: 5,
    });
  });

  it("shows the reason of an order that is on its way out, and draws the eye to an unknown one", () => {
    expect(sideWords(side({ order: ORDER, reason: STALE }), BOOK)).toMatchObject({
      kind: "order",
      word: "STALE_BOOK",
      tone: "attention",
    });
    expect(sideWords(side({ order: { ...ORDER, status: "UNKNOWN" } }), BOOK)).toMatchObject({
      word: "unknown",
      tone: "attention",
    });
  });

  it("never shows nothing", () => {
    expect(sideWords(side({}), BOOK)).toMatchObject({ kind: "off", code: "NO ORDER" });
  });
});

describe("the name of a side's cell", () => {
  const DEFINITION = SHAPE.instruments[0];
  const KRAKEN = { ...BOOK, account: "kraken", symbol: "BTC/USD", channelAgeMs: 80 };

  it("says all that the cell shows, as the cell writes it", () => {
    const order = { ...ORDER, price: 61_838.1, remainingBase: 0.15 };
    const book = { ...KRAKEN, bid: 61_842, ask: 61_843 };
    expect(sideLabel(side({ order }), book, DEFINITION, 0)).toBe(
      "Kraken BTC/USD bid: 61,838.10, live, 0.150 BTC, 0.7 bps from the mid of others. Explain.",
    );
  });

  it("says why there is no quote, and for how long", () => {
    expect(sideLabel(side({ side: "sell", reason: STALE }), KRAKEN, DEFINITION, 17.4e6 + 5)).toBe(
      "Kraken BTC/USD ask: STALE_BOOK: old; lifts: a change, for 17 s. Explain.",
    );
  });

  it("says that the venue is silent, where the cell is grey", () => {
    const words = (channelAgeMs: number | undefined) =>
      sideLabel(side({ order: ORDER }), { ...KRAKEN, channelAgeMs }, DEFINITION, 0);
    expect(words(2_000)).not.toContain("silent");
    expect(words(3_400)).toContain(", silent for 3.4 s. Explain.");
    expect(words(undefined)).toContain(", no feed. Explain.");
  });
});

describe("the locks of a desk", () => {
  it("say one reason once for both sides, with what lifts it", () => {
    expect(locksOf(DESK).map(({ what, lifts }) => [what, lifts])).toEqual([
      ["Kraken is RECONCILING", "a completed reconciliation"],
      ["Kraken BTC/USD bid + ask: the channel has been silent for too long", "any message on the channel"],
      ["OKX ETH/USDT bid: the worst case exceeds the inventory limit of the asset", "less inventory"],
    ]);
  });

  it("do not repeat for every side what the desk's state turns off", () => {
    const what = locksOf({ ...DESK, state: "KILLED" }).map((lock) => lock.what);
    expect(what).toEqual(["the desk is KILLED", "Kraken is RECONCILING"]);
  });

  it("are none when everything quotes", () => {
    const calm = {
      ...DESK,
      accounts: DESK.accounts.map((account) => ({ ...account, status: "READY" })),
      markets: DESK.markets.map((market) => ({
        ...market,
        instruments: market.instruments.map((one) => ({
          ...one,
          sides: one.sides.map((each) => ({ ...each, reason: undefined })),
        })),
      })),
    };
    expect(locksOf(calm)).toEqual([]);
  });
});
