/** The money of the venue, kept naively from what it was asked and what it said: every balance, hold, fee and ledger. */
import { expect } from "vitest";
import type { Side } from "../../../server/contract/units.ts";
import { rateOf } from "../../../server/lab/exchange/money.ts";
import type { LedgerEntry, PrivateReport } from "../../../server/lab/ports.ts";
import { ATOMS_PER_LOT, ATOMS_PER_TICK_LOT } from "../../unit/lab/exchange/venue.ts";
import type { Venue, VenueSetup } from "../../unit/lab/exchange/venue.ts";
import type { Step } from "./steps.ts";

type FillReport = Extract<PrivateReport, { type: "fill" }>;
const PARTS = 10n ** 12n;

/** What the hold of a resting order depends on. */
export interface HeldOrder {
  readonly id: string;
  readonly side: Side;
  readonly price: number;
  readonly size: number;
  readonly filled: number;
}

const roundUp = (numerator: bigint, denominator: bigint): bigint => {
  const whole = numerator / denominator;
  return whole * denominator < numerator ? whole + 1n : whole;
};

export function createMoneyModel(venue: Venue, terms: VenueSetup) {
  const fees = { makerFrac: 0, takerFrac: 0, paidIn: "quote", ...terms.fees };
  const opening = { USDT: terms.usdtAtoms ?? 0n, BTC: terms.btcAtoms ?? 0n, BNB: terms.bnbAtoms ?? 0n };
  const totals = [new Map(Object.entries(opening)), new Map<string, bigint>()];
  const pending = new Map<string, { asset: string; atoms: bigint }>();
  const fee = new Map<string, { parts: bigint; paid: bigint }>();
  const summed = [new Map<string, bigint>(), new Map<string, bigint>()];
  const read = [0, 0];
  let volume = 0n;
  let bnbMidTicks: number | undefined;

  const add = (account: number, asset: string, atoms: bigint): void =>
    void totals[account]?.set(asset, (totals[account].get(asset) ?? 0n) + atoms);
  const feeOf = (id: string) => fee.get(id) ?? { parts: 0n, paid: 0n };
  const free = (asset: string): bigint => {
    const { total = 0n, held = 0n } = venue.balance(asset);
    return total - held;
  };

  function rate(liquidity: "maker" | "taker"): bigint {
    const key = liquidity === "maker" ? "makerFrac" : "takerFrac";
    const reached = (fees.tiers?.steps ?? []).filter((s) => volume >= BigInt(Number(s.volumeMin) * 1e8));
    return rateOf((reached.at(-1) ?? fees)[key]);
  }

  /** Pays in BNB while it can, else once rounded up over all fills of the order. */
  function charge(fill: FillReport, value: bigint, freeBnbAtoms: bigint): { asset: string; atoms: bigint } {
    const charged = rate(fill.liquidity);
    if (fees.thirdAsset !== undefined && bnbMidTicks !== undefined) {
      const kept = charged > 0n ? value * charged * 3n : value * charged * 4n;
      const atomsPerLot = BigInt(bnbMidTicks * 2) * ATOMS_PER_TICK_LOT;
      const atoms = roundUp(kept * 2n * ATOMS_PER_LOT, 4n * PARTS * atomsPerLot);
      if (atoms <= 0n || atoms <= freeBnbAtoms) return { asset: "BNB", atoms };
    }
    const inBase = fees.paidIn === "received" && fill.side === "buy";
    const { parts, paid } = feeOf(fill.clientId);
    const now = parts + (inBase ? BigInt(fill.sizeLots) * ATOMS_PER_LOT : value) * charged;
    fee.set(fill.clientId, { parts: now, paid: roundUp(now, PARTS) });
    return { asset: inBase ? "BTC" : "USDT", atoms: roundUp(now, PARTS) - paid };
  }

  function hold(order: HeldOrder): bigint {
    const remaining = BigInt(order.size - order.filled);
    if (order.side === "sell") return remaining * ATOMS_PER_LOT;
    const value = BigInt(order.price) * remaining * ATOMS_PER_TICK_LOT;
    if (fees.paidIn === "received") return value;
    const { parts, paid } = feeOf(order.id);
    const most = roundUp(parts + value * rateOf(fees.makerFrac), PARTS) - paid;
    return most > 0n ? value + most : value;
  }

  return {
    /** What a market buy that walks so much value must have free. */
    marketCost: (value: bigint): bigint =>
      fees.paidIn === "received" ? value : value + roundUp(value * rateOf(fees.takerFrac), PARTS),
    free,

    /** Does what is not trading, with the outcome that it must have. */
    treasury(s: Step): void {
      const { exchange } = venue;
      if (s.do === "bnb") {
        venue.priceBnb(s.bid, s.bid + 1);
        bnbMidTicks = s.bid + 0.5;
      }
      if (s.do === "deposit") {
        const act = (): void => exchange.deposit(0, s.asset, s.atoms);
        if (free(s.asset) + s.atoms < 0n) return expect(act).toThrow(/free atoms/);
        act();
        add(0, s.asset, s.atoms);
      }
      if (s.do === "withdraw") {
        const fits = s.atoms > 0n && s.atoms <= free(s.asset);
        const asked = exchange.requestWithdrawal(0, s.asset, s.atoms, venue.now());
        expect(asked.ok, "a withdrawal is taken exactly when it is free").toBe(fits);
        if (asked.ok) pending.set(asked.id, { asset: s.asset, atoms: s.atoms });
      }
      if (s.do === "settle") {
        const [id, asked] = [...pending][s.at % Math.max(1, pending.size)] ?? ["none"];
        const ended = exchange.endWithdrawal(0, id, s.done ? "DONE" : "CANCELED", venue.now());
        expect(ended?.amountAtoms).toBe(asked?.atoms);
        if (asked !== undefined && s.done) add(0, asked.asset, -asked.atoms);
        pending.delete(id);
      }
      if (s.do === "transfer") {
        const to = 1 - s.from;
        const has = s.from === 0 ? free(s.asset) : (totals[1]?.get(s.asset) ?? 0n);
        const moved = exchange.transfer(s.from, to, s.asset, s.atoms, venue.now());
        expect(moved.ok, "a transfer goes exactly when it is free").toBe(s.atoms > 0n && s.atoms <= has);
        if (!moved.ok) return;
        add(s.from, s.asset, -s.atoms);
        add(to, s.asset, s.atoms);
      }
    },

    /** A fill moves its price times its size, and the fee that the terms say. */
    fill(fill: FillReport): void {
      const value = BigInt(fill.priceTicks * fill.sizeLots) * ATOMS_PER_TICK_LOT;
      const sign = fill.side === "buy" ? 1n : -1n;
      let heldBnb = 0n;
      for (const { asset, atoms } of pending.values()) if (asset === "BNB") heldBnb += atoms;
      const due = charge(fill, value, (totals[0]?.get("BNB") ?? 0n) - heldBnb);
      expect({ asset: fill.feeAsset, atoms: fill.feeAtoms }, `the fee of ${fill.clientId}`).toEqual(due);
      add(0, "BTC", sign * BigInt(fill.sizeLots) * ATOMS_PER_LOT);
      add(0, "USDT", -sign * value);
      add(0, due.asset, -due.atoms);
      volume += value;
    },

    check(open: readonly HeldOrder[]): void {
      const held = new Map<string, bigint>();
      const addHeld = (asset: string, atoms: bigint): void =>
        void held.set(asset, (held.get(asset) ?? 0n) + atoms);
      for (const order of open) addHeld(order.side === "buy" ? "USDT" : "BTC", hold(order));
      for (const { asset, atoms } of pending.values()) addHeld(asset, atoms);
      for (const account of [0, 1]) {
        followLedger(venue.exchange.ledger(account, { afterId: read[account] }).entries, account);
        for (const { asset, totalAtoms, heldAtoms } of venue.exchange.balances(account)) {
          expect(totalAtoms, `${asset} of account ${account}`).toBe(totals[account]?.get(asset) ?? 0n);
          expect(heldAtoms, `held ${asset}`).toBe(account === 0 ? (held.get(asset) ?? 0n) : 0n);
          expect(totalAtoms >= heldAtoms, `${asset} is never overdrawn`).toBe(true);
          expect(summed[account]?.get(asset) ?? 0n, `the ledger sums to ${asset}`).toBe(totalAtoms);
        }
      }
    },
  };

  function followLedger(entries: readonly LedgerEntry[], account: number): void {
    for (const { id, asset, amountAtoms, balanceAtoms } of entries) {
      expect(id, "ids have no gaps").toBe((read[account] ?? 0) + 1);
      read[account] = id;
      const now = (summed[account]?.get(asset) ?? 0n) + amountAtoms;
      summed[account]?.set(asset, now);
      expect(balanceAtoms, "each entry says the balance after it").toBe(now);
    }
  }
}
