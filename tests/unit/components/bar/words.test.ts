import { describe, expect, it } from "vitest";
import { AUDIT, DESK } from "../../../../app/system/gallery/samples.ts";
import {
  cancelWords,
  countQuotes,
  lifts,
  stateSinceUs,
  stateTone,
  stopChoices,
  venueLights,
} from "../../../../components/bar/words.ts";
import { isCurrent } from "../../../../components/bar/isCurrent.ts";
import { TRADING_STATES } from "../../../../server/contract/tradingStates.ts";
import type { DeskView } from "../../../../server/contract/views.ts";

const [binance, okx, kraken] = DESK.accounts;

function withAccount(change: Partial<DeskView["accounts"][number]>): DeskView {
  if (okx === undefined) throw new Error("the sample has three accounts");
  return { ...DESK, accounts: DESK.accounts.map((one) => (one === okx ? { ...one, ...change } : one)) };
}

describe("what a stop says it will do", () => {
  it("counts the orders that are there", () => {
    expect(countQuotes(DESK)).toEqual({ orders: 9, venues: 3 });
    expect(countQuotes(DESK, (account) => account === "kraken")).toEqual({ orders: 2, venues: 1 });
    expect(countQuotes(DESK, (_, market) => market === "BTC")).toEqual({ orders: 4, venues: 2 });
    expect(countQuotes(undefined)).toEqual({ orders: 0, venues: 0 });
  });

  it("is a sentence for none, one and many", () => {
    expect(cancelWords({ orders: 0, venues: 0 })).toBe("no orders rest; positions stay");
    expect(cancelWords({ orders: 1, venues: 1 })).toBe("cancel 1 order on 1 venue; positions stay");
    expect(cancelWords({ orders: 36, venues: 3 })).toBe("cancel 36 orders on 3 venues; positions stay");
  });

  it("offers the desk, every venue and every market, widest first", () => {
    expect(stopChoices(DESK).map(({ label }) => label)).toEqual([
      "Stop everything",
      "Pause the desk",
      "Only reduce",
      "Stop Binance",
      "Stop OKX",
      "Stop Kraken",
      "Pause BTC",
      "Pause ETH",
    ]);
  });

  it("offers the desk's stop even when nothing is known of the desk", () => {
    expect(stopChoices(undefined)[0]).toMatchObject({ scope: { level: "desk" }, state: "KILLED" });
  });
});

describe("the way back", () => {
  it("is not there while everything is active", () => {
    expect(lifts(DESK)).toEqual([]);
    expect(lifts(undefined)).toEqual([]);
  });

  it("arms what is latched and resumes what is not", () => {
    const desk: DeskView = { ...withAccount({ state: "PAUSED" }), state: "KILLED" };
    expect(lifts(desk).map(({ label, state }) => [label, state])).toEqual([
      ["Arm the desk", "KILLED"],
      ["Resume OKX", "PAUSED"],
    ]);
  });
});

describe("the lights", () => {
  it("have a word for everything that is not right", () => {
    expect(venueLights(DESK).map(({ tone, text }) => [tone, text])).toEqual([
      ["ok", ""],
      ["ok", ""],
      ["attention", "reconciling"],
    ]);
    expect(venueLights(withAccount({ state: "KILLED" }))[1]).toMatchObject({
      tone: "danger",
      text: "KILLED",
    });
    expect(venueLights(withAccount({ status: "DEGRADED", halted: "the key" }))[1]).toMatchObject({
      tone: "danger",
      text: "halted",
    });
    expect(venueLights(withAccount({ status: "DEGRADED", brokenBy: "BTC 1" }))[1]).toMatchObject({
      text: "break",
    });
  });

  it("show the age of a feed that falls silent, and the lack of one", () => {
    const aged = (channelAgeMs: number | undefined): DeskView => ({
      ...DESK,
      markets: DESK.markets.map((market) => ({
        ...market,
        instruments: market.instruments.map((one) => ({ ...one, channelAgeMs })),
      })),
    });
    expect(venueLights(aged(1_240))[0]).toMatchObject({ tone: "attention", text: "1.2 s" });
    expect(venueLights(aged(undefined))[0]).toMatchObject({ tone: "attention", text: "no feed" });
    expect([binance?.status, kraken?.status]).toEqual(["READY", "RECONCILING"]);
  });

  it("are loud for a latched desk only", () => {
    expect(TRADING_STATES.filter((state) => stateTone(state) === "danger")).toEqual(["DISARMED", "KILLED"]);
  });
});

describe("since when the desk is in its state", () => {
  const [armed] = AUDIT;
  if (armed === undefined) throw new Error("the sample has no line of the desk's state");
  const paused = { ...armed, atUs: armed.atUs + 5, before: "ACTIVE", after: "PAUSED" } as const;
  const ofVenue = { ...paused, atUs: armed.atUs + 9, scope: "okx" };
  const started = { epoch: 1, startedAtUs: 1 };
  const later = { epoch: 7, startedAtUs: 2 };

  it.each([
    { name: "its last change", state: "PAUSED", audit: [armed, paused, ofVenue], sinceUs: paused.atUs },
    {
      name: "nothing while the change to it is not told",
      state: "PAUSED",
      audit: [armed],
      sinceUs: undefined,
    },
    { name: "nothing where an earlier run was killed", state: "KILLED", audit: [], sinceUs: undefined },
    { name: "nothing where an earlier run was disarmed", state: "DISARMED", audit: [], sinceUs: undefined },
    { name: "nothing before any line is there", state: "ACTIVE", audit: undefined, sinceUs: undefined },
  ] as const)("is $name", ({ state, audit, sinceUs }) => {
    expect(stateSinceUs(state, audit, later)).toBe(sinceUs);
  });

  it("is the start of its first run, which begins disarmed", () => {
    expect(stateSinceUs("DISARMED", [], started)).toBe(started.startedAtUs);
    expect(stateSinceUs("KILLED", [], started)).toBeUndefined();
    expect(stateSinceUs("DISARMED", [], undefined)).toBeUndefined();
  });
});

describe("the page that is open", () => {
  it.each([
    { href: "/", path: "/", expected: true },
    { href: "/", path: "/market", expected: false },
    { href: "/market", path: "/market/BTC", expected: true },
    { href: "/market", path: "/marketing", expected: false },
  ])("$href is current at $path: $expected", ({ href, path, expected }) => {
    expect(isCurrent(href, path)).toBe(expected);
  });
});
