import fc from "fast-check";
import type { Effect } from "../../../server/contract/effects.ts";
import type { EngineEvent } from "../../../server/contract/events.ts";

const atUs = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const index = fc.nat({ max: 100 });
const count = fc.oneof(fc.nat(), fc.integer({ min: 1, max: 2 ** 45 }));
const levels = fc.array(count, { maxLength: 12 });
const text = fc.string({ unit: "grapheme", maxLength: 40 });
const atoms = fc.bigInt({ min: -(2n ** 140n), max: 2n ** 140n });
const side = fc.constantFrom("buy" as const, "sell" as const);

/** Optional fields are absent or there, never undefined: what was not there must not come back. */
const book = fc.record(
  {
    type: fc.constant("book" as const),
    atUs,
    instrument: index,
    kind: fc.constantFrom("snapshot" as const, "delta" as const, "top" as const),
    venueAtUs: atUs,
    bids: levels,
    asks: levels,
  },
  { requiredKeys: ["type", "atUs", "instrument", "kind", "bids", "asks"] },
);

const trade = fc.record(
  {
    type: fc.constant("trade" as const),
    atUs,
    instrument: index,
    venueAtUs: atUs,
    priceTicks: count,
    sizeLots: count,
    aggressor: side,
  },
  { requiredKeys: ["type", "atUs", "instrument", "priceTicks"] },
);

const fill = fc.record(
  {
    type: fc.constant("fill" as const),
    atUs,
    account: index,
    instrument: index,
    clientId: text,
    venueOrderId: text,
    tradeId: text,
    side,
    priceTicks: count,
    sizeLots: count,
    liquidity: fc.constantFrom("maker" as const, "taker" as const),
    venueAtUs: atUs,
    feeAsset: text,
    feeAtoms: atoms,
  },
  {
    requiredKeys: [
      ...([
        "type",
        "atUs",
        "account",
        "instrument",
        "venueOrderId",
        "tradeId",
        "side",
        "priceTicks",
      ] as const),
      ...(["sizeLots", "liquidity", "venueAtUs", "feeAsset", "feeAtoms"] as const),
    ],
  },
);

const balances = fc.record({
  type: fc.constant("balances" as const),
  atUs,
  account: index,
  balances: fc.array(fc.record({ asset: text, totalAtoms: atoms }), { maxLength: 20 }),
});

const orderStatus = fc.record({
  type: fc.constant("orderStatus" as const),
  atUs,
  account: index,
  clientId: text,
  askedAtUs: atUs,
  answer: fc.oneof(
    fc.constant({ found: false as const }),
    fc.record({
      found: fc.constant(true as const),
      venueOrderId: text,
      status: fc.constantFrom("OPEN" as const, "REJECTED" as const),
      priceTicks: count,
      sizeLots: count,
      filledLots: count,
    }),
  ),
});

const command = fc.record({
  type: fc.constant("command" as const),
  atUs,
  commandId: text,
  actor: text,
  reason: text,
  command: fc.oneof(
    fc.record({
      type: fc.constant("setBaseline" as const),
      account: text,
      asset: text,
      baselineAtoms: atoms,
    }),
    fc.record({
      type: fc.constant("flatten" as const),
      market: text,
      slippageMaxBps: fc.double({ min: 0.01, max: 500, noNaN: true }),
    }),
  ),
});

const cancelReport = fc.record({
  type: fc.constantFrom("orderCanceled" as const, "orderExpired" as const),
  atUs,
  account: index,
  clientId: text,
  filledLots: count,
});

const timer = fc.record({ type: fc.constant("timer" as const), atUs });

const restart = fc.record(
  { type: fc.constant("restart" as const), atUs, reason: text, leftOut: text },
  { requiredKeys: ["type", "atUs", "reason"] },
);

const storage = fc.record({
  type: fc.constant("storage" as const),
  atUs,
  status: fc.constantFrom("OK" as const, "DISK_LOW" as const, "JOURNAL_STALLED" as const),
  text,
});

const clockStep = fc.record({
  type: fc.constant("clockStep" as const),
  atUs,
  stepMs: fc.integer({ min: -1e9, max: 1e9 }),
});

/** Records of fast-check may have no prototype, which nothing of ours lacks. */
const plain = <T>(value: T): T => structuredClone(value);

export const anyEvent: fc.Arbitrary<EngineEvent> = fc
  .oneof(book, trade, fill, balances, orderStatus, command, cancelReport, timer, restart, storage, clockStep)
  .map(plain);

const effect = fc.oneof(
  fc.record({
    type: fc.constant("place" as const),
    account: index,
    instrument: index,
    clientId: text,
    side,
    priceTicks: count,
    sizeLots: count,
    timeInForce: fc.constantFrom("POST_ONLY" as const, "IOC" as const),
    selfTrade: fc.constantFrom("EXPIRE_TAKER" as const, "EXPIRE_MAKER" as const),
    requestExpiresAtUs: atUs,
  }),
  fc.record({
    type: fc.constant("query" as const),
    what: fc.constant("order" as const),
    account: index,
    clientId: text,
    placedAtUs: atUs,
  }),
  fc.record({ type: fc.constant("query" as const), what: fc.constant("balances" as const), account: index }),
  fc.record({
    type: fc.constant("notice" as const),
    code: fc.constant("CLEARED" as const),
    scope: text,
    text,
  }),
  fc.record({
    type: fc.constant("acknowledge" as const),
    commandId: text,
    outcome: fc.record({ accepted: fc.constant(true as const), paramVersion: index }),
  }),
);

export const anyEffect: fc.Arbitrary<Effect> = effect.map(plain);
