/** What may happen at the venue of the property tests, and the terms it may have. */
import fc from "fast-check";
import type { Side } from "../../../server/contract/units.ts";
import type { SelfTradeMode } from "../../../server/lab/ports.ts";
import type { VenueSetup } from "../../unit/lab/exchange/venue.ts";

export const SELF_TRADE_MODES: readonly SelfTradeMode[] = [
  "NONE",
  "EXPIRE_TAKER",
  "EXPIRE_MAKER",
  "EXPIRE_BOTH",
  "DECREMENT",
];

const side = fc.constantFrom<Side>("buy", "sell");
const mode = fc.constantFrom(...SELF_TRADE_MODES);
const price = fc.integer({ min: 60, max: 140 });
const orderPrice = fc.integer({ min: 90, max: 110 });
const lots = fc.integer({ min: 1, max: 25 });
/** Enough levels at times to fill more than the fifty that are public. */
const levels = fc.uniqueArray(fc.tuple(price, fc.integer({ min: 0, max: 20 })), {
  selector: ([at]) => at,
  maxLength: 70,
});
const fewLevels = fc.uniqueArray(fc.tuple(orderPrice, fc.integer({ min: 0, max: 20 })), {
  selector: ([at]) => at,
  maxLength: 4,
});
const orderIndex = fc.nat({ max: 30 });
const asset = fc.constantFrom("USDT", "BTC", "BNB");
const atoms = fc.bigInt({ min: -10_000n, max: 3_000_000n });

const say = <K extends string>(kind: K): fc.Arbitrary<K> => fc.constant(kind);

export const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: say("snapshot"), bids: levels, asks: levels }) },
  { weight: 1, arbitrary: fc.record({ do: say("again") }) },
  { weight: 6, arbitrary: fc.record({ do: say("delta"), bids: fewLevels, asks: fewLevels }) },
  { weight: 1, arbitrary: fc.record({ do: say("top"), bid: orderPrice, ask: orderPrice, lots }) },
  { weight: 4, arbitrary: fc.record({ do: say("print"), price: orderPrice, lots, side: fc.option(side) }) },
  { weight: 4, arbitrary: fc.record({ do: say("take"), side, lots, limit: fc.option(orderPrice) }) },
  { weight: 8, arbitrary: fc.record({ do: say("quote"), side, price: orderPrice, lots, mode }) },
  { weight: 3, arbitrary: fc.record({ do: say("limit"), side, price: orderPrice, lots, mode }) },
  { weight: 2, arbitrary: fc.record({ do: say("ioc"), side, price: orderPrice, lots, mode }) },
  { weight: 2, arbitrary: fc.record({ do: say("fok"), side, price: orderPrice, lots, mode }) },
  { weight: 2, arbitrary: fc.record({ do: say("market"), side, lots, mode }) },
  { weight: 3, arbitrary: fc.record({ do: say("amend"), at: orderIndex, price: orderPrice, lots }) },
  { weight: 2, arbitrary: fc.record({ do: say("cancel"), at: orderIndex }) },
  { weight: 1, arbitrary: fc.record({ do: say("gap") }) },
  { weight: 1, arbitrary: fc.record({ do: say("bnb"), bid: fc.integer({ min: 15, max: 25 }) }) },
  { weight: 1, arbitrary: fc.record({ do: say("deposit"), asset, atoms }) },
  { weight: 1, arbitrary: fc.record({ do: say("withdraw"), asset, atoms }) },
  { weight: 1, arbitrary: fc.record({ do: say("settle"), at: orderIndex, done: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: say("transfer"), from: fc.constantFrom(0, 1), asset, atoms }) },
);
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

export const steps = fc.array(step, { minLength: 20, maxLength: 60 });

/** Reached within a few fills: a lot at 100 ticks is worth 0.001 USDT. */
const tiers = {
  volumeAsset: "USDT",
  steps: [
    { volumeMin: "0.02", makerFrac: -0.0002, takerFrac: 0 },
    { volumeMin: "0.05", makerFrac: -0.0003, takerFrac: -0.0000007 },
  ],
};

export const setup: fc.Arbitrary<VenueSetup> = fc.record({
  amend: fc.constantFrom("in-place" as const, "cancel-new" as const),
  bnb: fc.constant(true),
  twoAccounts: fc.constant(true),
  fees: fc.record({
    makerFrac: fc.constantFrom(-0.0001, 0, 0.0000007, 0.001),
    takerFrac: fc.constantFrom(0, 0.0013),
    paidIn: fc.constantFrom("quote" as const, "received" as const),
    tiers: fc.constantFrom(undefined, tiers),
    thirdAsset: fc.constantFrom(undefined, { asset: "BNB", discountFrac: 0.25 }),
  }),
  // Sometimes too little for all the orders or fees, so that refusals and fallbacks happen.
  usdtAtoms: fc.constantFrom(4_000_000n, 10n ** 12n),
  btcAtoms: fc.constantFrom(4_000_000n, 10n ** 12n),
  bnbAtoms: fc.constantFrom(0n, 2_000n, 10n ** 12n),
});
