/** Self-trade prevention: what happens where an arriving order meets one of its own account. */
import { describe, expect, it, test } from "vitest";
import type { SelfTradeMode } from "../../../../server/lab/ports.ts";
import { ask, bid, brief, briefPublic, createVenue } from "./venue.ts";
import type { Venue } from "./venue.ts";

/** At 110: 20 lots of others, 5 of s1, 10 of others behind; at 111: 4 of s2, 50 of others. */
function market(): Venue {
  const venue = createVenue();
  venue.snapshot([100, 30], [110, 20, 112, 50]);
  venue.quote(ask("s1", 110, 5));
  venue.delta([], [110, 30]);
  venue.quote(ask("s2", 111, 4));
  return venue;
}

const open = (venue: Venue): string[] =>
  venue.exchange.openOrders(0).map((o) => `${o.clientId} ${o.filledLots}/${o.sizeLots}`);

interface Case {
  readonly mode: SelfTradeMode;
  readonly says: readonly string[];
  readonly open: readonly string[];
  readonly tape: readonly string[];
}

describe("an IOC order of 40 lots that meets two orders of its own", () => {
  const cases: Case[] = [
    {
      mode: "EXPIRE_TAKER",
      says: ["accepted x", "fill x 20@110 taker", "expired x filled 20"],
      open: ["s1 0/5", "s2 0/4"],
      tape: ["trade 20@110 buy"],
    },
    {
      mode: "EXPIRE_MAKER",
      says: [
        "accepted x",
        "expired s1 filled 0",
        "fill x 30@110 taker",
        "expired s2 filled 0",
        "fill x 10@112 taker",
      ],
      open: [],
      tape: ["trade 30@110 buy", "trade 10@112 buy"],
    },
    {
      mode: "EXPIRE_BOTH",
      says: ["accepted x", "expired s1 filled 0", "fill x 20@110 taker", "expired x filled 20"],
      open: ["s2 0/4"],
      tape: ["trade 20@110 buy"],
    },
    {
      mode: "DECREMENT",
      says: [
        "accepted x",
        "expired s1 filled 0",
        "amended x 35@112",
        "fill x 30@110 taker",
        "expired s2 filled 0",
        "amended x 31@112",
        "fill x 1@112 taker",
      ],
      open: [],
      tape: ["trade 30@110 buy", "trade 1@112 buy"],
    },
    {
      mode: "NONE",
      says: [
        "accepted x",
        "fill s1 5@110 maker",
        "fill x 5@110 taker",
        "fill x 30@110 taker",
        "fill s2 4@111 maker",
        "fill x 4@111 taker",
        "fill x 1@112 taker",
      ],
      open: [],
      tape: ["trade 35@110 buy", "trade 4@111 buy", "trade 1@112 buy"],
    },
  ];
  test.each(cases)("with $mode", ({ mode, says, open: left, tape }) => {
    const venue = market();
    expect(brief(venue.ioc(bid("x", 112, 40), { selfTrade: mode }))).toEqual(says);
    expect(open(venue)).toEqual(left);
    expect(briefPublic(venue.events()).slice(0, -1)).toEqual(tape);
  });
});

describe("a self-trade", () => {
  it("has one trade id on both orders, and the next trade another", () => {
    const venue = market();
    venue.ioc(bid("x", 110, 26), { selfTrade: "NONE" });
    const ids = venue.exchange.fills(0).map((fill) => `${fill.clientId} ${fill.tradeId}`);
    expect(ids).toEqual(["s1 1", "x 1", "x 3"]);
  });

  it("moves no money but its two fees", () => {
    const venue = createVenue({ fees: { makerFrac: 0.001, takerFrac: 0.002 } });
    venue.quote(ask("s1", 1_000, 3));
    const before = venue.balance("BTC");
    venue.ioc(bid("x", 1_000, 3), { selfTrade: "NONE" });
    expect(venue.balance("BTC")).toEqual({ total: before.total, held: 0n });
    expect(venue.balance("USDT")).toEqual({ total: 10n ** 15n - 9_000n, held: 0n });
  });
});

describe("decrementing", () => {
  it("leaves a larger resting order smaller, in its place, with a smaller hold", () => {
    const venue = createVenue({ fees: { makerFrac: 0 } });
    venue.snapshot([100, 30], [120, 1]);
    venue.quote(ask("s1", 110, 8));
    venue.quote(ask("s2", 110, 8));
    expect(brief(venue.ioc(bid("x", 110, 3), { selfTrade: "DECREMENT" }))).toEqual([
      "accepted x",
      "amended s1 5@110",
      "expired x filled 0",
    ]);
    expect(venue.balance("BTC").held).toBe(13n * 100_000n);
    expect(briefPublic(venue.events())).toEqual(["delta bids asks 110:13"]);
    expect(brief(venue.take("buy", 6))).toEqual(["fill s1 5@110 maker", "fill s2 1@110 maker"]);
  });

  it("lets what is left of a limit order rest", () => {
    const venue = createVenue({ fees: { makerFrac: 0 } });
    venue.snapshot([100, 30], [120, 1]);
    venue.quote(ask("s1", 110, 3));
    venue.limit(bid("x", 110, 8), { selfTrade: "DECREMENT" });
    expect(open(venue)).toEqual(["x 0/5"]);
    expect(venue.balance("USDT").held).toBe(110n * 5n * 1_000n);
  });
});
