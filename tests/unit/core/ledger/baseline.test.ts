import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Side } from "../../../../server/contract/units.ts";
import { read } from "../../../../server/core/ledger/attribution.ts";
import { valueOf } from "../../../../server/core/ledger/compensatedSum.ts";
import type { MarketState } from "../../../../server/core/state.ts";
import { viewDesk } from "../../../../server/core/view.ts";
import {
  BTC,
  coldDesk,
  fillOf,
  noticesIn,
  readyDesk,
  reconcile,
  sendBalances,
  sendBook,
  sendOpenOrders,
  type Desk,
  type FillBody,
  newCommandId,
} from "../../../support/desk.ts";

function marketOf(desk: Desk): MarketState {
  const [market] = desk.state.markets;
  if (market === undefined) throw new Error("no market");
  return market;
}

/** Moves the working stock so that so many lots more are inventory; gives the outcome's code. */
function moveBaseline(desk: Desk, lots: number, account = 0): string {
  const holding = desk.state.accounts[account]?.holdings.get("BTC");
  const baselineAtoms = (holding?.baselineAtoms ?? 0n) - BigInt(lots) * 1_000_000n;
  const command = { type: "setBaseline", account: `v${account}`, asset: "BTC", baselineAtoms } as const;
  const effects = desk.send({
    type: "command",
    commandId: newCommandId(),
    actor: "ann",
    reason: "test",
    command,
  });
  const ack = effects.find((effect) => effect.type === "acknowledge");
  if (ack?.type !== "acknowledge") throw new Error("not acknowledged");
  return ack.outcome.accepted ? "accepted" : ack.outcome.code;
}

function trade(
  desk: Desk,
  side: Side,
  lots: number,
  priceTicks: number,
  change: Partial<FillBody> = {},
): string[] {
  const account = change.account ?? 0;
  const theirs = { account, instrument: account, clientId: "", side, priceTicks };
  return noticesIn(desk.send(fillOf(theirs, lots, { clientId: undefined, ...change })));
}

/** The same quantity by three ledgers, in atoms. */
function quantities(desk: Desk): { inventory: bigint; position: bigint; attribution: bigint } {
  let inventory = 0n;
  for (const { holdings } of desk.state.accounts) {
    const holding = holdings.get("BTC");
    inventory += (holding?.balanceAtoms ?? 0n) - (holding?.baselineAtoms ?? 0n);
  }
  const { position, attribution } = marketOf(desk);
  const attributed = BigInt(Math.round(valueOf(attribution.quantityBase) * 1e8));
  return { inventory, position: position.quantityAtoms, attribution: attributed };
}

function expectAgreement(desk: Desk): void {
  const { inventory, position, attribution } = quantities(desk);
  expect([position, attribution]).toEqual([inventory, inventory]);
  const { inventoryBase } = marketOf(desk);
  expect(inventoryBase).toBe(Number(inventory) / 1e8);
}

/** Profit and loss by both books: of the position before fees, and of the attribution after them. */
function profits(desk: Desk): { position: number; attribution: number; fees: number } {
  const view = viewDesk(desk.engine).markets[0]?.position;
  const parts = read(marketOf(desk).attribution);
  if (view?.unrealised === undefined || parts === undefined) throw new Error("nothing is valued yet");
  return {
    position: view.realised + view.unrealised,
    attribution: parts.total,
    fees: parts.makerFees + parts.takerFees,
  };
}

describe("moving a baseline", () => {
  it.each([
    { name: "into a flat book", before: 0, lots: 300 },
    { name: "out of a flat book", before: 0, lots: -300 },
    { name: "on top of a long position", before: 200, lots: 300 },
    { name: "against a long position", before: 200, lots: -100 },
    { name: "so that a long position is flat", before: 200, lots: -200 },
    { name: "through a long position", before: 200, lots: -500 },
    { name: "through a short position", before: -200, lots: 500 },
    { name: "nowhere", before: 200, lots: 0 },
  ])("$name keeps position, attribution and inventory equal and earns nothing", ({ before, lots }) => {
    const desk = readyDesk({ venues: 2 });
    if (before !== 0) trade(desk, before > 0 ? "buy" : "sell", Math.abs(before), 9_900);
    sendBook(desk, 0, 10_050);
    const earned = profits(desk);
    expect(moveBaseline(desk, lots, 1)).toBe("accepted");
    expectAgreement(desk);
    expect(marketOf(desk).inventoryBase).toBeCloseTo((before + lots) / 100, 9);
    expect(profits(desk).position).toBeCloseTo(earned.position, 6);
    expect(profits(desk).attribution).toBeCloseTo(earned.attribution, 6);
  });

  it("gives what it brought in the price of that instant as its cost", () => {
    const desk = readyDesk();
    moveBaseline(desk, 300);
    expect(viewDesk(desk.engine).markets[0]?.position).toMatchObject({ averageCost: 100, unrealised: 0 });
    sendBook(desk, 0, 10_100);
    expect(profits(desk).position).toBeCloseTo(3, 9);
    expect(profits(desk).attribution).toBeCloseTo(3, 9);
  });

  it("is refused while no fair value says what it is worth, and changes nothing", () => {
    const desk = coldDesk();
    reconcile(desk, 0);
    expect(moveBaseline(desk, 300)).toBe("NO_FAIR_VALUE");
    expectAgreement(desk);
    expect(marketOf(desk).inventoryBase).toBe(0);
    sendBook(desk, 0);
    expect(profits(desk)).toMatchObject({ position: 0, attribution: 0 });
    expect(moveBaseline(desk, 300)).toBe("accepted");
  });

  it("does not quarrel with the venue's next balance", () => {
    const desk = readyDesk();
    moveBaseline(desk, 300);
    desk.send({ type: "account", account: 0, status: "up" });
    sendOpenOrders(desk, 0, []);
    sendBalances(desk, 0, 1_000n * BTC);
    expect(desk.state.accounts[0]?.status).toBe("READY");
  });
});

describe("a fee without a price", () => {
  it.each(["OUTSIDE", "XYZ"])(
    "in %s is raised, and its trade is booked everywhere all the same",
    (feeAsset) => {
      const priced = readyDesk();
      const unpriced = readyDesk();
      expect(trade(priced, "buy", 100, 9_900)).not.toContain("UNPRICED_FILL");
      expect(trade(unpriced, "buy", 100, 9_900, { feeAsset, feeAtoms: 5n })).toContain("UNPRICED_FILL");
      expectAgreement(unpriced);
      expect(profits(unpriced)).toEqual(profits(priced));
      expect(unpriced.state.counts).toMatchObject({ fills: 1, volumeReporting: 99 });
    },
  );

  it("of an asset of the desk without a rate leaves its own balance, and the trade is booked", () => {
    const desk = readyDesk({
      adjust: (config) => ({ ...config, assets: [...config.assets, { asset: "FEE", decimals: 8 }] }),
    });
    const balanceOf = () => desk.state.accounts[0]?.holdings.get("FEE")?.balanceAtoms;
    const before = balanceOf();
    const fee = { feeAsset: "FEE", feeAtoms: 7n } as const;
    expect(trade(desk, "sell", 100, 10_100, fee)).toContain("UNPRICED_FILL");
    expect(balanceOf()).toBe((before ?? 0n) - 7n);
    expectAgreement(desk);
    expect(profits(desk).position).toBeCloseTo(1, 9);
  });
});

describe("whatever happens", () => {
  const lots = fc.integer({ min: 1, max: 400 });
  const account = fc.constantFrom(0, 1);
  const action = fc.oneof(
    fc.record({
      do: fc.constant("trade" as const),
      side: fc.constantFrom<Side>("buy", "sell"),
      lots,
      ticks: fc.integer({ min: 9_800, max: 10_200 }),
      account,
      fee: fc.constantFrom(
        { feeAsset: "USD", feeAtoms: 1_234_567n },
        { feeAsset: "USD", feeAtoms: -765_432n },
        { feeAsset: "BTC", feeAtoms: 4_321n },
        { feeAsset: "OUTSIDE", feeAtoms: 99n },
      ),
    }),
    fc.record({ do: fc.constant("baseline" as const), lots: fc.integer({ min: -400, max: 400 }), account }),
    fc.record({ do: fc.constant("price" as const), ticks: fc.integer({ min: 9_900, max: 10_100 }), account }),
    fc.record({ do: fc.constant("transfer" as const), lots, account }),
  );

  it("the three ledgers agree to the atom, their profits to the fees, and a baseline earns nothing", () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 25 }), (actions) => {
        const desk = readyDesk({ venues: 2 });
        for (const [i, step] of actions.entries()) {
          const before = profits(desk);
          if (step.do === "trade")
            trade(desk, step.side, step.lots, step.ticks, { account: step.account, ...step.fee });
          else if (step.do === "price") sendBook(desk, step.account, step.ticks);
          else if (step.do === "baseline") moveBaseline(desk, step.lots, step.account);
          else {
            const amountAtoms = BigInt(step.lots) * 1_000_000n;
            const transfer = { transferId: `t${i}`, asset: "BTC", amountAtoms };
            desk.send({ type: "transfer", account: step.account, ...transfer });
          }
          expectAgreement(desk);
          const after = profits(desk);
          expect(after.position + after.fees).toBeCloseTo(after.attribution, 5);
          if (step.do === "baseline" || step.do === "transfer")
            expect(after.attribution).toBeCloseTo(before.attribution, 5);
        }
      }),
      { numRuns: 80 },
    );
  });
});
