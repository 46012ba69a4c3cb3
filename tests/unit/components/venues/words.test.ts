import { describe, expect, it } from "vitest";
import { DESK } from "../../../../app/system/gallery/samples.ts";
import { agreementText, breakRows, leftOutText, venueRows } from "../../../../components/venues/words.ts";
import type { AccountView, Break, DeskView } from "../../../../server/contract/views.ts";

const DUST: Break = {
  kind: "balance",
  what: "BTC",
  ours: "10",
  venue: "10.00000001",
  sinceUs: DESK.atUs - 90_000_000,
  seenTimes: 12,
  severity: "notice",
};

/** The desk with one account, changed. */
function deskOf(change: Partial<AccountView>): DeskView {
  const [account] = DESK.accounts;
  if (account === undefined) throw new Error("no account");
  return { ...DESK, accounts: [{ ...account, breaks: [], requests: undefined, ...change }] };
}

describe("a venue's row", () => {
  it("says how it stands, when it last agreed, how often it is compared, and what of its requests is used", () => {
    const requests = { scope: "weight", usedFrac: 0.42, silentUntilUs: undefined };
    const tradeReads = { everyMs: 90_909.09, readAtUs: DESK.atUs - 72_000_000 };
    const agreedAtUs = DESK.atUs - 2_000_000;
    const desk = deskOf({ agreedAtUs, reconcileEveryMs: 5_000, tradeReads, requests });
    expect(venueRows(desk)).toEqual([
      {
        account: "binance",
        name: "Binance",
        tone: "ok",
        status: "READY",
        agreed: "2.0 s ago",
        every: "every 5 s",
        trades: "every 91 s, 1 min 12 s ago",
        requests: {
          text: "42 % in use",
          tone: "quiet",
          title: "the fullest of the venue's request counters: weight",
        },
      },
    ]);
  });

  it.each([
    { change: { status: "NOT_READY" }, text: "NOT READY" },
    { change: { status: "RECONCILING" }, text: "RECONCILING" },
    { change: { status: "DEGRADED" }, text: "DEGRADED, no private stream" },
    { change: { status: "DEGRADED", halted: "the key" }, text: "DEGRADED, halted", tone: "danger" },
    { change: { status: "DEGRADED", brokenBy: "BTC" }, text: "DEGRADED, observe-only" },
  ])("shows $text in a colour that asks for attention", ({ change, text, tone = "attention" }) => {
    expect(venueRows(deskOf(change))[0]).toMatchObject({ status: text, tone });
  });

  it("shows a silence that the venue has ordered while it lasts, then the budget again", () => {
    const silent = (silentUntilUs: number) =>
      venueRows(deskOf({ requests: { scope: "rest", usedFrac: 0.7, silentUntilUs } }))[0]?.requests;
    expect(silent(DESK.atUs + 4_200_000)).toMatchObject({ text: "silent for 4.2 s", tone: "attention" });
    expect(silent(DESK.atUs)).toMatchObject({ text: "70 % in use", tone: "attention" });
  });

  it("shows what is not known as such", () => {
    expect(venueRows(deskOf({ agreedAtUs: undefined, tradeReads: undefined }))[0]).toMatchObject({
      agreed: "—",
      trades: "—",
      requests: { text: "—", title: "this venue's adapter counts no requests" },
    });
    const unread = deskOf({ tradeReads: { everyMs: 90_909, readAtUs: undefined } });
    expect(venueRows(unread)[0]?.trades).toBe("every 91 s, none yet");
  });
});

describe("the breaks", () => {
  it("carry both sides' figures, their age and how often they were seen", () => {
    expect(breakRows(deskOf({ breaks: [DUST] }))).toEqual([
      {
        key: "binance balance BTC",
        tone: "attention",
        severity: "no effect",
        venue: "Binance",
        what: "balance BTC",
        evidence: "venue 10.00000001 · ours 10",
        sinceUs: DUST.sinceUs,
        age: "1 min 30 s",
        seen: "seen 12 times",
      },
    ]);
  });

  it("begin with those that stop quoting", () => {
    const stops: Break = { ...DUST, what: "ETH", severity: "observe-only", seenTimes: 1 };
    expect(
      breakRows(deskOf({ breaks: [DUST, stops] })).map(({ what, tone, seen }) => [what, tone, seen]),
    ).toEqual([
      ["balance ETH", "danger", "seen once"],
      ["balance BTC", "attention", "seen 12 times"],
    ]);
  });

  it("name the orders that have no row", () => {
    expect(leftOutText(deskOf({}))).toBeUndefined();
    expect(leftOutText(deskOf({ ordersLeftOut: 7 }))).toBe("More orders that are not ours: 7 at Binance.");
  });
});

describe("no breaks", () => {
  it("means that everything ties out, once everything was compared", () => {
    expect(agreementText(deskOf({}))).toMatch(/^Everything ties out/);
    expect(agreementText(deskOf({ status: "RECONCILING" }))).toBe(
      "No difference is known. Not compared in full yet: Binance.",
    );
  });
});
