import { describe, expect, it, test } from "vitest";
import { UserError } from "../../../../server/contract/errors.ts";
import { WITHDRAWALS_MAX } from "../../../../server/lab/exchange/treasury.ts";
import { ask, ATOMS_PER_LOT, brief, createVenue } from "./venue.ts";
import type { Venue } from "./venue.ts";

/** 5 lots of BTC, of which an order holds 2. */
function heldMarket(): Venue {
  const venue = createVenue({ btcAtoms: 5n * ATOMS_PER_LOT, twoAccounts: true });
  venue.snapshot([999, 1], [1_002, 1]);
  venue.quote(ask("s1", 1_001, 2));
  return venue;
}

const idOf = (outcome: ReturnType<Venue["exchange"]["requestWithdrawal"]>): string =>
  outcome.ok ? outcome.id : `refused: ${outcome.reason}`;
const kinds = (venue: Venue, account = 0): string[] =>
  venue.exchange
    .ledger(account)
    .entries.map(({ kind, asset, amountAtoms }) => `${kind} ${amountAtoms} ${asset}`);

describe("a deposit", () => {
  it("is free at once and stands in the ledger at the instant of the last call, or at its own", () => {
    const venue = heldMarket();
    venue.exchange.deposit(0, "BTC", 7n);
    venue.exchange.deposit(0, "BTC", 8n, 99);
    expect(venue.balance("BTC")).toEqual({ total: 5n * ATOMS_PER_LOT + 15n, held: 2n * ATOMS_PER_LOT });
    expect(venue.exchange.ledger(0).entries.slice(-2)).toMatchObject([
      { kind: "deposit", atUs: 2, amountAtoms: 7n },
      { kind: "deposit", atUs: 99, amountAtoms: 8n },
    ]);
  });

  it("that is negative leaves at once, up to what is free", () => {
    const venue = heldMarket();
    expect(() => venue.exchange.deposit(0, "BTC", -3n * ATOMS_PER_LOT - 1n)).toThrow(UserError);
    expect(venue.balance("BTC").total).toBe(5n * ATOMS_PER_LOT);
    venue.exchange.deposit(0, "BTC", -3n * ATOMS_PER_LOT);
    expect(venue.balance("BTC").total).toBe(2n * ATOMS_PER_LOT);
    expect(kinds(venue).at(-1)).toBe("withdrawal -300000 BTC");
  });

  it("of an asset that the configuration does not know is refused", () => {
    const { exchange } = createVenue();
    expect(() => exchange.deposit(0, "DOGE", 1n)).toThrow(/no asset DOGE/);
  });
});

describe("a withdrawal", () => {
  it("is set aside when it is asked for and leaves when it is done", () => {
    const venue = heldMarket();
    const before = kinds(venue);
    const id = idOf(venue.exchange.requestWithdrawal(0, "BTC", 3n * ATOMS_PER_LOT, 10));
    expect(venue.balance("BTC")).toEqual({ total: 5n * ATOMS_PER_LOT, held: 5n * ATOMS_PER_LOT });
    expect(kinds(venue)).toEqual(before);
    expect(venue.exchange.withdrawals(0)).toMatchObject([{ withdrawalId: id, status: "PENDING" }]);
    venue.exchange.endWithdrawal(0, id, "DONE", 20);
    expect(venue.balance("BTC")).toEqual({ total: 2n * ATOMS_PER_LOT, held: 2n * ATOMS_PER_LOT });
    expect(venue.exchange.ledger(0).entries.at(-1)).toMatchObject({
      kind: "withdrawal",
      atUs: 20,
      amountAtoms: -3n * ATOMS_PER_LOT,
      refId: id,
    });
    expect(venue.exchange.withdrawals(0)).toMatchObject([
      { status: "DONE", requestedAtUs: 10, endedAtUs: 20 },
    ]);
  });

  it("cannot be traded with while it is pending, and can be again when it is canceled", () => {
    const venue = heldMarket();
    const id = idOf(venue.exchange.requestWithdrawal(0, "BTC", 3n * ATOMS_PER_LOT, 10));
    expect(brief(venue.quote(ask("s2", 1_001, 1)))).toEqual(["rejected s2 INSUFFICIENT_FUNDS"]);
    venue.exchange.endWithdrawal(0, id, "CANCELED", 20);
    expect(brief(venue.quote(ask("s3", 1_001, 3)))).toEqual(["accepted s3"]);
    expect(kinds(venue).some((said) => said.startsWith("withdrawal"))).toBe(false);
  });

  it("ends once", () => {
    const venue = heldMarket();
    const id = idOf(venue.exchange.requestWithdrawal(0, "BTC", ATOMS_PER_LOT, 10));
    expect(venue.exchange.endWithdrawal(0, id, "DONE", 20)?.status).toBe("DONE");
    expect(venue.exchange.endWithdrawal(0, id, "CANCELED", 30)).toBeUndefined();
    expect(venue.exchange.endWithdrawal(0, "no such", "DONE", 30)).toBeUndefined();
    expect(venue.balance("BTC")).toEqual({ total: 4n * ATOMS_PER_LOT, held: 2n * ATOMS_PER_LOT });
  });

  const refusals = [
    {
      name: "an atom more than is free",
      asset: "BTC",
      atoms: 3n * ATOMS_PER_LOT + 1n,
      reason: "INSUFFICIENT_FUNDS",
    },
    { name: "an asset that the account has not", asset: "DOGE", atoms: 1n, reason: "UNKNOWN_ASSET" },
    { name: "nothing", asset: "BTC", atoms: 0n, reason: "BAD_AMOUNT" },
    { name: "less than nothing", asset: "BTC", atoms: -1n, reason: "BAD_AMOUNT" },
  ];
  test.each(refusals)("of $name is refused, and so is a transfer", ({ asset, atoms, reason }) => {
    const venue = heldMarket();
    const before = venue.exchange.balances(0);
    expect(venue.exchange.requestWithdrawal(0, asset, atoms, 10)).toEqual({ ok: false, reason });
    expect(venue.exchange.transfer(0, 1, asset, atoms, 10)).toEqual({ ok: false, reason });
    expect(venue.exchange.balances(0)).toEqual(before);
    expect(venue.exchange.withdrawals(0)).toEqual([]);
  });

  it("is refused while too many are pending, and forgets the oldest that ended to make room", () => {
    const { exchange } = createVenue();
    const ids = Array.from({ length: WITHDRAWALS_MAX }, () =>
      idOf(exchange.requestWithdrawal(0, "BTC", 1n, 1)),
    );
    expect(exchange.requestWithdrawal(0, "BTC", 1n, 2)).toEqual({ ok: false, reason: "TOO_MANY_PENDING" });
    exchange.endWithdrawal(0, ids[1] ?? "", "DONE", 3);
    expect(exchange.requestWithdrawal(0, "BTC", 1n, 4).ok).toBe(true);
    const left = exchange.withdrawals(0).map(({ withdrawalId }) => withdrawalId);
    expect(left).toHaveLength(WITHDRAWALS_MAX);
    expect(left).not.toContain(ids[1]);
  });
});

describe("a transfer", () => {
  it("leaves one account and joins the other under one reference", () => {
    const venue = heldMarket();
    const id = idOf(venue.exchange.transfer(0, 1, "BTC", 3n * ATOMS_PER_LOT, 10));
    expect(kinds(venue).at(-1)).toBe("transfer -300000 BTC");
    expect(kinds(venue, 1)).toEqual(["transfer 300000 BTC"]);
    const refs = [0, 1].map((account) => venue.exchange.ledger(account).entries.at(-1)?.refId);
    expect(refs).toEqual([id, id]);
    expect(venue.exchange.balances(1)).toEqual([{ asset: "BTC", totalAtoms: 300_000n, heldAtoms: 0n }]);
  });
});
