import fc from "fast-check";
import { expect, it } from "vitest";
import { applyTrade, createPosition } from "../../../../server/core/ledger/position.ts";
import {
  applyFifoTrade,
  createFifoPosition,
  fifoUnrealisedAtoms,
} from "../../../../server/replay/report/fifoPosition.ts";

const trades = fc.array(
  fc.record({
    side: fc.constantFrom("buy" as const, "sell" as const),
    quantityAtoms: fc.bigInt({ min: 1n, max: 1_000n }),
    valueAtoms: fc.bigInt({ min: 0n, max: 10n ** 9n }),
  }),
  { maxLength: 40 },
);

it("keeps realised less cost equal to the cash, to the atom, and agrees with average cost whenever it is flat", () => {
  fc.assert(
    fc.property(trades, (list) => {
      const fifo = createFifoPosition();
      const average = createPosition();
      let cashAtoms = 0n;
      for (const [atUs, trade] of list.entries()) {
        applyFifoTrade(fifo, { ...trade, atUs });
        applyTrade(average, { ...trade, atUs });
        cashAtoms += trade.side === "buy" ? -trade.valueAtoms : trade.valueAtoms;
        const quantity = fifo.lots.reduce((sum, lot) => sum + lot.quantityAtoms, 0n);
        expect(quantity).toBe(average.quantityAtoms);
        expect(fifo.realisedAtoms + fifoUnrealisedAtoms(fifo, 0n)).toBe(cashAtoms);
        expect(new Set(fifo.lots.map((lot) => lot.quantityAtoms > 0n)).size).toBeLessThanOrEqual(1);
        if (quantity === 0n) expect(fifo.realisedAtoms).toBe(average.realisedAtoms);
      }
    }),
    { numRuns: 200 },
  );
});

it("closes the oldest lot first and keeps the age of what is left", () => {
  const fifo = createFifoPosition();
  const trade = (side: "buy" | "sell", quantityAtoms: bigint, valueAtoms: bigint, atUs: number) =>
    applyFifoTrade(fifo, { side, quantityAtoms, valueAtoms, atUs });
  trade("buy", 10n, 1_000n, 1);
  trade("buy", 10n, 1_200n, 2);
  trade("sell", 15n, 1_800n, 3);
  expect(fifo).toEqual({
    lots: [{ quantityAtoms: 5n, costAtoms: 600n, openedAtUs: 2 }],
    realisedAtoms: 200n,
  });
  trade("sell", 10n, 1_000n, 4);
  expect(fifo).toEqual({
    lots: [{ quantityAtoms: -5n, costAtoms: -500n, openedAtUs: 4 }],
    realisedAtoms: 100n,
  });
});
