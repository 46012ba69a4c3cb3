/** The venue's balances against ours, asset by asset. */
import type { Effect } from "../../contract/effects.ts";
import type { BalancesEvent } from "../../contract/events.ts";
import { scaledToDecimal } from "../decimal.ts";
import { openHolding } from "../ledger/inventory.ts";
import type { AccountState, Engine } from "../state.ts";
import type { Difference } from "./breaks.ts";

/** Assets of an account that nobody trades: the first so many. */
const ELSEWHERE_MAX = 200;

export interface BalanceComparison {
  readonly differences: readonly Difference[];
  /** Assets traded there that differ by more than a lot. */
  readonly beyondLot: ReadonlySet<string>;
}

/** The first balance of an asset is taken over; from then on ours moves with our fills and transfers alone. */
export function compareBalances(
  engine: Engine,
  account: AccountState,
  { balances, elsewhere }: BalancesEvent,
  out: Effect[],
): BalanceComparison {
  const reported = new Map(balances.map((balance) => [balance.asset, balance.totalAtoms]));
  const differences: Difference[] = [];
  const beyondLot = new Set<string>();
  for (const holding of account.holdings.values()) {
    const { asset, balanceAtoms, decimals } = holding;
    const total = reported.get(asset) ?? 0n;
    if (balanceAtoms === undefined) openHolding(engine, account.index, holding, total, out);
    if (balanceAtoms === undefined || total === balanceAtoms) continue;
    const isBeyond = exceedsOneLot(engine, account, asset, total - balanceAtoms);
    if (isBeyond) beyondLot.add(asset);
    differences.push({
      what: asset,
      ours: scaledToDecimal(balanceAtoms, decimals),
      venue: scaledToDecimal(total, decimals),
      isTold: isBeyond,
    });
  }
  if (elsewhere !== undefined) differences.push(...compareElsewhere(account, elsewhere));
  return { differences, beyondLot };
}

/** Airdrops, interest, a hand in the same account: nothing of ours, and good to know. */
function compareElsewhere(
  account: AccountState,
  elsewhere: NonNullable<BalancesEvent["elsewhere"]>,
): Difference[] {
  const reported = new Map(
    elsewhere.slice(0, ELSEWHERE_MAX).map(({ asset, total }) => [asset, plainDecimal(total)]),
  );
  account.elsewhere ??= reported;
  const known = account.elsewhere;
  return [...new Set([...known.keys(), ...reported.keys()])].flatMap((asset) => {
    const [ours = "0", venue = "0"] = [known.get(asset), reported.get(asset)];
    return ours === venue ? [] : [{ what: asset, ours, venue, isTold: false }];
  });
}

/** "1.50" and "1.5" are one total; what is no plain decimal is compared as it is written. */
function plainDecimal(text: string): string {
  return /^\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, "") : text;
}

/** More than one lot of a traded base asset, or more than a lot's worth of a quote asset. */
function exceedsOneLot(
  engine: Engine,
  account: AccountState,
  asset: string,
  differenceAtoms: bigint,
): boolean {
  const size = differenceAtoms < 0n ? -differenceAtoms : differenceAtoms;
  return engine.state.instruments.some((inst) => {
    if (inst.account !== account.index) return false;
    if (inst.definition.base === asset) return size > inst.baseAtomsPerLot;
    if (inst.definition.quote !== asset) return false;
    return size > BigInt(inst.external.askTicks ?? 1) * inst.quoteAtomsPerTickLot;
  });
}
