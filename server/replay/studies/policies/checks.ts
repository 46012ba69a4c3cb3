/** What a correct engine must show (docs/models.md §2.1), each with what was measured and its margin. */
import { avellanedaRatioCheck } from "./sessionCheck.ts";
import {
  cellFigures,
  hourly,
  meanKnown,
  pairedDifference,
  rmsInterval,
  total,
  type Paths,
} from "./figures.ts";
import type { PathResult } from "./path.ts";
import type { PolicyName } from "./policySet.ts";
import { formatNumber, formatPercent } from "../../report/format.ts";
import { contains } from "../intervals.ts";
import type { Check, Interval } from "../study.ts";
import { MAIN_WORLDS, TABLE, type MainWorld } from "./worlds.ts";

/** Only what was run is checked. */
export function checksOf(paths: Paths): Check[] {
  return [
    ...skewChecks(paths),
    ...fairValueChecks(paths),
    ...costChecks(paths),
    ...hedgeChecks(paths),
    ...inventoryChecks(paths),
    ...hiddenEdgeChecks(paths),
    ...identityChecks(paths),
    ...feeAndLatencyChecks(paths),
  ];
}

function skewChecks(paths: Paths): Check[] {
  const ratio = avellanedaRatioCheck();
  if (!paths.has("no-informed", "S", "B2")) return [ratio];
  const symmetric = cellFigures(paths.of("no-informed", "S"));
  const skewed = cellFigures(paths.of("no-informed", "B2"));
  const sd = skewed.sd.value / symmetric.sd.value;
  const rms = skewed.rmsQ / symmetric.rmsQ;
  const gain = difference(paths, "no-informed", "B2", "S");
  return [
    check(`1 skew: s.d. of P&L is ${formatPercent(sd)} of symmetric quotes' (at most 50 %)`, sd <= 0.5),
    check(`1 skew: rms inventory is ${formatPercent(rms)} of symmetric quotes' (at most 40 %)`, rms <= 0.4),
    check(`1 skew: mean P&L differs by ${words(gain)} (not lower)`, gain.high >= 0),
    ratio,
  ];
}

/** Least gain of fused fair value over the local mid. */
const FUSED_GAIN_FRAC = { "no-informed": 0.03, moderate: 0.25 } as const;

function fairValueChecks(paths: Paths): Check[] {
  return (["no-informed", "moderate"] as const).flatMap((world) => {
    if (!paths.has(world, "B1", "B2")) return [];
    const local = cellFigures(paths.of(world, "B1")).pnl.value;
    const gain = difference(paths, world, "B2", "B1");
    const frac = gain.value / Math.abs(local);
    const least = FUSED_GAIN_FRAC[world];
    return check(
      `2 ${world}: fused fair value earns ${formatPercent(frac)} more than the local mid, ${words(gain)} (at least ${formatPercent(least)})`,
      frac >= least,
    );
  });
}

const COST_NEUTRAL_FRAC = 0.01;
const COST_GAIN_TOXIC = 500;

function costChecks(paths: Paths): Check[] {
  return MAIN_WORLDS.flatMap((world) => {
    if (!paths.has(world, "B2", "B3", "B2-wide")) return [];
    const gain = difference(paths, world, "B3", "B2");
    const overBlind = difference(paths, world, "B3", "B2-wide");
    const blind = check(
      `3 ${world}: measured adverse selection beats blind widening by ${words(overBlind)} (above 0)`,
      overBlind.value > 0,
    );
    return [check(costClaim(world, gain), costHolds(paths, world, gain)), blind];
  });
}

function costClaim(world: MainWorld, gain: Interval): string {
  const margin = {
    "no-informed": "not shown to be beyond 1 % of P&L",
    moderate: "above 0",
    toxic: `at least ${COST_GAIN_TOXIC}`,
  }[world];
  return `3 ${world}: measured adverse selection changes P&L by ${words(gain)} (${margin})`;
}

function costHolds(paths: Paths, world: MainWorld, gain: Interval): boolean {
  if (world === "toxic") return gain.value >= COST_GAIN_TOXIC;
  if (world === "moderate") return gain.value > 0;
  const most = COST_NEUTRAL_FRAC * Math.abs(cellFigures(paths.of(world, "B2")).pnl.value);
  return gain.low <= most && gain.high >= -most;
}

/** A fill that crosses the hedge on its way belongs to no hedge: so many may end outside the band and one lot. */
const HEDGES_BEYOND_FRAC = 0.05;

function hedgeChecks(paths: Paths): Check[] {
  const checks: Check[] = [];
  if (paths.has("no-informed", "B3", "B3-band6")) {
    const free = cellFigures(paths.of("no-informed", "B3"));
    const banded = paths.of("no-informed", "B3-band6");
    const hedged = cellFigures(banded);
    const fall = 1 - hedged.rmsQ / free.rmsQ;
    const cost = -difference(paths, "no-informed", "B3-band6", "B3").value / free.pnl.value;
    const beyond = total(banded, (path) => path.hedgesBeyond) / total(banded, (path) => path.hedges);
    checks.push(
      check(
        `4 band 6: ${formatPercent(beyond)} of the hedges leave more than the band and one lot (at most ${formatPercent(HEDGES_BEYOND_FRAC)})`,
        beyond <= HEDGES_BEYOND_FRAC,
      ),
      check(`4 band 6: rms inventory falls by ${formatPercent(fall)} (at least 20 %)`, fall >= 0.2),
      check(
        `4 band 6: costs ${formatPercent(cost)} of P&L without informed flow (at most 8 %)`,
        cost <= 0.08,
      ),
    );
  }
  if (paths.has("toxic", "B3", "B3-band6")) {
    const sd =
      cellFigures(paths.of("toxic", "B3-band6")).sd.value / cellFigures(paths.of("toxic", "B3")).sd.value;
    checks.push(
      check(
        `4 band 6: s.d. of P&L in toxic flow is ${formatPercent(sd)} of that without (below 100 %)`,
        sd < 1,
      ),
    );
  }
  if (paths.has("no-informed", "B3-every-fill")) {
    const { pnl } = cellFigures(paths.of("no-informed", "B3-every-fill"));
    checks.push(check(`4 hedging every fill earns ${words(pnl)} (loses)`, pnl.high < 0));
  }
  return checks;
}

const RMS_TOLERANCE_FRAC = 0.05;
const HALF_LIFE_TOLERANCE_FRAC = 0.25;

function inventoryChecks(paths: Paths): Check[] {
  if (!paths.has("untilted", "B2")) return [];
  const cell = paths.of("untilted", "B2");
  const rms = rmsInterval(cell);
  const predicted = Math.sqrt(1 / (2 * TABLE.kPerBp * TABLE.slopeBps));
  const halfLife = meanKnown(cell, (path) => path.halfLifeS);
  const model = meanKnown(cell, (path) => path.modelHalfLifeS);
  const off = halfLife === undefined || model === undefined ? NaN : Math.abs(halfLife / model - 1);
  const two = (value: number | undefined): string => formatNumber(value ?? NaN, { decimals: 2 });
  return [
    check(
      `5 rms inventory is ${two(rms.value)} [${two(rms.low)}, ${two(rms.high)}] lots where √(Δ/(2ks)) is ${two(predicted)} (not shown to be beyond 5 %)`,
      rms.low <= predicted * (1 + RMS_TOLERANCE_FRAC) && rms.high >= predicted * (1 - RMS_TOLERANCE_FRAC),
    ),
    check(
      `5 inventory halves in ${two(halfLife)} s where the model says ${two(model)} s (within 25 %)`,
      off <= HALF_LIFE_TOLERANCE_FRAC,
    ),
  ];
}

function hiddenEdgeChecks(paths: Paths): Check[] {
  const checks: Check[] = [];
  if (paths.has("ideal", "S")) {
    const rest = hourly(paths.of("ideal", "S"), (path) => path.truePnl - path.trueEdge);
    checks.push(
      check(
        `6 without delay, noise and informed takers, P&L less the edge of the fills is ${words(rest)} (0 inside)`,
        contains(rest, 0),
      ),
    );
  }
  if (paths.has("moderate", "B2", "B3")) {
    const base = paths.of("moderate", "B2");
    const shuffled = hourly(paths.of("moderate", "B3"), (path) => path.shuffledRevaluation);
    const ofBase = hourly(base, (path) => path.shuffledRevaluation);
    checks.push(
      check(
        `6 on a shuffled price path inventory earns ${words(ofBase)} with B2 and ${words(shuffled)} with B3 (0 inside both)`,
        contains(shuffled, 0) && contains(ofBase, 0),
      ),
    );
  }
  return checks;
}

const IDENTITY_FRAC = 1e-9;
const MARKOUT_DIFFERENCE_BPS = 0.05;

function identityChecks(paths: Paths): Check[] {
  const all = paths.all();
  const worst = Math.max(...all.map((path) => path.identityErrorFrac));
  // Without any latency the book and the fill it came from share an instant, and what came first is not told.
  const timed = all.filter((path) => path.spec.world !== "ideal");
  const off = Math.max(0, ...timed.map(markoutDifferenceBps));
  return [
    check(
      `7 the parts of P&L sum to it within ${worst.toExponential(0)} of turnover on each of ${all.length} paths (1e-9)`,
      worst <= IDENTITY_FRAC,
    ),
    check(
      `7 adverse selection and Σ size·markout differ by at most ${formatNumber(off, { decimals: 3 })} bps a lot on any path (${MARKOUT_DIFFERENCE_BPS})`,
      off <= MARKOUT_DIFFERENCE_BPS,
    ),
  ];
}

function markoutDifferenceBps({ adverseSelection, markouts, makerLots }: PathResult): number {
  return makerLots === 0 ? 0 : Math.abs(adverseSelection - markouts) / makerLots;
}

/** P&L of adapted quotes is ∝ e^(−k·fee); queues and delay weigh differently at another distance. */
const FEE_TOLERANCE_FRAC = 0.1;

function feeAndLatencyChecks(paths: Paths): Check[] {
  const checks: Check[] = [];
  for (const [world, feeBps] of [
    ["fee", 1],
    ["rebate", -0.5],
  ] as const) {
    if (!paths.has(world, "B2") || !paths.has("no-informed", "B2")) continue;
    const free = cellFigures(paths.of("no-informed", "B2")).pnl.value;
    const ratio = cellFigures(paths.of(world, "B2")).pnl.value / free;
    const theory = Math.exp(-TABLE.kPerBp * feeBps);
    const three = (value: number): string => formatNumber(value, { decimals: 3 });
    checks.push(
      check(
        `8 a maker fee of ${formatNumber(feeBps, { decimals: 1 })} bps makes P&L ×${three(ratio)} (×${three(theory)}, within 10 %)`,
        Math.abs(ratio / theory - 1) <= FEE_TOLERANCE_FRAC,
      ),
    );
  }
  if (paths.has("slow", "B2") && paths.has("moderate", "B2")) {
    const slower = pairedDifference(paths.of("slow", "B2"), paths.of("moderate", "B2"));
    checks.push(check(`8 latency ×5 changes P&L by ${words(slower)} (lower)`, slower.high < 0));
  }
  return checks;
}

function difference(paths: Paths, world: MainWorld, ours: PolicyName, base: PolicyName): Interval {
  return pairedDifference(paths.of(world, ours), paths.of(world, base));
}

function check(claim: string, holds: boolean): Check {
  return { claim, holds };
}

function words({ value, high }: Interval): string {
  return `${formatNumber(value, { decimals: 0, signed: true })} ± ${formatNumber(high - value, { decimals: 0 })}`;
}
