import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FAIR_TICKS } from "../support/desk.ts";
import { audit, type Audit } from "../support/exposureAuditor.ts";
import { play, runs, type Played } from "../support/randomTrading.ts";

const VENUES = 3;
const LIMITS = { parameters: { assetMaxPct: 10, venueMaxPct: 6 } };
const ASSET_LIMIT_LOTS = 1_000;
const VENUE_LIMIT_LOTS = 600;

/** Plain comparisons: `expect` itself would take most of the time at every one of some 100,000 steps. */
function auditLimits({ venues }: Played, startLots: readonly number[]): void {
  const held = startLots.reduce((sum, start) => sum + start, 0);
  expectAllowed(held, audit(venues), ASSET_LIMIT_LOTS);
  for (const [account, start] of startLots.entries())
    expectAllowed(start, audit(venues, account), VENUE_LIMIT_LOTS);
}

/** Inside the limit, or no larger than what is held and on the same side. */
function expectAllowed(startLots: number, { filledLots, buyLots, sellLots }: Audit, limitLots: number): void {
  const held = startLots + filledLots;
  for (const worst of [held + buyLots, held - sellLots]) {
    const shrinks = held * worst > 0 && Math.abs(worst) <= Math.abs(held);
    if (Math.abs(worst) > limitLots && !shrinks)
      expect.fail(`holding ${held} lots, the worst case of ${worst} exceeds ${limitLots}`);
  }
}

/** Atoms that a lot at a tick is worth, and the taker fee of 5 bps that a buy may cost on top. */
const ATOMS_PER_TICK_LOT = 10_000;
const FEE_PPM = 500;
const BTC_ATOMS_PER_LOT = 1_000_000n;

/** From the orders alone: every buy at its dearest price with its fee, rounded up, and every sell in base. */
function expectHolds({ desk }: Played): void {
  const { orders, accounts } = desk.state;
  for (const { index, holdings } of accounts) {
    let [usd, btc] = [0n, 0n];
    for (const { account, side, exposureLots, priceTicks, pendingTicks } of orders.values()) {
      if (account !== index) continue;
      const dearest = Math.max(priceTicks, pendingTicks ?? 0);
      if (side === "buy")
        usd += BigInt(Math.ceil((dearest * exposureLots * ATOMS_PER_TICK_LOT * (1e6 + FEE_PPM)) / 1e6));
      else btc += BigInt(exposureLots) * BTC_ATOMS_PER_LOT;
    }
    for (const [asset, expected] of [
      ["USD", usd],
      ["BTC", btc],
    ] as const) {
      const { heldAtoms = 0n, balanceAtoms = 0n } = holdings.get(asset) ?? {};
      if (heldAtoms !== expected) expect.fail(`${asset}: ${heldAtoms} held, the orders need ${expected}`);
      if (heldAtoms > balanceAtoms) expect.fail(`${asset}: ${heldAtoms} held of ${balanceAtoms}`);
    }
  }
}

/** What the venues would have to pay if everything filled that may still fill. */
function expectSolvent({ desk, venues }: Played): void {
  for (const { index } of desk.state.accounts) {
    const { buyLots, sellLots } = audit(venues, index);
    const { btcAtoms, usdAtoms } = venues.balanceOf(index);
    if (BigInt(sellLots) * BTC_ATOMS_PER_LOT > btcAtoms) expect.fail("more is on offer than is there");
    const atFair = BigInt(buyLots * (FAIR_TICKS - 90) * ATOMS_PER_TICK_LOT);
    if (atFair > usdAtoms) expect.fail("more is bid for than can be paid");
  }
}

describe("the gate, whatever venues and network do", () => {
  it("keeps the true worst case within the limits of the asset and of each venue after every step", () => {
    fc.assert(
      fc.property(runs(VENUES), (run) => {
        play(run, LIMITS, (played) => auditLimits(played, run.startLots));
      }),
      { numRuns: 200, seed: 11 },
    );
  });

  it("holds what the orders need, never more than there is, and never offers what it does not have", () => {
    fc.assert(
      fc.property(runs(VENUES), (run) => {
        play(run, { stockBtc: 8, stockUsd: 900 }, (played) => {
          expectHolds(played);
          expectSolvent(played);
        });
      }),
      { numRuns: 150, seed: 12 },
    );
  });
});
