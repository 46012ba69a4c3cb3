import { describe, expect, it } from "vitest";
import {
  countRequest,
  requestsPerSecond,
  revisePace,
  type Pace,
} from "../../../../server/core/orders/pace.ts";
import { quotingDesk, readyDesk, sendBook, FAIR_TICKS, type Desk } from "../../../support/desk.ts";

const BUDGET = { account: { orderRequestsPerSecondMax: 10 } } as const;

function paceOf(desk: Desk): Pace {
  const pace = desk.state.accounts[0]?.pace;
  if (pace === undefined) throw new Error("there is an account");
  return pace;
}

/** So many requests a second for so many seconds, judged each second. */
function spend(desk: Desk, perSecond: number, seconds: number): Pace {
  const account = desk.state.accounts[0];
  if (account === undefined) throw new Error("there is an account");
  for (let second = 0; second < seconds; second++) {
    for (let i = 0; i < perSecond; i++) countRequest(account, desk.nowUs + (i * 1e6) / perSecond);
    desk.nowUs += 1_000_000;
    revisePace(desk.engine, account, desk.nowUs);
  }
  return account.pace;
}

describe("the pace of requests", () => {
  it("counts what is sent, averaged over ten seconds, and fades to nothing", () => {
    const desk = readyDesk(BUDGET);
    expect(requestsPerSecond(spend(desk, 5, 60))).toBeCloseTo(5, 0);
    expect(spend(desk, 0, 400).requests).toBe(0);
  });

  it("counts placements and amendments, not cancels", () => {
    const desk = quotingDesk(BUDGET);
    const before = paceOf(desk).requests;
    expect(before).toBeGreaterThan(0);
    const atUs = paceOf(desk).countedAtUs;
    desk.send({ type: "feed", instrument: 0, status: "gap" });
    expect([...desk.state.orders.values()].every(({ endedAtUs }) => endedAtUs !== undefined)).toBe(true);
    expect(paceOf(desk)).toMatchObject({ requests: before, countedAtUs: atUs });
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
    const account = { orderRequestsPerSecondMax: 1 };
    const free = amendmentsOf(quotingDesk({ parameters: RESTLESS }), 60);
    const desk = quotingDesk({ parameters: RESTLESS, account });
    const bound = amendmentsOf(desk, 60);
    expect(paceOf(desk).stretch).toBeGreaterThan(1);
    expect(bound).toBeLessThan(free / 2);
    expect(requestsPerSecond(paceOf(desk))).toBeLessThan(1.5);
  });

  it("reckon with the longer time that a stale quote then stands, and go back when the market is quiet", () => {
    const desk = quotingDesk({ parameters: RESTLESS, account: { orderRequestsPerSecondMax: 1 } });
    amendmentsOf(desk, 60);
    desk.wait(120_000);
    expect(paceOf(desk).stretch).toBe(1);
  });
});
