import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVpin, observeVolume, readVpin } from "../../../../../server/core/estimate/flow/vpin.ts";

describe("VPIN", () => {
  it("is 1 when all volume is on one side, and 0 when every bucket balances", () => {
    const oneSided = createVpin(10, 4);
    const balanced = createVpin(10, 4);
    for (let i = 0; i < 10; i++) {
      observeVolume(oneSided, 0, 0, 7);
      observeVolume(balanced, 0, 5, 5);
    }
    expect(readVpin(oneSided, 0).value).toBe(1);
    expect(readVpin(balanced, 0).value).toBe(0);
  });

  it("is not known before its buckets are complete", () => {
    const state = createVpin(10, 4);
    observeVolume(state, 0, 39, 0);
    expect(readVpin(state, 0)).toMatchObject({ state: "COLD", value: undefined, nEff: 3 });
    observeVolume(state, 0, 1, 0);
    expect(readVpin(state, 0)).toMatchObject({ state: "TRUSTED", value: 1 });
  });

  it("loses no volume, whatever the trades", () => {
    const trade = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 25 }));
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 60 }), (trades) => {
        const state = createVpin(10, 200);
        let bought = 0;
        let volume = 0;
        for (const [buy, size] of trades) {
          observeVolume(state, 0, buy ? size : 0, buy ? 0 : size);
          bought += buy ? size : 0;
          volume += size;
        }
        expect(state.complete * 10 + state.openBuy + state.openSell).toBeCloseTo(volume, 9);
        expect(state.buys.reduce((sum, buy) => sum + buy, 0) + state.openBuy).toBeCloseTo(bought, 9);
      }),
    );
  });

  it("takes a block beyond all its buckets in bounded work", () => {
    const state = createVpin(1, 50);
    observeVolume(state, 0, 0.25, 0.25);
    observeVolume(state, 0, 1e9, 0);
    expect(readVpin(state, 0).value).toBe(1);
    expect(state.openBuy + state.openSell).toBeLessThan(1);
  });

  it("refuses a bucket without volume", () => {
    expect(() => createVpin(0)).toThrow(RangeError);
  });
});
