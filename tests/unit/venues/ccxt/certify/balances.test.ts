import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { compareBalances, type Balances } from "../../../../../server/venues/ccxt/certify/balances.ts";
import { Trial } from "../../../../../server/venues/ccxt/certify/trial.ts";
import { quietSession } from "./quietSession.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const BEFORE: Balances = new Map([
  ["BTC", 10n ** 18n],
  ["USDT", 1_000n * 10n ** 18n],
]);

/** 0.0002 BTC bought for 10 USDT, of which 0.0000002 BTC went as the fee, and 0.00019 sold for 9.5 with a fee in USDT. */
const FILL = {
  type: "fill",
  account: 0,
  instrument: 0,
  clientId: "c",
  venueOrderId: "v",
  liquidity: "taker",
  venueAtUs: 1,
} as const;
const FILLS = [
  {
    ...FILL,
    tradeId: "1",
    side: "buy",
    priceTicks: 5_000_000,
    sizeLots: 20,
    feeAsset: "BTC",
    feeAtoms: 200_000_000_000n,
  },
  {
    ...FILL,
    tradeId: "2",
    side: "sell",
    priceTicks: 5_000_000,
    sizeLots: 19,
    feeAsset: "USDT",
    feeAtoms: 95n * 10n ** 14n,
  },
] as const;

/** `off`: by how many units of 10^-18 the venue differs from what the fills say. */
function compare(off: { readonly BTC?: bigint; readonly USDT?: bigint }) {
  const BTC = 10n ** 18n + 98n * 10n ** 11n + (off.BTC ?? 0n);
  const USDT = 1_000n * 10n ** 18n - 5n * 10n ** 17n - 95n * 10n ** 14n + (off.USDT ?? 0n);
  const { session } = quietSession((effect) =>
    effect.type === "query" && effect.what === "balances"
      ? [
          {
            type: "balances",
            account: 0,
            askedAtUs: Date.now() * 1_000,
            balances: [
              { asset: "BTC", totalAtoms: BTC, availableAtoms: BTC },
              { asset: "USDT", totalAtoms: USDT, availableAtoms: USDT },
            ],
          },
        ]
      : [],
  );
  return compareBalances(new Trial(session), FILLS, BEFORE);
}

it("says how both moved, and what of the base stays", async () => {
  expect(await compare({})).toBe(
    "BTC moved by 0.0000098, USDT moved by -0.5095; 0.0000098 BTC of it stays in the account",
  );
});

it("lets pass what a venue rounds away, and not a fee: not even a tenth of one in the quote", async () => {
  await expect(compare({ BTC: -4n * 10n ** 10n, USDT: 4n * 10n ** 10n })).resolves.toContain("moved");
  await expect(compare({ BTC: 200_000_000_000n })).rejects.toThrow(
    "BTC moved by 0.00001, and the fills say 0.0000098",
  );
  await expect(compare({ USDT: 95n * 10n ** 13n })).rejects.toThrow("USDT moved by");
});
