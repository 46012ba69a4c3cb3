import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { read } from "../../server/core/ledger/attribution.ts";
import { BTC, fillOf, readyDesk, sendBook, USD, type Desk, type EventBody } from "../support/desk.ts";

const VENUES = 2;
const START = { btc: 1_000n * BTC, usd: 1_000_000n * USD };
const ATOMS_PER_LOT = 1_000_000n;
const ATOMS_PER_TICK_LOT = 10_000n;

const account = fc.nat({ max: VENUES - 1 });
const fillArrival = fc.record({
  is: fc.constant("fill" as const),
  account,
  buys: fc.boolean(),
  priceTicks: fc.integer({ min: 5_000, max: 15_000 }),
  sizeLots: fc.integer({ min: 1, max: 5_000 }),
  feeInBase: fc.boolean(),
  feeAtoms: fc.bigInt({ min: -50_000n, max: 500_000n }),
  tellings: fc.integer({ min: 1, max: 3 }),
});
const transferArrival = fc.record({
  is: fc.constant("transfer" as const),
  account,
  inBase: fc.boolean(),
  amountAtoms: fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }),
  tellings: fc.integer({ min: 1, max: 3 }),
});
const markArrival = fc.record({
  is: fc.constant("mark" as const),
  midTicks: fc.integer({ min: 9_000, max: 11_000 }),
});
const arrivals = fc.array(fc.oneof(fillArrival, transferArrival, markArrival), {
  minLength: 1,
  maxLength: 40,
});
type Arrival = typeof arrivals extends fc.Arbitrary<readonly (infer A)[]> ? A : never;

function eventOf(arrival: Exclude<Arrival, { is: "mark" }>, at: number): EventBody {
  if (arrival.is === "transfer") {
    const { account: to, inBase, amountAtoms } = arrival;
    return {
      type: "transfer",
      account: to,
      transferId: `x${at}`,
      asset: inBase ? "BTC" : "USD",
      amountAtoms,
    };
  }
  const { account: by, buys, priceTicks, sizeLots, feeInBase, feeAtoms } = arrival;
  const side = buys ? "buy" : "sell";
  const theirs = { account: by, instrument: by, clientId: "", side, priceTicks } as const;
  const feeAsset = feeInBase ? "BTC" : "USD";
  return fillOf(theirs, sizeLots, { clientId: undefined, tradeId: `t${at}`, feeAsset, feeAtoms });
}

function tell(desk: Desk, list: readonly Arrival[]): void {
  for (const [at, arrival] of list.entries())
    if (arrival.is === "mark") for (let i = 0; i < VENUES; i++) sendBook(desk, i, arrival.midTicks);
    else for (let i = 0; i < arrival.tellings; i++) desk.send(eventOf(arrival, at));
}

/** What the venues' own statements would say. */
function statement(list: readonly Arrival[], index: number) {
  let { btc, usd } = START;
  let brought = 0n;
  for (const arrival of list) {
    if (arrival.is === "mark" || arrival.account !== index) continue;
    if (arrival.is === "transfer") {
      if (arrival.inBase) [btc, brought] = [btc + arrival.amountAtoms, brought + arrival.amountAtoms];
      else usd += arrival.amountAtoms;
      continue;
    }
    const lots = BigInt(arrival.sizeLots) * (arrival.buys ? 1n : -1n);
    btc += lots * ATOMS_PER_LOT - (arrival.feeInBase ? arrival.feeAtoms : 0n);
    usd -=
      lots * BigInt(arrival.priceTicks) * ATOMS_PER_TICK_LOT + (arrival.feeInBase ? 0n : arrival.feeAtoms);
  }
  return { btc, usd, inventoryAtoms: btc - START.btc - brought };
}

describe("the ledger", () => {
  it("agrees with the venues' statements to the atom, however often each fill and transfer is told", () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const desk = readyDesk({ venues: VENUES });
        tell(desk, list);
        let total = 0n;
        for (const { index, holdings } of desk.state.accounts) {
          const { btc, usd, inventoryAtoms } = statement(list, index);
          const holding = holdings.get("BTC");
          expect([holding?.balanceAtoms, holdings.get("USD")?.balanceAtoms]).toEqual([btc, usd]);
          expect((holding?.balanceAtoms ?? 0n) - (holding?.baselineAtoms ?? 0n)).toBe(inventoryAtoms);
          expect(holding?.inventoryUnits).toBe(Number(inventoryAtoms) / Number(BTC));
          total += inventoryAtoms;
        }
        const [market] = desk.state.markets;
        expect(market?.position.quantityAtoms).toBe(total);
        expect(market?.inventoryBase).toBe(Number(total) / Number(BTC));
      }),
      { numRuns: 200, seed: 31 },
    );
  });

  it("makes as much as cash and inventory have changed, in parts that sum to it", () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const desk = readyDesk({ venues: VENUES });
        tell(desk, list);
        const [market] = desk.state.markets;
        if (market?.fair === undefined) throw new Error("no market");
        let [cash, inventory] = [0n, 0n];
        for (const { index } of desk.state.accounts) {
          const { usd, inventoryAtoms } = statement(list, index);
          cash += usd - START.usd;
          inventory += inventoryAtoms;
        }
        for (const arrival of list)
          if (arrival.is === "transfer" && !arrival.inBase) cash -= arrival.amountAtoms;
        const view = read(market.attribution);
        if (view === undefined) throw new Error("no mark");
        const scale = 1e-9 * (view.turnoverQuote + Math.abs(view.total) + 1);
        const worth = Number(cash) / Number(USD) + (Number(inventory) / Number(BTC)) * market.fair;
        expect(Math.abs(view.total - worth)).toBeLessThan(scale);
        const parts = view.spreadCapture + view.reducing + view.makerFees + view.takerFees + view.revaluation;
        expect(Math.abs(view.total - parts - view.hedging - view.arbitrage)).toBeLessThan(scale);
      }),
      { numRuns: 200, seed: 32 },
    );
  });
});
