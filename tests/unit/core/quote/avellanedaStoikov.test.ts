import { describe, expect, it } from "vitest";
import {
  indifferencePrices,
  inventoryPenalty,
  reservationPrice,
  sessionHalfSpread,
  sessionSkewSlope,
} from "../../../../server/core/quote/avellanedaStoikov.ts";

const session = (secondsLeft: number) => ({ gamma: 0.1, sigma: 2, secondsLeft });

function quotes(q: number, secondsLeft: number): { bid: number; ask: number; reservation: number } {
  const reservation = reservationPrice(100, q, session(secondsLeft));
  const half = sessionHalfSpread(1, 1.5, session(secondsLeft));
  return { bid: reservation - half, ask: reservation + half, reservation };
}

describe("Avellaneda–Stoikov quotes", () => {
  it.each([
    { q: 0, left: 1, reservation: 100, bid: 99.15461478862429, ask: 100.84538521137571 },
    { q: 3, left: 0.5, reservation: 99.4, bid: 98.6546147886243, ask: 100.14538521137571 },
    { q: -4, left: 0.25, reservation: 100.4, bid: 99.7046147886243, ask: 101.09538521137571 },
    { q: 5, left: 0, reservation: 100, bid: 99.35461478862429, ask: 100.64538521137571 },
  ])("stand at the reference prices with q = $q and τ = $left", ({ q, left, reservation, bid, ask }) => {
    const actual = quotes(q, left);
    expect(actual.reservation).toBeCloseTo(reservation, 10);
    expect(actual.bid).toBeCloseTo(bid, 10);
    expect(actual.ask).toBeCloseTo(ask, 10);
  });

  it("do not widen with inventory as the seed document printed", () => {
    const { bid, ask } = quotes(3, 0.5);
    expect(Math.abs(bid - 69.2546147886243)).toBeGreaterThan(20);
    expect(Math.abs(ask - 130.74538521137572)).toBeGreaterThan(20);
    expect(ask - bid).toBeCloseTo(quotes(-3, 0.5).ask - quotes(-3, 0.5).bid, 10);
  });

  it("move both down when long and both up when short", () => {
    expect(quotes(1, 1).bid).toBeLessThan(quotes(0, 1).bid);
    expect(quotes(1, 1).ask).toBeLessThan(quotes(0, 1).ask);
    expect(quotes(-1, 1).bid).toBeGreaterThan(quotes(0, 1).bid);
    expect(quotes(-1, 1).ask).toBeGreaterThan(quotes(0, 1).ask);
  });

  it("are the same whether a position is counted in coins or in cents of a coin", () => {
    const inCoins = { gamma: 0.1, sigma: 2, secondsLeft: 0.5 };
    // A cent is worth 1/100 of the price, and k in 1/price grows by the same factor.
    const inCents = { gamma: 0.1, sigma: 0.02, secondsLeft: 0.5 };
    expect(sessionHalfSpread(200, 150, inCents) * 100).toBeCloseTo(sessionHalfSpread(2, 1.5, inCoins), 12);
    expect(reservationPrice(1, 300, inCents) * 100).toBeCloseTo(reservationPrice(100, 3, inCoins), 12);
  });
});

describe("holding inventory to the end", () => {
  it("has the reference indifference prices around the reservation price", () => {
    const { bid, ask } = indifferencePrices(100, { q: 3, orderSize: 1 }, session(0.5));
    expect(bid).toBeCloseTo(99.3, 10);
    expect(ask).toBeCloseTo(99.5, 10);
    expect((bid + ask) / 2).toBeCloseTo(reservationPrice(100, 3, session(0.5)), 10);
  });

  it("costs the reference penalty, whose derivative is the skew", () => {
    expect(inventoryPenalty(3, session(0.5))).toBeCloseTo(0.9, 10);
    const slope = (inventoryPenalty(3.001, session(0.5)) - inventoryPenalty(2.999, session(0.5))) / 0.002;
    expect(slope).toBeCloseTo(3 * sessionSkewSlope(session(0.5)), 9);
  });

  it("costs what the sale of one more order saves at its indifference price", () => {
    const at = { q: 3, orderSize: 0.4 };
    const saved = inventoryPenalty(3, session(0.5)) - inventoryPenalty(2.6, session(0.5));
    expect((100 - indifferencePrices(100, at, session(0.5)).ask) * 0.4).toBeCloseTo(saved, 12);
  });
});
