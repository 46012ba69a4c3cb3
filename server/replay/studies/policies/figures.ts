/** From the paths of a world and a policy to a row of the table: an hour's figures, with intervals over paths. */
import { mean } from "simple-statistics";
import { meanInterval, sdInterval } from "../intervals.ts";
import type { Interval } from "../study.ts";
import type { PathResult } from "./path.ts";
import type { PolicyName } from "./policySet.ts";
import type { WorldName } from "./worlds.ts";

export interface CellFigures {
  /** bps·lots an hour. */
  readonly pnl: Interval;
  /** Of an hour's P&L, from that of the paths as if their parts were independent. */
  readonly sd: Interval;
  readonly rmsQ: number;
  readonly largestQ: number;
  /** Bps per lot of maker fills. */
  readonly edgeBps: number;
  readonly markoutBps: number;
  readonly lotsPerHour: number;
}

const HOUR_S = 3_600;

/** Every path of a study, by world and policy, each list in the order of its seeds. */
export class Paths {
  readonly #cells = new Map<string, PathResult[]>();

  constructor(results: readonly PathResult[]) {
    for (const result of results) {
      const { world, policy } = result.spec;
      const key = `${world} ${policy}`;
      const cell = this.#cells.get(key);
      if (cell === undefined) this.#cells.set(key, [result]);
      else cell.push(result);
    }
  }

  /** Empty where it was not run. */
  of(world: WorldName, policy: PolicyName): readonly PathResult[] {
    return this.#cells.get(`${world} ${policy}`) ?? [];
  }

  has(world: WorldName, ...policies: readonly PolicyName[]): boolean {
    return policies.every((policy) => this.of(world, policy).length > 0);
  }

  all(): readonly PathResult[] {
    return [...this.#cells.values()].flat();
  }
}

export function cellFigures(paths: readonly PathResult[]): CellFigures {
  const toRootHour = Math.sqrt(hoursFactor(paths));
  const sd = sdInterval(paths.map((path) => path.pnl));
  const lots = total(paths, (path) => path.makerLots);
  return {
    pnl: hourly(paths, (path) => path.pnl),
    sd: { value: sd.value * toRootHour, low: sd.low * toRootHour, high: sd.high * toRootHour },
    rmsQ: Math.sqrt(total(paths, (path) => path.sumSquares) / total(paths, (path) => path.seconds)),
    largestQ: Math.max(...paths.map((path) => path.largest)),
    edgeBps: total(paths, (path) => path.edge) / lots,
    markoutBps: total(paths, (path) => path.markouts) / lots,
    lotsPerHour: (lots / paths.length) * hoursFactor(paths),
  };
}

/** Mean of a figure over an hour. */
export function hourly(paths: readonly PathResult[], of: (path: PathResult) => number): Interval {
  const factor = hoursFactor(paths);
  return meanInterval(paths.map((path) => of(path) * factor));
}

/** Of inventory: its mean square has an error of its own on every path. */
export function rmsInterval(paths: readonly PathResult[]): Interval {
  const square = meanInterval(paths.map((path) => path.sumSquares / path.seconds));
  return {
    value: Math.sqrt(square.value),
    low: Math.sqrt(Math.max(0, square.low)),
    high: Math.sqrt(square.high),
  };
}

/** Of P&L, seed by seed: what both policies met alike cancels. */
export function pairedDifference(ours: readonly PathResult[], base: readonly PathResult[]): Interval {
  const factor = hoursFactor(ours);
  return meanInterval(
    ours.map((path, at) => {
      const other = base[at];
      if (other?.spec.seed !== path.spec.seed) throw new Error("invariant: paths that are no pairs");
      return (path.pnl - other.pnl) * factor;
    }),
  );
}

/** Mean over the paths that know the figure. */
export function meanKnown(
  paths: readonly PathResult[],
  of: (path: PathResult) => number | undefined,
): number | undefined {
  const known = paths.map(of).filter((value) => value !== undefined);
  return known.length === 0 ? undefined : mean(known);
}

export function total(paths: readonly PathResult[], of: (path: PathResult) => number): number {
  return paths.reduce((sum, path) => sum + of(path), 0);
}

function hoursFactor([first]: readonly PathResult[]): number {
  if (first === undefined) throw new Error("invariant: no path to look at");
  return HOUR_S / first.spec.durationS;
}
