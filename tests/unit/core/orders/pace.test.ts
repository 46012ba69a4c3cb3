import { describe, expect, it } from "vitest";
import {
  countRequest,
  hasRoomFor,
  paceOf,
  requestsPerSecond,
  revisePaces,
  type Pace,
} from "../../../../server/core/orders/pace.ts";
import type { Order } from "../../../../server/core/orders/order.ts";
import type { Effect } from "../../../../server/contract/effects.ts";
import { OrderBudget } from "../../../../server/contract/instrument.ts";
import { quotingDesk, readyDesk, sendBook, FAIR_TICKS, type Desk } from "../../../support/desk.ts";

const BUDGET = {
  account: {
    orderBudget: OrderBudget.parse({ kind: "window", per: "account", limit: 100, windowMs: 10_000 }),
  },
};
const ONE_A_SECOND = {
  orderBudget: OrderBudget.parse({ kind: "decay", per: "account", limit: 60, perSecond: 1 }),
};
/** As Kraken counts. */
const AGED = {
  orderBudget: OrderBudget.parse({
    kind: "decay",
    per: "instrument",
    limit: 60,
    perSecond: 1,
    amendCost: {
      cost: 1,
      younger: [
        { thanMs: 5_000, cost: 4 },
        { thanMs: 10_000, cost: 3 },
      ],
    },
    cancelCost: { cost: 0, younger: [{ thanMs: 5_000, cost: 8 }] },
  }),
};

function instrumentOf(desk: Desk) {
  const inst = desk.state.instruments[0];
  if (inst === undefined) throw new Error("there is an instrument");
  return inst;
}

const ownPace = (desk: Desk): Pace => paceOf(desk.engine, instrumentOf(desk));

/** So many requests a second for so many seconds, judged each second. */
function spend(desk: Desk, perSecond: number, seconds: number): Pace {
  const { state } = desk.engine;
  for (let second = 0; second < seconds; second++) {
    for (let i = 0; i < perSecond; i++) {
      state.nowUs = desk.nowUs + (i * 1e6) / perSecond;
      countRequest(desk.engine, instrumentOf(desk), "place", 0);
    }
    desk.nowUs += 1_000_000;
    state.nowUs = desk.nowUs;
    revisePaces(desk.engine);
  }
  return ownPace(desk);
}

describe("the pace of requests", () => {
  it("counts what is sent, averaged over ten seconds, and fades to nothing", () => {
    const desk = readyDesk(BUDGET);
    expect(requestsPerSecond(spend(desk, 5, 60))).toBeCloseTo(5, 0);
    expect(spend(desk, 0, 400).requests).toBe(0);
  });

  it("counts what the venue counts, and cancels where it does", () => {
    const desk = quotingDesk(BUDGET);
    const before = ownPace(desk).requests;
    expect(before).toBeGreaterThan(0);
    const atUs = ownPace(desk).countedAtUs;
    desk.send({ type: "feed", instrument: 0, status: "gap" });
    expect([...desk.state.orders.values()].every(({ endedAtUs }) => endedAtUs !== undefined)).toBe(true);
    expect(ownPace(desk)).toMatchObject({ requests: before, countedAtUs: atUs });

    const counted = quotingDesk({ account: AGED });
    const first = ownPace(counted).requests;
    counted.send({ type: "feed", instrument: 0, status: "gap" });
    expect(ownPace(counted).requests).toBeCloseTo(first + 2 * 8, 6);
  });

  it("holds improvements back first, then protection, then new orders, and lets the counter fall", () => {
    const desk = readyDesk({ account: AGED });
    const inst = instrumentOf(desk);
    const room = () =>
      [
        hasRoomFor(desk.engine, inst, "improve", 0),
        hasRoomFor(desk.engine, inst, "protect", 0),
        hasRoomFor(desk.engine, inst, "place", 0),
      ].map(Number);
    expect(room()).toEqual([1, 1, 1]);
    const fill = (orders: number): void => {
      for (let i = 0; i < orders; i++) countRequest(desk.engine, inst, "place", 0);
    };
    fill(20);
    expect(room()).toEqual([1, 1, 1]);
    fill(1);
    expect(room()).toEqual([0, 1, 1]);
    // An older order costs less.
    expect(hasRoomFor(desk.engine, inst, "improve", 10_000_000)).toBe(true);
    fill(6);
    expect(room()).toEqual([0, 0, 1]);
    fill(24);
    expect(room()).toEqual([0, 0, 0]);
    desk.engine.state.nowUs += 35_000_000;
    expect(room()).toEqual([1, 1, 1]);
  });

  it("leaves quotes as they are within seven tenths of the budget", () => {
    expect(spend(readyDesk(BUDGET), 6, 120).stretch).toBe(1);
  });

  it("stretches beyond it, up to 20, and comes back", () => {
    const desk = readyDesk(BUDGET);
    const stretched = spend(desk, 14, 20).stretch;
    expect(stretched).toBeGreaterThan(2);
    expect(spend(desk, 14, 200).stretch).toBe(20);
    expect(spend(desk, 1, 120).stretch).toBe(1);
  });

  it("stays stretched while a counter that goes down slowly is more than half full, however little is sent", () => {
    const desk = readyDesk({ account: ONE_A_SECOND });
    for (let i = 0; i < 60; i++) countRequest(desk.engine, instrumentOf(desk), "place", 0);
    expect(spend(desk, 0, 28).stretch).toBe(20);
    expect(spend(desk, 0, 30).stretch).toBe(1);
    // A window has forgotten a burst of that size by then.
    const windowed = readyDesk(BUDGET);
    for (let i = 0; i < 100; i++) countRequest(windowed.engine, instrumentOf(windowed), "place", 0);
    expect(spend(windowed, 0, 28).stretch).toBeLessThan(5);
  });
});

describe("quotes on a budget", () => {
  /** Amendments while the price walks up and down a little, every quarter of a second. */
  function amendmentsOf(desk: Desk, seconds: number): number {
    let amended = 0;
    for (let i = 0; i < 4 * seconds; i++) {
      amended += sendBook(desk, 0, FAIR_TICKS + (i % 8) * 2).filter(({ type }) => type === "amend").length;
      amended += desk.wait(250).filter(({ type }) => type === "amend").length;
    }
    return amended;
  }
  const RESTLESS = { requoteToleranceK: 0.2, quoteLifeMinMs: 250, jumpSigmas: 50 } as const;

  it("move less for each reason and less often once it is exceeded", () => {
    const account = ONE_A_SECOND;
    const free = amendmentsOf(quotingDesk({ parameters: RESTLESS }), 60);
    const desk = quotingDesk({ parameters: RESTLESS, account });
    const bound = amendmentsOf(desk, 60);
    expect(ownPace(desk).stretch).toBeGreaterThan(1);
    expect(bound).toBeLessThan(free / 2);
    expect(requestsPerSecond(ownPace(desk))).toBeLessThan(1.5);
  });

  describe("that stand on the wrong side of fair value", () => {
    const CLOSE = { spreadMultiplier: 0.1, adverseSelectionBps: 0, pickOffZ: 0, sniperFeeBps: 0 };
    const PATIENT = { requoteToleranceK: 1, quoteLifeMinMs: 60_000, ...CLOSE };

    function patientDesk(options?: Parameters<typeof quotingDesk>[0]): Desk {
      const desk = quotingDesk({ parameters: PATIENT, ...options });
      for (const { params } of desk.state.markets) params.jumpSigmas = 1e9;
      return desk;
    }

    /** Two ticks are 1/k. */
    function leaves(desk: Desk, stretch: number, midTicks: number): boolean {
      ownPace(desk).stretch = stretch;
      expect(bidOf(desk)?.priceTicks).toBeGreaterThan(midTicks);
      return movesBid(desk, sendBook(desk, 0, midTicks));
    }

    const bidOf = (desk: Desk): Order | undefined =>
      desk.state.orders.get(instrumentOf(desk).slots[0]?.clientId ?? "");

    const movesBid = (desk: Desk, effects: readonly Effect[]): boolean =>
      effects.some((effect) => effect.type === "amend" && effect.clientId === bidOf(desk)?.clientId);

    it("leave it once they are off by the root of a stretched tolerance: nine ticks, not forty", () => {
      const desk = patientDesk();
      expect(leaves(desk, 20, FAIR_TICKS - 6)).toBe(false);
      expect(leaves(desk, 20, FAIR_TICKS - 13)).toBe(true);
    });

    it("leave it for less once the venue asks less for it: two ticks instead of four", () => {
      const desk = patientDesk({ account: AGED });
      expect(leaves(desk, 1, FAIR_TICKS - 4)).toBe(false);
      expect(movesBid(desk, desk.wait(10_000))).toBe(true);
    });
  });

  it("come nearer to the market for less once the venue asks less for it", () => {
    const parameters = { requoteToleranceK: 1, quoteLifeMinMs: 250 };
    const desk = quotingDesk({ parameters, account: AGED });
    for (const { params } of desk.state.markets) params.jumpSigmas = 1e9;
    const moves = (effects: readonly Effect[]): boolean =>
      effects.some((effect) => effect.type === "amend" && effect.priceTicks > FAIR_TICKS - 40);
    // Off by three ticks, where two are 1/k: a young order waits for four.
    expect(moves([...sendBook(desk, 0, FAIR_TICKS + 3), ...desk.wait(3_000)])).toBe(false);
    expect(moves(desk.wait(10_000))).toBe(true);
  });

  it("reckon with the longer time that a stale quote then stands, and go back when the market is quiet", () => {
    const desk = quotingDesk({ parameters: RESTLESS, account: ONE_A_SECOND });
    amendmentsOf(desk, 60);
    desk.wait(120_000);
    expect(ownPace(desk).stretch).toBe(1);
  });

  it("have a side that is missing come back before one that stands is improved", () => {
    const desk = quotingDesk({ parameters: RESTLESS, account: AGED });
    amendmentsOf(desk, 120);
    const inst = instrumentOf(desk);
    expect(hasRoomFor(desk.engine, inst, "place", 0)).toBe(true);
    for (let i = 0; i < 60; i++) countRequest(desk.engine, inst, "place", 0);
    desk.send({ type: "feed", instrument: 0, status: "gap" });
    sendBook(desk, 0, FAIR_TICKS);
    expect(inst.slots.map(({ refusedFor }) => refusedFor)).toEqual(["ORDER_BUDGET", "ORDER_BUDGET"]);
    desk.wait(75_000);
    expect(inst.slots.map(({ clientId }) => clientId === undefined)).toEqual([false, false]);
  });
});
