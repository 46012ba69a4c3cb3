import type { Store } from "../client.ts";

/** How long an instrument was quoted on both sides, of the time that was watched. */
export interface UptimeShare {
  readonly account: string;
  readonly symbol: string;
  readonly twoSidedUs: number;
  readonly watchedUs: number;
}

/** Intervals count with what of them lies in the range. One that has not ended yet is not recorded yet. */
export async function readUptime(
  store: Store,
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
): Promise<UptimeShare[]> {
  const [from, to] = [BigInt(fromUs), BigInt(toUs)];
  const rows = await store.$queryRaw<Row[]>`
    select account, symbol,
           coalesce(sum(part) filter (where two_sided), 0)::bigint as "twoSidedUs",
           sum(part)::bigint as "watchedUs"
      from (select account, symbol, two_sided,
                   least(to_us, ${to}::bigint) - greatest(from_us, ${from}::bigint) as part
              from uptime_interval
             where to_us > ${from}::bigint and from_us < ${to}::bigint) as clipped
     group by account, symbol
     order by account, symbol`;
  return rows.map(({ account, symbol, twoSidedUs, watchedUs }) => ({
    account,
    symbol,
    twoSidedUs: Number(twoSidedUs),
    watchedUs: Number(watchedUs),
  }));
}

interface Row {
  readonly account: string;
  readonly symbol: string;
  readonly twoSidedUs: bigint;
  readonly watchedUs: bigint;
}
