/** What one model made of one tape. */
import type { PnlView } from "../../../contract/lines.ts";
import type { QuotingModel } from "../../../contract/params/model.ts";
import { viewEstimates } from "../../../core/estimatesView.ts";
import type { RandomStream } from "../../../lab/random.ts";
import { runBacktest, type Backtest } from "../../backtest.ts";
import type { Scenario } from "../../scenario.ts";
import { bootstrapSum } from "../bootstrap.ts";
import type { Interval } from "../study.ts";

export const MARKOUTS_S = [1, 5, 30] as const;

export interface Outcome {
  readonly model: QuotingModel;
  readonly pnl: PnlView;
  readonly interval: Interval | undefined;
  /** P&L of each block of time. */
  readonly blocks: readonly number[];
  readonly inventoryRms: number;
  readonly maxDrawdown: number;
  readonly orders: number;
  readonly fills: number;
  readonly turnover: number;
  readonly uptime: number;
  /** Mean over fills, in bps, maker-signed; undefined without fills that old. */
  readonly markoutsBps: readonly (number | undefined)[];
  readonly path: readonly { readonly atUs: number; readonly total: number }[];
}

export interface OutcomeOptions {
  readonly model: QuotingModel;
  readonly blockS: number;
  /** Of the bootstrap: the same for every model, so that the same blocks are drawn. */
  readonly random: RandomStream;
  readonly onProgress: (seconds: number) => void;
}

export async function outcomeOf(scenario: Scenario, options: OutcomeOptions): Promise<Outcome> {
  const { model, blockS, random, onProgress } = options;
  const backtest = await runBacktest(scenario, {
    onProgress: (nowUs) => onProgress(Math.max(0, (nowUs - scenario.fromUs) / 1e6)),
  });
  const { result, observer } = backtest;
  const path = observer.samplesUntilNow().map(({ atUs, pnl }) => ({ atUs, total: pnl.total }));
  const blocks = blocksOf(path, scenario, blockS * 1e6);
  const { reportingAsset, ...pnl } = result.pnl;
  return {
    model,
    pnl,
    interval: bootstrapSum(blocks, random),
    blocks,
    inventoryRms: result.inventory.rms,
    maxDrawdown: result.maxDrawdown,
    orders: result.orders,
    fills: result.fills,
    turnover: result.volume[reportingAsset] ?? 0,
    uptime: result.quoteUptime,
    markoutsBps: MARKOUTS_S.map((horizonS) => meanMarkout(backtest, horizonS)),
    path,
  };
}

/** Changes of the total from the end of one block to the end of the next; what comes after the last is its own. */
export function blocksOf(
  path: Outcome["path"],
  { fromUs, toUs }: Pick<Scenario, "fromUs" | "toUs">,
  blockUs: number,
): number[] {
  const newest = Math.ceil((toUs - fromUs) / blockUs) - 1;
  const ends: number[] = [];
  let last = 0;
  for (const { atUs, total } of path) {
    const block = Math.min(Math.floor((atUs - fromUs) / blockUs), newest);
    while (ends.length < block) ends.push(last);
    last = total;
  }
  ends.push(last);
  return ends.map((end, at) => end - (ends[at - 1] ?? 0));
}

/** As the engine learned them, over venues and sides by their number of fills. */
function meanMarkout({ run }: Backtest, horizonS: number): number | undefined {
  let sum = 0;
  let weight = 0;
  for (const { market } of run.engine.state.markets)
    for (const venue of viewEstimates(run.engine, market)?.venues ?? [])
      for (const { markouts } of venue.sides)
        for (const point of markouts) {
          if (point.horizonS !== horizonS || point.bps === undefined) continue;
          sum += point.bps * point.nEff;
          weight += point.nEff;
        }
  return weight > 0 ? sum / weight : undefined;
}
