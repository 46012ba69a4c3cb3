import { describe, expect, it } from "vitest";
import {
  HEDGE_BOOK_AGE_MAX_MS,
  boundByHedge,
  boundMoved,
  createHedgedBounds,
  hedgedAsk,
  hedgedBid,
  hedgeSizeBase,
  type HedgePair,
} from "../../../../server/core/hedge/hedgedQuote.ts";
import { takerVenue } from "./fixtures.ts";

const fees = { makerFrac: 0.0002, makerPaysInReceived: false, takerFrac: 0.0005, takerPaysInReceived: false };

const pair: HedgePair = {
  taker: takerVenue([10_000, 4, 9_998, 10], [10_002, 5, 10_006, 10]),
  takerAgeMs: 0,
  takerLatencyS: 0.04,
  fees,
  profitFrac: 0.0003,
  slippageMinFrac: 0.001,
};

function boundsOf(given: Partial<HedgePair>, sizeBase = 0.4, sigma = 0) {
  const out = createHedgedBounds();
  boundByHedge({ ...pair, ...given }, sizeBase, sigma, out);
  return out;
}

describe("the bound of hedged quoting", () => {
  it("is what the walked price leaves after both fees, slippage and the required profit", () => {
    const terms = { makerFrac: 0.0002, takerFrac: 0.0005, profitFrac: 0.0003, slippageFrac: 0.001 };
    const bounds = boundsOf({}, 1);
    expect(bounds.bidMax).toBeCloseTo(hedgedBid((4 * 100 + 6 * 99.98) / 10, terms), 10);
    expect(bounds.askMin).toBeCloseTo(hedgedAsk((5 * 100.02 + 5 * 100.06) / 10, terms), 10);
    expect([bounds.bidRefusal, bounds.askRefusal]).toEqual([undefined, undefined]);
  });

  it("leaves exactly the required profit when the hedge slips as far as it may", () => {
    const terms = { makerFrac: 0.0002, takerFrac: 0.0005, profitFrac: 0.0003, slippageFrac: 0.001 };
    const bid = hedgedBid(100, terms);
    const ask = hedgedAsk(100, terms);
    expect(100 * 0.999 * 0.9995 - bid * 1.0002).toBeCloseTo(0.0003 * bid, 12);
    expect(ask * 0.9998 - 100 * 1.001 * 1.0005).toBeCloseTo(0.0003 * ask, 12);
  });

  it("is refused by name when the hedge book is older than allowed", () => {
    expect(boundsOf({ takerAgeMs: HEDGE_BOOK_AGE_MAX_MS }).bidRefusal).toBeUndefined();
    expect(boundsOf({ takerAgeMs: HEDGE_BOOK_AGE_MAX_MS + 1 })).toEqual({
      bidMax: undefined,
      bidRefusal: "HEDGE_BOOK_STALE",
      askMin: undefined,
      askRefusal: "HEDGE_BOOK_STALE",
    });
  });

  it("is refused on the side alone on which the hedge book is too thin", () => {
    const bounds = boundsOf({}, 1.5);
    expect(bounds.bidMax).toBeUndefined();
    expect(bounds.bidRefusal).toBe("HEDGE_BOOK_THIN");
    expect(bounds.askMin).toBeGreaterThan(100);
    expect(bounds.askRefusal).toBeUndefined();
  });

  it("reckons with the price's walk while the hedge is under way and half a level of the book", () => {
    const slip = (sigma: number, slippageMinFrac: number) => {
      const { bidMax } = boundsOf({ slippageMinFrac }, 0.4, sigma);
      return 1 - ((bidMax ?? NaN) * 1.0005) / (100 * 0.9995);
    };
    expect(slip(0, 0)).toBeCloseTo(0.01 / 100, 12);
    expect(slip(0.5, 0)).toBeCloseTo((0.1 + 0.01) / 100, 12);
    expect(slip(0.5, 0.002)).toBeCloseTo(0.002, 12);
  });

  it("takes a tick for the step of a book that shows one level", () => {
    const taker = takerVenue([10_000, 4], [10_002, 4]);
    const { bidMax } = boundsOf({ taker, slippageMinFrac: 0 });
    expect(1 - ((bidMax ?? NaN) * 1.0005) / (100 * 0.9995)).toBeCloseTo(0.005 / 100, 12);
  });
});

describe("the size of a hedge", () => {
  it.each([
    { side: "buy", maker: false, taker: false, expected: 2 },
    { side: "buy", maker: true, taker: true, expected: 2 * 0.9998 },
    { side: "sell", maker: true, taker: false, expected: 2 },
    { side: "sell", maker: false, taker: true, expected: 2 / 0.9995 },
  ] as const)(
    "is $expected after our $side of 2, fees from what is received: maker $maker, taker $taker",
    ({ side, maker, taker, expected }) => {
      const paid = { ...fees, makerPaysInReceived: maker, takerPaysInReceived: taker };
      expect(hedgeSizeBase(side, 2, paid)).toBeCloseTo(expected, 12);
    },
  );

  it("is what the book is walked for", () => {
    // 1.5 would be more than its 1.4; a fee of 10 % leaves 1.35 to sell.
    expect(
      boundsOf({ fees: { ...fees, makerFrac: 0.1, makerPaysInReceived: true } }, 1.5).bidMax,
    ).toBeDefined();
  });
});

it("is priced anew once the bound has moved by more than half the required profit", () => {
  expect(boundMoved(100, 100.0149, 0.0003)).toBe(false);
  expect(boundMoved(100, 100.0151, 0.0003)).toBe(true);
  expect(boundMoved(100, 99.9849, 0.0003)).toBe(true);
});
