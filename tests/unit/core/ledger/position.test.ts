import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Side } from "../../../../server/contract/units.ts";
import { adjustQuantity, applyTrade, createPosition } from "../../../../server/core/ledger/position.ts";

/** Base and quote in thousandths. */
const ATOMS = 1_000n;

function trade(quantity: number, price: number, atUs: number) {
  const side: Side = quantity > 0 ? "buy" : "sell";
  const quantityAtoms = BigInt(Math.abs(quantity)) * ATOMS;
  return { side, quantityAtoms, valueAtoms: quantityAtoms * BigInt(price), atUs };
}

describe("an average-cost position", () => {
  it("follows additions, reductions, two flips and flat to the reference numbers", () => {
    // Vector inventory_avg_fifo, average-cost columns: [quantity, price, mark, position, realised, unrealised].
    const steps: [number, number, number, number, number, number][] = [
      [10, 100, 100.5, 10, 0, 5],
      [5, 102, 103, 15, 0, 35],
      [-8, 105, 104, 7, 34.666666666666664, 23.333333333333332],
      [-12, 103, 102, -5, 51, 5],
      [-5, 101, 100, -10, 51, 20],
      [4, 99, 98.5, -6, 63, 21],
      [10, 98, 98.2, 4, 87, 0.8],
      [-4, 100, 100, 0, 95, 0],
      [3, 97, 98, 3, 95, 3],
    ];
    const openedAtUs = [1, 1, 1, 4, 4, 4, 7, undefined, 9];
    const position = createPosition();
    steps.forEach(([quantity, price, mark, held, realised, unrealised], i) => {
      applyTrade(position, trade(quantity, price, i + 1));
      expect(position.quantityAtoms).toBe(BigInt(held) * ATOMS);
      expect(Number(position.realisedAtoms) / 1_000).toBeCloseTo(realised, 2);
      expect(held * mark - Number(position.costAtoms) / 1_000).toBeCloseTo(unrealised, 2);
      expect(position.openedAtUs).toBe(openedAtUs[i]);
    });
    expect(position.realisedAtoms).toBe(95_000n);
    expect(position.costAtoms).toBe(291_000n);
  });

  it("keeps what a division drops in the cost, and gives all of it back when flat", () => {
    const position = createPosition();
    applyTrade(position, { side: "buy", quantityAtoms: 3n, valueAtoms: 100n, atUs: 1 });
    applyTrade(position, { side: "sell", quantityAtoms: 1n, valueAtoms: 40n, atUs: 2 });
    expect(position).toMatchObject({ costAtoms: 67n, realisedAtoms: 7n });
    applyTrade(position, { side: "sell", quantityAtoms: 2n, valueAtoms: 80n, atUs: 3 });
    expect(position).toEqual({ quantityAtoms: 0n, costAtoms: 0n, realisedAtoms: 20n, openedAtUs: undefined });
  });

  it("realises a fee in base at the mark, so that as a fee it is counted once", () => {
    const position = createPosition();
    applyTrade(position, { side: "buy", quantityAtoms: 1_000n, valueAtoms: 100_000n, atUs: 1 });
    adjustQuantity(position, { deltaAtoms: -10n, valueAtMarkAtoms: 1_020n, atUs: 1 });
    expect(position).toEqual({ quantityAtoms: 990n, costAtoms: 99_000n, realisedAtoms: 20n, openedAtUs: 1 });
    // Gross 20 + (990·102 − 99,000) less the fee of 1,020 is cash + quantity × mark.
    expect(20 + 990 * 102 - 99_000 - 1_020).toBe(-100_000 + 990 * 102);
  });

  it.each([
    { name: "no quantity", quantityAtoms: 0n, valueAtoms: 1n },
    { name: "a negative quantity", quantityAtoms: -1n, valueAtoms: 1n },
    { name: "a negative value", quantityAtoms: 1n, valueAtoms: -1n },
  ])("refuses a trade with $name", ({ quantityAtoms, valueAtoms }) => {
    expect(() => applyTrade(createPosition(), { side: "buy", quantityAtoms, valueAtoms, atUs: 1 })).toThrow(
      /invariant/,
    );
  });

  it("keeps realised − cost equal to cash plus the fees in base, to the atom, and holds no cost when flat", () => {
    const quantityAtoms = fc.bigInt({ min: 1n, max: 7n });
    const step = fc.record({
      kind: fc.constantFrom<Side | "fee" | "rebate" | "close">("buy", "sell", "fee", "rebate", "close"),
      quantityAtoms,
      valueAtoms: fc.bigInt({ min: 0n, max: 10n ** 24n }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const position = createPosition();
        let cashAtoms = 0n;
        let feesAtoms = 0n;
        let held = 0n;
        for (const [atUs, { kind, quantityAtoms, valueAtoms }] of steps.entries()) {
          if (kind === "fee" || kind === "rebate") {
            const sign = kind === "fee" ? -1n : 1n;
            adjustQuantity(position, {
              deltaAtoms: sign * quantityAtoms,
              valueAtMarkAtoms: valueAtoms,
              atUs,
            });
            feesAtoms -= sign * valueAtoms;
            held += sign * quantityAtoms;
          } else {
            const size = kind !== "close" ? quantityAtoms : held < 0n ? -held : held;
            const side = kind !== "close" ? kind : held < 0n ? "buy" : "sell";
            if (size === 0n) continue;
            applyTrade(position, { side, quantityAtoms: size, valueAtoms, atUs });
            cashAtoms += side === "buy" ? -valueAtoms : valueAtoms;
            held += side === "buy" ? size : -size;
          }
          expect(position.quantityAtoms).toBe(held);
          expect(position.realisedAtoms - position.costAtoms).toBe(cashAtoms + feesAtoms);
          if (held === 0n) expect(position.costAtoms).toBe(0n);
          else expect(position.costAtoms === 0n || position.costAtoms > 0n === held > 0n).toBe(true);
          expect(position.openedAtUs === undefined).toBe(held === 0n);
        }
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it("opens a flip's remainder at the price of the fill", () => {
    fc.assert(
      fc.property(
        fc.record({
          held: fc.bigInt({ min: 1n, max: 10n ** 6n }),
          more: fc.bigInt({ min: 1n, max: 10n ** 6n }),
        }),
        fc.record({
          from: fc.bigInt({ min: 1n, max: 10n ** 9n }),
          to: fc.bigInt({ min: 1n, max: 10n ** 9n }),
        }),
        fc.constantFrom<[Side, Side, bigint]>(["buy", "sell", 1n], ["sell", "buy", -1n]),
        ({ held, more }, { from, to }, [open, flip, sign]) => {
          const position = createPosition();
          applyTrade(position, { side: open, quantityAtoms: held, valueAtoms: held * from, atUs: 1 });
          applyTrade(position, {
            side: flip,
            quantityAtoms: held + more,
            valueAtoms: (held + more) * to,
            atUs: 2,
          });
          expect(position).toEqual({
            quantityAtoms: -sign * more,
            costAtoms: -sign * more * to,
            realisedAtoms: sign * held * (to - from),
            openedAtUs: 2,
          });
        },
      ),
      { numRuns: 100, seed: 4 },
    );
  });
});
