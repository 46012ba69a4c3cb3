/** Whether an account's balances moved by what its fills say: each trade, and each fee in the asset that paid it. */
import { scaledToDecimal } from "../../../core/decimal.ts";
import type { VenueEvent } from "../../venue.ts";
import { atomsOf } from "../gateway/grid.ts";
import type { ExchangeId } from "../ports.ts";
import { CheckError } from "./check.ts";
import { ASSET_DECIMALS } from "./session.ts";
import type { Trial } from "./trial.ts";

/** Total atoms of each asset. */
export type Balances = ReadonlyMap<string, bigint>;

export type Fill = Extract<VenueEvent, { readonly type: "fill" }>;

type BalancesTold = Extract<VenueEvent, { readonly type: "balances" }>;

/** Digits that each venue keeps of a balance, at least: what is finer in a trade is rounded, once a fill and once a fee. */
const BALANCE_DECIMALS: { readonly [E in ExchangeId]: (asset: string) => number } = {
  binance: () => 8,
  okx: () => 8,
  // Its money is kept in four, what is no money in eight and more.
  kraken: (asset) => (["USD", "EUR", "GBP", "CAD", "AUD", "CHF"].includes(asset) ? 4 : 8),
};

export async function readBalances(trial: Trial): Promise<Balances> {
  return totalsOf(await trial.ask("balances"));
}

/**
 * By how much the base differs from what was there when balances were asked for first, in words, whatever was told of
 * fills; undefined where it does not.
 */
export async function baseMoved(trial: Trial): Promise<string | undefined> {
  const { base } = trial.definition;
  const isAnswer = (event: VenueEvent): event is BalancesTold =>
    event.type === "balances" && event.askedAtUs !== undefined;
  const first = trial.events.find(isAnswer);
  if (first === undefined) return undefined;
  const moved = ((await readBalances(trial)).get(base) ?? 0n) - (totalsOf(first).get(base) ?? 0n);
  if (moved === 0n) return undefined;
  return `the account has ${text(moved > 0n ? moved : -moved)} ${base} ${moved > 0n ? "more" : "less"} than before the first order`;
}

/** How both balances moved, and what of the base stays, in words. Throws a CheckError where the fills say otherwise. */
export async function compareBalances(
  trial: Trial,
  fills: readonly Fill[],
  before: Balances,
): Promise<string> {
  const { base, quote } = trial.definition;
  const after = await readBalances(trial);
  const expected = movesOf(trial, fills);
  const words = [base, quote].map((asset) => {
    const by = expected.get(asset) ?? 0n;
    const moved = (after.get(asset) ?? 0n) - (before.get(asset) ?? 0n);
    const off = moved > by ? moved - by : by - moved;
    const unit = 10n ** BigInt(ASSET_DECIMALS - BALANCE_DECIMALS[trial.exchange.id](asset));
    if (off > unit * BigInt(2 * fills.length))
      throw new CheckError(`${asset} moved by ${text(moved)}, and the fills say ${text(by)}`);
    return `${asset} moved by ${text(moved)}`;
  });
  return `${words.join(", ")}; ${keptOf(trial, fills) ?? `no ${base} of it stays`}`;
}

/** What of the base is there now that was not there before, in words; undefined: nothing. */
export function keptOf(trial: Trial, fills: readonly Fill[]): string | undefined {
  const { base } = trial.definition;
  const kept = movesOf(trial, fills).get(base) ?? 0n;
  return kept > 0n ? `${text(kept)} ${base} of it stays in the account` : undefined;
}

function totalsOf({ balances }: BalancesTold): Balances {
  return new Map(balances.map(({ asset, totalAtoms }) => [asset, totalAtoms]));
}

/** What base and quote move by; a fee that is paid in a third asset moves neither. */
function movesOf({ definition }: Trial, fills: readonly Fill[]): Map<string, bigint> {
  const { base, quote, lot, tick } = definition;
  const lotAtoms = atomsOf(lot, ASSET_DECIMALS).atoms;
  const tickAtoms = atomsOf(tick, ASSET_DECIMALS).atoms;
  const one = 10n ** BigInt(ASSET_DECIMALS);
  const sums = new Map([base, quote].map((asset) => [asset, 0n]));
  const add = (asset: string, atoms: bigint): void => {
    const sum = sums.get(asset);
    if (sum !== undefined) sums.set(asset, sum + atoms);
  };
  for (const { side, priceTicks, sizeLots, feeAsset, feeAtoms } of fills) {
    const sign = side === "buy" ? 1n : -1n;
    const size = BigInt(sizeLots) * lotAtoms;
    add(base, sign * size);
    add(quote, (-sign * BigInt(priceTicks) * tickAtoms * size) / one);
    add(feeAsset, -feeAtoms);
  }
  return sums;
}

export function text(atoms: bigint): string {
  return scaledToDecimal(atoms, ASSET_DECIMALS);
}
