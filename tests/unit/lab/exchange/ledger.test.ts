import { describe, expect, it } from "vitest";
import {
  createLedger,
  holdingOf,
  LEDGER_ENTRIES_MAX,
  LEDGER_PAGE_MAX,
  pageOf,
  post,
} from "../../../../server/lab/exchange/ledger.ts";
import type { Ledger } from "../../../../server/lab/exchange/ledger.ts";
import { ask, bid, createVenue } from "./venue.ts";

function ledgerOf(count: number): Ledger {
  const ledger = createLedger();
  for (let i = 1; i <= count; i++)
    post(ledger, { atUs: i * 10, asset: "BTC", kind: "deposit", amountAtoms: 1n, refId: `d${i}` });
  return ledger;
}

const idsOf = (...given: Parameters<typeof pageOf>): number[] => pageOf(...given).entries.map(({ id }) => id);

describe("the entries", () => {
  it("tell trade and fee of every fill with the balance after each", () => {
    const venue = createVenue({ fees: { takerFrac: 0.002 }, usdtAtoms: 5_000_000n, btcAtoms: 0n });
    venue.snapshot([999, 3], [1_000, 3]);
    venue.ioc(bid("x", 1_000, 3));
    const said = venue.exchange
      .ledger(0)
      .entries.map((e) => [
        e.id,
        e.atUs,
        e.kind,
        e.refId,
        e.instrument,
        e.asset,
        e.amountAtoms,
        e.balanceAtoms,
      ]);
    expect(said).toEqual([
      [1, 0, "deposit", "1", undefined, "USDT", 5_000_000n, 5_000_000n],
      [2, 2, "trade", "1", 0, "BTC", 300_000n, 300_000n],
      [3, 2, "trade", "1", 0, "USDT", -3_000_000n, 2_000_000n],
      [4, 2, "fee", "1", 0, "USDT", -6_000n, 1_994_000n],
    ]);
  });

  it("have one trade id for the four legs of a self-trade", () => {
    const venue = createVenue({ fees: { makerFrac: 0, takerFrac: 0 } });
    venue.quote(ask("s1", 1_000, 3));
    venue.ioc(bid("x", 1_000, 3), { selfTrade: "NONE" });
    const trades = venue.exchange.ledger(0).entries.filter(({ kind }) => kind === "trade");
    expect(trades.map(({ refId, amountAtoms }) => [refId, amountAtoms])).toEqual([
      ["1", -300_000n],
      ["1", 3_000_000n],
      ["1", 300_000n],
      ["1", -3_000_000n],
    ]);
  });

  it("are none for a change of nothing", () => {
    const ledger = ledgerOf(1);
    post(ledger, { atUs: 1, asset: "BTC", kind: "fee", amountAtoms: 0n, refId: "x" });
    expect(idsOf(ledger)).toEqual([1]);
  });
});

describe("a query", () => {
  it("gives what came after an id, oldest first, up to its limit", () => {
    expect(idsOf(ledgerOf(5), { afterId: 2 })).toEqual([3, 4, 5]);
    expect(idsOf(ledgerOf(5), { afterId: 2, limit: 2 })).toEqual([3, 4]);
    expect(idsOf(ledgerOf(5), { afterId: 5 })).toEqual([]);
  });

  it("gives what happened since an instant, that one included", () => {
    expect(idsOf(ledgerOf(5), { sinceUs: 40 })).toEqual([4, 5]);
    expect(idsOf(ledgerOf(5), { sinceUs: 20, afterId: 2, limit: 1 })).toEqual([3]);
  });

  it("never gives more than a page, and the next goes on from there", () => {
    const ledger = ledgerOf(LEDGER_PAGE_MAX + 5);
    const first = idsOf(ledger, { limit: 1e9 });
    expect(first).toHaveLength(LEDGER_PAGE_MAX);
    expect(idsOf(ledger, { afterId: first.at(-1) })).toHaveLength(5);
  });
});

describe("what is too old to be kept", () => {
  it("goes into the opening, and a query from before it is told of the hole", () => {
    const ledger = ledgerOf(LEDGER_ENTRIES_MAX + 3);
    const page = pageOf(ledger, { limit: 1 });
    expect(page.forgottenToId).toBe(3);
    expect(page.entries).toMatchObject([{ id: 4, refId: "d4" }]);
    expect(ledger.opening.get("BTC")).toBe(3n);
    expect(idsOf(ledger, { afterId: LEDGER_ENTRIES_MAX + 1 })).toEqual([
      LEDGER_ENTRIES_MAX + 2,
      LEDGER_ENTRIES_MAX + 3,
    ]);
    expect(holdingOf(ledger, "BTC").totalAtoms).toBe(BigInt(LEDGER_ENTRIES_MAX + 3));
  });
});
