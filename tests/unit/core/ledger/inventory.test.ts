import { describe, expect, it } from "vitest";
import type { Effect } from "../../../../server/contract/effects.ts";
import { read } from "../../../../server/core/ledger/attribution.ts";
import {
  BTC,
  coldDesk,
  noticesIn,
  quotingDesk,
  readyDesk,
  reconcile,
  sendBalances,
  sendBook,
  type Desk,
} from "../../../support/desk.ts";

function transfer(desk: Desk, transferId: string, amountAtoms: bigint, asset = "BTC"): readonly Effect[] {
  return desk.send({ type: "transfer", account: 0, transferId, asset, amountAtoms });
}

function btcAt(desk: Desk, account = 0) {
  const holding = desk.state.accounts[account]?.holdings.get("BTC");
  if (holding === undefined) throw new Error("no holding of BTC");
  return holding;
}

function pnl(desk: Desk): number | undefined {
  const [market] = desk.state.markets;
  return market === undefined ? undefined : read(market.attribution)?.total;
}

describe("the working stock", () => {
  it("of one BTC at each venue is no inventory: both sides are quoted around fair value", () => {
    const desk = quotingDesk({ venues: 3, stockBtc: 3 });
    expect(desk.state.markets[0]?.inventoryBase).toBe(0);
    for (const { slots } of desk.state.instruments) {
      expect(slots.map(({ reason }) => reason)).toEqual([undefined, undefined]);
      const [bid = NaN, ask = NaN] = slots.map(({ wantedTicks }) => wantedTicks);
      expect((bid + ask) / 2).toBe(10_000);
    }
  });

  it("is the first balance that the venue tells, and is announced", () => {
    const desk = coldDesk();
    desk.send({ type: "account", account: 0, status: "up" });
    const effects = sendBalances(desk, 0, 3n * BTC);
    expect(effects).toContainEqual({
      type: "notice",
      code: "BASELINE",
      scope: "v0 BTC",
      text: "3 BTC is the working stock",
    });
    expect(btcAt(desk)).toMatchObject({ balanceAtoms: 3n * BTC, baselineAtoms: 3n * BTC, inventoryUnits: 0 });
  });

  it("is not moved by a later report", () => {
    const desk = readyDesk();
    sendBalances(desk, 0, 5n * BTC);
    expect(btcAt(desk).baselineAtoms).toBe(1_000n * BTC);
  });

  it("of an asset that the venue does not list is none", () => {
    const desk = coldDesk();
    desk.send({ type: "account", account: 0, status: "up" });
    desk.send({ type: "balances", account: 0, balances: [] });
    expect(btcAt(desk)).toMatchObject({ balanceAtoms: 0n, baselineAtoms: 0n });
  });
});

describe("a deposit or withdrawal", () => {
  it.each([
    { name: "deposit", amount: 2n * BTC },
    { name: "withdrawal", amount: -2n * BTC },
  ])("moves the stock, but no quote, no inventory and no profit: a $name", ({ amount }) => {
    const desk = quotingDesk();
    const before = desk.state.instruments.map(({ slots }) => structuredClone(slots));
    expect(noticesIn(transfer(desk, "d1", amount))).toEqual(["TRANSFER"]);
    expect(btcAt(desk)).toMatchObject({
      balanceAtoms: 1_000n * BTC + amount,
      baselineAtoms: 1_000n * BTC + amount,
      inventoryUnits: 0,
    });
    const later = desk
      .wait(500)
      .filter(({ type }) => type === "amend" || type === "cancel" || type === "place");
    expect(later).toEqual([]);
    expect(desk.state.instruments.map(({ slots }) => slots)).toEqual(before);
    expect(pnl(desk)).toBe(0);
  });

  it("is booked once by its id, at each account", () => {
    const desk = readyDesk({ venues: 2 });
    for (let i = 0; i < 2; i++) transfer(desk, "d1", BTC);
    desk.send({ type: "transfer", account: 1, transferId: "d1", asset: "BTC", amountAtoms: BTC });
    expect([btcAt(desk).balanceAtoms, btcAt(desk, 1).balanceAtoms]).toEqual([1_001n * BTC, 1_001n * BTC]);
  });

  it("before the first balance is in that balance, and not booked on top", () => {
    const desk = coldDesk();
    transfer(desk, "d1", BTC);
    sendBook(desk, 0);
    reconcile(desk, 0, { stockBtc: 4 });
    transfer(desk, "d1", BTC);
    expect(btcAt(desk)).toMatchObject({ balanceAtoms: 4n * BTC, baselineAtoms: 4n * BTC });
  });

  it("of an asset that the desk does not know changes nothing", () => {
    const desk = readyDesk();
    expect(transfer(desk, "a1", 5n, "AIRDROP")).toEqual([]);
  });

  it("agrees with the venue's next report", () => {
    const desk = readyDesk();
    transfer(desk, "d1", 2n * BTC);
    reconcile(desk, 0, { stockBtc: 1_002 });
    expect(desk.state.accounts[0]?.status).toBe("READY");
  });
});
