import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { informationShares } from "../../../../../server/core/estimate/informationShare/shares.ts";

const speed = fc.double({ min: 0.01, max: 0.5, noNaN: true });
const correlation = fc.double({ min: -0.3, max: 0.9, noNaN: true });

describe("information shares", () => {
  it("of two venues are bounds that pair up to one, around their middle, whatever the speeds", () => {
    fc.assert(
      fc.property(speed, speed, correlation, speed, (a, b, rho, variance) => {
        const omega = Float64Array.of(1, rho * Math.sqrt(variance), rho * Math.sqrt(variance), variance);
        const shares = informationShares(Float64Array.of(-a, b), omega, 2);
        if (shares === undefined) throw new Error("both come back to each other");
        const { lower, upper, mid, gonzaloGranger } = shares;
        expect((upper[0] ?? NaN) + (lower[1] ?? NaN)).toBeCloseTo(1, 10);
        expect((upper[1] ?? NaN) + (lower[0] ?? NaN)).toBeCloseTo(1, 10);
        expect((mid[0] ?? NaN) + (mid[1] ?? NaN)).toBeCloseTo(1, 10);
        expect(gonzaloGranger[0]).toBeCloseTo(b / (a + b), 10);
      }),
    );
  });

  it("give all to a venue that the others follow and that follows none", () => {
    // Three venues: the first does not move, the others come back to it alone.
    const alpha = Float64Array.of(0, 0, 0.3, 0, 0, 0.2);
    const shares = informationShares(alpha, Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), 3);
    expect(shares?.gonzaloGranger).toEqual([1, 0, 0]);
    expect(shares?.mid).toEqual([1, 0, 0]);
  });

  it("do not depend on the order of the venues", () => {
    const omega = [
      [1, 0.4, 0.2],
      [0.4, 1.5, 0.3],
      [0.2, 0.3, 2],
    ];
    const alpha = [
      [-0.2, -0.05],
      [0.3, -0.02],
      [0.05, 0.4],
    ];
    const order = [2, 0, 1];
    const straight = informationShares(Float64Array.from(alpha.flat()), Float64Array.from(omega.flat()), 3);
    const turned = informationShares(
      Float64Array.from(order.flatMap((row) => alpha[row] ?? [])),
      Float64Array.from(order.flatMap((row) => order.map((column) => omega[row]?.[column] ?? NaN))),
      3,
    );
    for (const name of ["gonzaloGranger", "lower", "upper", "mid"] as const)
      for (const [at, member] of order.entries())
        expect(turned?.[name][at]).toBeCloseTo(straight?.[name][member] ?? NaN, 12);
  });

  it.each([
    { name: "no venue comes back to another", alpha: [0, 0], omega: [1, 0, 0, 1] },
    { name: "the venues flee each other alike", alpha: [0.2, 0.2], omega: [1, 0, 0, 1] },
    { name: "the innovations are one", alpha: [-0.1, 0.2], omega: [1, 1, 1, 1] },
  ])("are undefined when $name", ({ alpha, omega }) => {
    expect(informationShares(Float64Array.from(alpha), Float64Array.from(omega), 2)).toBeUndefined();
  });
});
