import { describe, expect, it, test } from "vitest";
import { FeeSchedule } from "../../../../server/contract/instrument.ts";
import {
  countVolume,
  createFeeTiers,
  dearestRates,
  ratesAt,
  volumeAt,
} from "../../../../server/lab/exchange/feeTiers.ts";

const HOUR_US = 3_600_000_000;
const SCHEDULE = FeeSchedule.parse({
  name: "test",
  makerFrac: 0.001,
  takerFrac: 0.002,
  tiers: {
    volumeAsset: "USDT",
    steps: [
      { volumeMin: "100", makerFrac: 0.0008, takerFrac: 0.001 },
      { volumeMin: "250.5", makerFrac: -0.0001, takerFrac: 0.0005 },
    ],
  },
});
const tiersWith = (atoms: bigint) => {
  const tiers = createFeeTiers(SCHEDULE, [{ asset: "USDT", decimals: 2 }]);
  if (atoms > 0n) countVolume(tiers, atoms, 0);
  return tiers;
};

describe("the rates", () => {
  const boundaries = [
    { name: "before any volume", atoms: 0n, maker: 0.001 },
    { name: "an atom below the first step", atoms: 9_999n, maker: 0.001 },
    { name: "at the first step", atoms: 10_000n, maker: 0.0008 },
    { name: "an atom below the second", atoms: 25_049n, maker: 0.0008 },
    { name: "at the second", atoms: 25_050n, maker: -0.0001 },
    { name: "far beyond", atoms: 10n ** 12n, maker: -0.0001 },
  ];
  test.each(boundaries)("$name", ({ atoms, maker }) => {
    expect(ratesAt(tiersWith(atoms), 0).makerFrac).toBe(maker);
  });

  it("are at their dearest before any volume, whatever was traded", () => {
    expect(dearestRates(tiersWith(10n ** 12n)).makerFrac).toBe(0.001);
  });

  it("of a schedule without steps never change", () => {
    const tiers = createFeeTiers({ ...SCHEDULE, tiers: undefined }, []);
    countVolume(tiers, 10n ** 12n, 0);
    expect(ratesAt(tiers, 0).takerFrac).toBe(0.002);
  });
});

describe("the volume of thirty days", () => {
  it("loses each hour's fills when that hour is 720 hours old", () => {
    const tiers = tiersWith(0n);
    countVolume(tiers, 1n, 0);
    countVolume(tiers, 10n, HOUR_US - 1);
    countVolume(tiers, 100n, HOUR_US);
    expect(volumeAt(tiers, 720 * HOUR_US - 1)).toBe(111n);
    expect(volumeAt(tiers, 720 * HOUR_US)).toBe(100n);
    expect(volumeAt(tiers, 721 * HOUR_US)).toBe(0n);
  });

  it("is only read by a question about a later instant", () => {
    const tiers = tiersWith(1n);
    expect(volumeAt(tiers, 1_000 * HOUR_US)).toBe(0n);
    expect(volumeAt(tiers, HOUR_US)).toBe(1n);
  });

  it("never keeps more than its hours, however long it runs", () => {
    const tiers = tiersWith(0n);
    for (let hour = 0; hour < 2_000; hour++) {
      countVolume(tiers, 1n, hour * HOUR_US);
    }
    expect(tiers.buckets.length).toBe(720);
    expect(tiers.volumeAtoms).toBe(720n);
  });
});
