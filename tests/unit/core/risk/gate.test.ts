import { describe, expect, it } from "vitest";
import type { GateReason } from "../../../../server/contract/reasons.ts";
import { GATE_REASONS } from "../../../../server/contract/reasons.ts";
import { judge, type OrderIntent } from "../../../../server/core/risk/gate.ts";
import { writeState } from "../../../../server/core/risk/tradingState.ts";
import {
  amendOwn,
  BTC_USD,
  coldDesk,
  FAIR_TICKS,
  fillOf,
  holdInventory,
  ownIntent,
  placeOwn,
  readyDesk,
  reconcile,
  restOwn,
  sendBook,
  type Adjust,
  type Desk,
  type DeskShape,
} from "../../../support/desk.ts";

/** The code of the refusal, or "passes". */
function verdictOn(desk: Desk, intent: Partial<OrderIntent> = {}): GateReason | "passes" {
  const verdict = judge(desk.engine, ownIntent(intent));
  return verdict.ok ? "passes" : verdict.code;
}

function instrumentOf(desk: Desk, index = 0) {
  const inst = desk.state.instruments[index];
  if (inst === undefined) throw new Error(`no instrument ${index}`);
  return inst;
}

/** A second market, ETH, at every venue and at the same price. */
const TWO_MARKETS: Adjust = (config) => ({
  ...config,
  assets: [...config.assets, { asset: "ETH", decimals: 8 }],
  markets: [...config.markets, { market: "ETH", base: "ETH", reportingQuote: "USD" }],
  instruments: [
    ...config.instruments,
    ...config.accounts.map(({ account }) => ({ ...BTC_USD, account, symbol: "ETH/USD", base: "ETH" })),
  ],
});

const MEASURED_EUR: Adjust = (config) => ({
  ...config,
  assets: [...config.assets, { asset: "EUR", decimals: 8 }],
  instruments: [
    { ...BTC_USD, account: "v0", symbol: "BTC/EUR", quote: "EUR", settle: "EUR" },
    { ...BTC_USD, account: "v0", symbol: "EUR/USD", base: "EUR" },
  ],
  conversions: [
    {
      asset: "EUR",
      to: "USD",
      pegged: false,
      source: { kind: "instrument", account: "v0", symbol: "EUR/USD" },
    },
  ],
});

describe("the worst case of three venues that would each sell 12 against a long 6 under a limit of 10", () => {
  it("lets only the first pass", () => {
    const desk = readyDesk({ venues: 3 });
    holdInventory(desk, 600);
    const sell = { side: "sell", sizeLots: 1_200 } as const;
    const verdicts = [0, 1, 2].map((instrument) => {
      const verdict = verdictOn(desk, { ...sell, instrument });
      if (verdict === "passes") placeOwn(desk, { ...sell, instrument });
      return verdict;
    });
    expect(verdicts).toEqual(["passes", "ASSET_LIMIT", "ASSET_LIMIT"]);
  });

  it.each([
    { name: "in flight", act: () => undefined },
    {
      name: "UNKNOWN",
      act: (desk: Desk) => desk.send({ type: "account", account: 0, status: "down" }),
    },
    {
      name: "canceled with its fills still under way",
      act: (desk: Desk) => {
        const [order] = desk.state.orders.values();
        if (order === undefined) throw new Error("no order");
        const { account, clientId } = order;
        desk.send({ type: "orderCanceled", account, clientId, filledLots: order.sizeLots });
      },
    },
  ])("counts an order that is $name at another venue", ({ act }) => {
    const desk = readyDesk({ venues: 2 });
    placeOwn(desk, { sizeLots: 600 });
    act(desk);
    expect(verdictOn(desk, { instrument: 1, sizeLots: 400 })).toBe("passes");
    expect(verdictOn(desk, { instrument: 1, sizeLots: 401 })).toBe("ASSET_LIMIT");
  });

  it("counts what is filled once, before and after the fill", () => {
    const desk = readyDesk();
    const order = placeOwn(desk, { sizeLots: 600 });
    for (const sizeLots of [100, 500]) {
      desk.send(fillOf(order, sizeLots));
      expect(verdictOn(desk, { sizeLots: 400 })).toBe("passes");
      expect(verdictOn(desk, { sizeLots: 401 })).toBe("ASSET_LIMIT");
    }
  });

  it("judges each side alone: what would sell does not make room to buy", () => {
    const desk = readyDesk();
    placeOwn(desk, { side: "sell", sizeLots: 900 });
    expect(verdictOn(desk, { sizeLots: 1_000 })).toBe("passes");
    expect(verdictOn(desk, { sizeLots: 1_001 })).toBe("ASSET_LIMIT");
  });

  it("lets orders beyond the limit only reduce, and together not through zero", () => {
    const desk = readyDesk();
    holdInventory(desk, 1_500);
    expect(verdictOn(desk, { sizeLots: 1 })).toBe("ASSET_LIMIT");
    placeOwn(desk, { side: "sell", sizeLots: 200 });
    expect(verdictOn(desk, { side: "sell", sizeLots: 2_300 })).toBe("passes");
    expect(verdictOn(desk, { side: "sell", sizeLots: 2_301 })).toBe("ASSET_LIMIT");
  });
});

interface Refused {
  readonly code: GateReason;
  readonly name: string;
  readonly shape?: DeskShape;
  readonly desk?: (shape: DeskShape) => Desk;
  readonly when?: (desk: Desk) => void;
  readonly intent?: Partial<OrderIntent>;
  /** The nearest intent that passes in the same state; where none can, the same one passes before `when`. */
  readonly passes?: Partial<OrderIntent>;
}

const REFUSED: readonly Refused[] = [
  {
    code: "NO_REFERENCE",
    name: "without a book of any venue",
    desk: (shape) => {
      const desk = coldDesk(shape);
      reconcile(desk, 0);
      return desk;
    },
  },
  {
    code: "NO_REFERENCE",
    name: "for an instrument that only gives a rate",
    shape: { adjust: MEASURED_EUR },
    intent: { instrument: 1 },
  },
  {
    code: "NO_REFERENCE",
    name: "once the rate that its price is converted by is older than 5 s",
    shape: { adjust: MEASURED_EUR },
    desk: (shape) => {
      const desk = readyDesk(shape);
      // The rate was not known yet at the first book.
      sendBook(desk, 0);
      return desk;
    },
    intent: { side: "sell" },
    when: (desk) => {
      instrumentOf(desk).params.channelSilenceMaxMs = 120_000;
      desk.wait(5_250);
      for (const market of desk.state.markets) market.fairAtUs = desk.nowUs;
    },
  },
  {
    code: "NO_REFERENCE",
    name: "when another asset with inventory has no fair value",
    shape: { adjust: TWO_MARKETS },
    when: (desk) => {
      holdInventory(desk, 1, 0, 1);
      const [, eth] = desk.state.markets;
      if (eth !== undefined) eth.fair = undefined;
    },
  },
  {
    code: "NO_REFERENCE",
    name: "when the venue's band has no mid to stand on",
    when: (desk) => {
      const inst = instrumentOf(desk);
      inst.definition = { ...inst.definition, priceBandFrac: 0.01 };
      inst.midReporting = undefined;
    },
  },
  {
    code: "STALE_REFERENCE",
    name: "5 s after the last usable book",
    when: (desk) => {
      desk.send({ type: "feed", instrument: 0, status: "down" });
      desk.wait(5_250);
    },
  },
  {
    code: "ACCOUNT_NOT_READY",
    name: "while the account is reconciled",
    when: (desk) => void desk.send({ type: "account", account: 0, status: "up" }),
  },
  {
    code: "ACCOUNT_NOT_READY",
    name: "after the private stream is lost",
    when: (desk) => void desk.send({ type: "account", account: 0, status: "down" }),
  },
  {
    code: "NO_BALANCE_KNOWN",
    name: "while no balance was told",
    when: (desk) => {
      for (const holding of desk.state.accounts[0]?.holdings.values() ?? []) holding.balanceAtoms = undefined;
    },
  },
  {
    code: "NO_LIMIT",
    name: "when the capital that limits are shares of is missing",
    when: (desk) => void (desk.state.deskParams = { ...desk.state.deskParams, capital: NaN }),
  },
  {
    code: "INSUFFICIENT_BALANCE",
    name: "for a buy that costs more than is free, fee included",
    shape: { stockUsd: 100 },
    intent: { sizeLots: 101, priceTicks: 9_900 },
    passes: { sizeLots: 100, priceTicks: 9_900 },
  },
  {
    code: "INSUFFICIENT_BALANCE",
    name: "for a sale of more than is free of holds",
    shape: { stockBtc: 3 },
    when: (desk) => void placeOwn(desk, { side: "sell", sizeLots: 200 }),
    intent: { side: "sell", sizeLots: 101 },
    passes: { side: "sell", sizeLots: 100 },
  },
  {
    code: "ASSET_LIMIT",
    name: "beyond the limit of the asset",
    intent: { sizeLots: 1_001 },
    passes: { sizeLots: 1_000 },
  },
  {
    code: "VENUE_LIMIT",
    name: "beyond the limit at the venue",
    shape: { parameters: { venueMaxPct: 5 } },
    intent: { sizeLots: 501 },
    passes: { sizeLots: 500 },
  },
  {
    code: "NET_LIMIT",
    name: "beyond the net limit over all assets",
    shape: { adjust: TWO_MARKETS, parameters: { netMaxPct: 12 } },
    when: (desk) => void placeOwn(desk, { instrument: 1, sizeLots: 800 }),
    intent: { sizeLots: 401 },
    passes: { sizeLots: 400 },
  },
  {
    code: "GROSS_LIMIT",
    name: "beyond the gross limit over all assets, long and short alike",
    shape: { adjust: TWO_MARKETS, parameters: { netMaxPct: 12, grossMaxPct: 12 } },
    when: (desk) => void placeOwn(desk, { instrument: 1, side: "sell", sizeLots: 800 }),
    intent: { sizeLots: 401 },
    passes: { sizeLots: 400 },
  },
  {
    code: "PRICE_COLLAR",
    name: "further than 100 bps from fair value",
    intent: { priceTicks: FAIR_TICKS - 101 },
    passes: { priceTicks: FAIR_TICKS - 100 },
  },
  {
    code: "PRICE_BAND",
    name: "outside the venue's band",
    when: (desk) => {
      const inst = instrumentOf(desk);
      inst.definition = { ...inst.definition, priceBandFrac: 0.005 };
    },
    intent: { priceTicks: FAIR_TICKS - 51 },
    passes: { priceTicks: FAIR_TICKS - 50 },
  },
  {
    code: "SELF_CROSS",
    name: "at the price of our own order on the other side",
    when: (desk) => void placeOwn(desk, { side: "sell", priceTicks: 9_980 }),
    intent: { priceTicks: 9_980 },
    passes: { priceTicks: 9_979 },
  },
  {
    code: "SELF_CROSS",
    name: "at the price that our own order may be moving to",
    when: (desk) => amendOwn(desk, restOwn(desk, { side: "sell" }), { priceTicks: 9_980 }),
    intent: { priceTicks: 9_990 },
    passes: { priceTicks: 9_979 },
  },
  { code: "FILTER", name: "of no size", intent: { sizeLots: 0 }, passes: { sizeLots: 1 } },
  { code: "FILTER", name: "of a broken size", intent: { sizeLots: 1.5 } },
  { code: "FILTER", name: "at no price", intent: { priceTicks: 0 } },
  {
    code: "FILTER",
    name: "below the smallest notional",
    shape: {
      adjust: (config) => ({
        ...config,
        instruments: [{ ...BTC_USD, account: "v0", notionalMinQuote: "10" }],
      }),
    },
    intent: { sizeLots: 10 },
    passes: { sizeLots: 11 },
  },
  {
    code: "FILTER",
    name: "at a halted instrument",
    when: (desk) => {
      const inst = instrumentOf(desk);
      inst.definition = { ...inst.definition, status: "HALTED" };
    },
  },
  {
    code: "REDUCE_ONLY",
    name: "that opens while only reducing orders pass",
    when: (desk) => void writeState(desk.engine, { level: "desk" }, "REDUCE_ONLY"),
  },
  {
    code: "STATE",
    name: "while paused",
    when: (desk) => void writeState(desk.engine, { level: "market", market: "BTC" }, "PAUSED"),
  },
];

describe("the gate", () => {
  it.each(REFUSED)(
    "refuses an order $name: $code",
    ({ code, shape = {}, desk: make, when, intent, passes }) => {
      const desk = (make ?? readyDesk)(shape);
      if (when !== undefined && passes === undefined) expect(verdictOn(desk, intent)).toBe("passes");
      when?.(desk);
      expect(verdictOn(desk, intent)).toBe(code);
      if (passes !== undefined) expect(verdictOn(desk, passes)).toBe("passes");
    },
  );

  it("has a case here for every code it can refuse with", () => {
    expect([...new Set(REFUSED.map(({ code }) => code))].sort()).toEqual(Object.keys(GATE_REASONS).sort());
  });
});

describe("only reducing", () => {
  function reducingDesk(lots: number): Desk {
    const desk = readyDesk({ venues: 2 });
    holdInventory(desk, lots);
    writeState(desk.engine, { level: "desk" }, "REDUCE_ONLY");
    return desk;
  }

  it.each([
    { name: "an order towards zero", lots: 100, side: "sell", sizeLots: 60, verdict: "passes" },
    { name: "an order to zero", lots: 100, side: "sell", sizeLots: 100, verdict: "passes" },
    { name: "an order through zero", lots: 100, side: "sell", sizeLots: 101, verdict: "REDUCE_ONLY" },
    { name: "an order away from zero", lots: 100, side: "buy", sizeLots: 1, verdict: "REDUCE_ONLY" },
    { name: "a buy against a short", lots: -100, side: "buy", sizeLots: 100, verdict: "passes" },
    { name: "any order when flat", lots: 0.01, side: "sell", sizeLots: 2, verdict: "REDUCE_ONLY" },
  ] as const)("judges the projected size, not the direction: $name", ({ lots, side, sizeLots, verdict }) => {
    expect(verdictOn(reducingDesk(Math.ceil(lots)), { side, sizeLots })).toBe(verdict);
  });

  it("counts what already reduces at another venue", () => {
    const desk = reducingDesk(100);
    placeOwn(desk, { side: "sell", sizeLots: 60 });
    expect(verdictOn(desk, { instrument: 1, side: "sell", sizeLots: 41 })).toBe("REDUCE_ONLY");
    expect(verdictOn(desk, { instrument: 1, side: "sell", sizeLots: 40 })).toBe("passes");
  });
});

describe("a person's reducing order", () => {
  it.each(["ACTIVE", "REDUCE_ONLY", "PAUSED", "DISARMED", "KILLED"] as const)("passes while %s", (state) => {
    const desk = readyDesk();
    holdInventory(desk, 100);
    writeState(desk.engine, { level: "desk" }, state);
    const reduce = { role: "reduce", side: "sell", sizeLots: 100 } as const;
    expect(verdictOn(desk, reduce)).toBe("passes");
    expect(verdictOn(desk, { ...reduce, sizeLots: 101 })).toBe("REDUCE_ONLY");
    expect(verdictOn(desk, { ...reduce, side: "buy", sizeLots: 1 })).toBe("REDUCE_ONLY");
    if (state === "DISARMED" || state === "KILLED" || state === "PAUSED")
      expect(verdictOn(desk, { side: "sell" })).toBe("STATE");
  });

  it("reduces the venue's own inventory, whatever the sum over venues is", () => {
    const desk = readyDesk({ venues: 2 });
    holdInventory(desk, 100, 0);
    holdInventory(desk, -300, 1);
    expect(verdictOn(desk, { role: "reduce", side: "sell", sizeLots: 100 })).toBe("passes");
    expect(verdictOn(desk, { role: "reduce", instrument: 1, side: "sell", sizeLots: 1 })).toBe("REDUCE_ONLY");
  });

  it("may meet our own resting quote, which then leaves", () => {
    const desk = readyDesk();
    holdInventory(desk, 100);
    placeOwn(desk, { sizeLots: 10, priceTicks: 9_990 });
    const reduce = { role: "reduce", side: "sell", sizeLots: 10, priceTicks: 9_990 } as const;
    expect(verdictOn(desk, reduce)).toBe("passes");
    expect(verdictOn(desk, { ...reduce, role: "quote" })).toBe("SELF_CROSS");
  });
});

describe("an amendment at the gate", () => {
  it.each([
    { amend: "in-place", most: 1_000 },
    { amend: "cancel-new", most: 600 },
  ] as const)(
    "$amend may ask for $most lots beside a rest of 400 under a limit of 1,000",
    ({ amend, most }) => {
      const desk = readyDesk({ amend: [amend] });
      const amends = restOwn(desk, { sizeLots: 400 });
      expect(verdictOn(desk, { amends, sizeLots: most })).toBe("passes");
      expect(verdictOn(desk, { amends, sizeLots: most + 1 })).toBe("ASSET_LIMIT");
    },
  );

  it("asks for a total, of which what is filled counts as inventory already", () => {
    const desk = readyDesk();
    const amends = restOwn(desk, { sizeLots: 400 });
    desk.send(fillOf(amends, 100));
    expect(verdictOn(desk, { amends, sizeLots: 1_000 })).toBe("passes");
    expect(verdictOn(desk, { amends, sizeLots: 1_001 })).toBe("ASSET_LIMIT");
  });

  it("frees its own hold in place and needs both in a second order", () => {
    for (const [amend, most] of [
      ["in-place", 300],
      ["cancel-new", 100],
    ] as const) {
      const desk = readyDesk({ amend: [amend], stockBtc: 3 });
      const amends = restOwn(desk, { side: "sell", sizeLots: 200 });
      expect(verdictOn(desk, { amends, side: "sell", sizeLots: most })).toBe("passes");
      expect(verdictOn(desk, { amends, side: "sell", sizeLots: most + 1 })).toBe("INSUFFICIENT_BALANCE");
    }
  });
});

describe("two symbols of one asset at one account", () => {
  it("share the venue's limit", () => {
    const desk = readyDesk({
      parameters: { venueMaxPct: 5 },
      adjust: (config) => ({
        ...config,
        instruments: [...config.instruments, { ...BTC_USD, account: "v0", symbol: "BTC/USD-2" }],
      }),
    });
    placeOwn(desk, { sizeLots: 300 });
    expect(verdictOn(desk, { instrument: 1, sizeLots: 200 })).toBe("passes");
    expect(verdictOn(desk, { instrument: 1, sizeLots: 201 })).toBe("VENUE_LIMIT");
  });
});
