import { describe, expect, it } from "vitest";
import { writeState } from "../../../../server/core/risk/tradingState.ts";
import {
  BTC_USD,
  fillOf,
  holdInventory,
  placeOwn,
  readyDesk,
  restOwn,
  verdictOn,
  type Desk,
} from "../../../support/desk.ts";

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
