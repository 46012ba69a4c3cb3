import type { BalanceLine } from "../../contract/lines.ts";
import type { Store } from "../client.ts";
import type { BalanceSampleModel } from "../generated/models/BalanceSample.ts";
import { lineBase } from "./page.ts";

/** The newest of every asset at every account; two index look-ups each, however long the history is. */
export async function readBalances(store: Store): Promise<BalanceLine[]> {
  const rows = await store.$queryRaw<BalanceSampleModel[]>`
    with recursive held as (
      (select account, asset from balance_sample order by account, asset limit 1)
      union all
      select next.account, next.asset from held cross join lateral (
        select account, asset from balance_sample
         where (account, asset) > (held.account, held.asset)
         order by account, asset limit 1) as next)
    select newest.epoch, newest.seq, newest.at, newest.at_us as "atUs", newest.account, newest.asset,
           newest.decimals, newest.balance_atoms as "balanceAtoms", newest.baseline_atoms as "baselineAtoms"
      from held cross join lateral (
        select * from balance_sample as sample
         where sample.account = held.account and sample.asset = held.asset
         order by epoch desc, seq desc, at desc limit 1) as newest
     order by newest.account, newest.asset`;
  return rows.map(toBalance);
}

function toBalance(row: BalanceSampleModel): BalanceLine {
  return {
    type: "balance",
    ...lineBase(row),
    account: row.account,
    asset: row.asset,
    decimals: row.decimals,
    balanceAtoms: BigInt(row.balanceAtoms.toFixed(0)),
    baselineAtoms: BigInt(row.baselineAtoms.toFixed(0)),
  };
}
