/** P&L over time, from the samples that the engine takes every ten seconds. Reporting currency, gains > 0. */
import type { PnlView } from "../../contract/lines.ts";
import type { Store } from "../client.ts";
import type { EquitySampleModel } from "../generated/models/EquitySample.ts";

/** As many as a wide chart has pixels; more are not seen. */
export const SERIES_POINTS_MAX = 2_000;

export interface SeriesRange {
  readonly fromUs: number;
  readonly toUs: number;
  /** At most so many samples, evenly spread: the last one of each interval. */
  readonly points: number;
}

export interface EquityPoint {
  readonly atUs: number;
  readonly reportingAsset: string;
  readonly netExposure: number;
  readonly grossExposure: number;
  readonly pnl: PnlView;
}

export interface MarketPoint {
  readonly atUs: number;
  readonly fair: number | undefined;
  readonly inventoryBase: number;
  readonly pnl: PnlView | undefined;
}

/** Oldest first; nothing stands for an interval without a sample. */
export async function readEquitySeries(store: Store, range: SeriesRange): Promise<EquityPoint[]> {
  const { from, to, step } = intervals(range);
  // One index look-up an interval, however many samples it has.
  const rows = await store.$queryRaw<EquityRow[]>`
    select sample.at_us as "atUs", sample.reporting_asset as "reportingAsset",
           sample.net_exposure as "netExposure", sample.gross_exposure as "grossExposure",
           sample.spread_capture as "spreadCapture", sample.maker_fees as "makerFees",
           sample.taker_fees as "takerFees", sample.hedging, sample.reducing, sample.inventory,
           sample.currency, sample.total
      from generate_series(${from}::bigint, ${to}::bigint - 1, ${step}::bigint) as start
     cross join lateral (
       select * from equity_sample
        where at_us >= start and at_us < least(start + ${step}::bigint, ${to}::bigint)
        order by at_us desc, epoch desc, seq desc, at desc limit 1) as sample
     order by sample.at_us`;
  return rows.map((row) => ({
    atUs: Number(row.atUs),
    reportingAsset: row.reportingAsset,
    netExposure: row.netExposure,
    grossExposure: row.grossExposure,
    pnl: toPnl(row),
  }));
}

/** The same of one market. */
export async function readMarketSeries(
  store: Store,
  market: string,
  range: SeriesRange,
): Promise<MarketPoint[]> {
  const { from, to, step } = intervals(range);
  const rows = await store.$queryRaw<MarketRow[]>`
    select sample.at_us as "atUs", part.fair, part.inventory_base as "inventoryBase",
           part.spread_capture as "spreadCapture", part.maker_fees as "makerFees",
           part.taker_fees as "takerFees", part.hedging, part.reducing, part.inventory,
           part.currency, part.total
      from generate_series(${from}::bigint, ${to}::bigint - 1, ${step}::bigint) as start
     cross join lateral (
       select epoch, seq, at, at_us from equity_sample
        where at_us >= start and at_us < least(start + ${step}::bigint, ${to}::bigint)
        order by at_us desc, epoch desc, seq desc, at desc limit 1) as sample
      join market_sample as part
        on part.epoch = sample.epoch and part.seq = sample.seq and part.at = sample.at
       and part.market = ${market}
     order by sample.at_us`;
  return rows.map((row) => ({
    atUs: Number(row.atUs),
    fair: row.fair ?? undefined,
    inventoryBase: row.inventoryBase,
    pnl: hasParts(row) ? toPnl(row) : undefined,
  }));
}

type Parts = { readonly [K in keyof PnlView]: number };

type EquityRow = Omit<EquitySampleModel, "epoch" | "seq" | "at">;

type MarketRow = { readonly [K in keyof PnlView]: number | null } & {
  readonly atUs: bigint;
  readonly fair: number | null;
  readonly inventoryBase: number;
};

function hasParts(row: MarketRow): row is MarketRow & Parts {
  return row.total !== null;
}

function toPnl(row: Parts): PnlView {
  const { spreadCapture, makerFees, takerFees, hedging, reducing, inventory, currency, total } = row;
  return { spreadCapture, makerFees, takerFees, hedging, reducing, inventory, currency, total };
}

function intervals({ fromUs, toUs, points }: SeriesRange): { from: bigint; to: bigint; step: bigint } {
  const count = Math.max(1, Math.min(Math.trunc(points), SERIES_POINTS_MAX));
  const step = Math.max(1, Math.ceil((toUs - fromUs) / count));
  return { from: BigInt(fromUs), to: BigInt(toUs), step: BigInt(step) };
}
