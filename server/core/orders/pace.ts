/**
 * Requests against a venue's order budget, counted as the venue counts them. What is left over is for hedges and
 * surprises: when quoting would use more than its share, quotes are moved for larger reasons and less often, until it
 * does not. A side that has no order comes before one that could stand better.
 */
import type { AgedCost, OrderBudget } from "../../contract/instrument.ts";
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import type { Engine, InstrumentState } from "../state.ts";
import { addTo, createMeter, usedOf, type Meter } from "./meter.ts";

/** Share of the venue's budget that quotes may be expected to use. */
const BUDGET_SHARE = 0.7;
/** A counter that goes down slowly is a debt: beyond this share of it quotes hold back until it is paid. */
const DEBT_SHARE = 0.5;
/** Over which requests are averaged, as venues count them over 2 to 60 s. */
const HORIZON_S = 10;
/** Tolerance and life of a quote are stretched by this at most: beyond it the desk is on the wrong tier. */
const STRETCH_MAX = 20;

/** How far each kind of request may fill what is ours of the venue's counter. The adapter's own shares lie not below. */
const FILL_SHARE = {
  /** A better place for an order that stands well enough. */
  improve: 0.4,
  /** Away from the market, on the side that adds inventory. */
  protect: 0.5,
  place: 0.85,
} as const;

export type PacedRequest = keyof typeof FILL_SHARE;

export interface Pace {
  /** Costs of requests, each weighed by e^(−age/horizon). */
  requests: number;
  countedAtUs: number;
  /** 1 while the budget is kept: factor on the requote tolerance and on the least life of a quote. */
  stretch: number;
  /** The venue's own counter, as we reckon it; absent where the venue keeps none. */
  meter: Meter | undefined;
}

export function createPace(budget: OrderBudget | undefined): Pace {
  return {
    requests: 0,
    countedAtUs: 0,
    stretch: 1,
    meter: budget === undefined ? undefined : createMeter(budget),
  };
}

/** Of the instrument, or of its account: as the venue counts. */
export function paceOf({ state, config }: Engine, inst: InstrumentState): Pace {
  const account = state.accounts[inst.account];
  if (account === undefined) throw new Error("invariant: an instrument belongs to an account");
  return config.accounts[inst.account]?.orderBudget?.per === "instrument" ? inst.pace : account.pace;
}

/** A request left; `ageUs` is that of the order since it was placed or last changed. Cancels count, and are never held back. */
export function countRequest(
  engine: Engine,
  inst: InstrumentState,
  kind: "place" | "amend" | "cancel",
  ageUs: number,
): void {
  const { nowUs } = engine.state;
  const budget = engine.config.accounts[inst.account]?.orderBudget;
  const cost = budget === undefined ? Number(kind !== "cancel") : costOf(budget, kind, ageUs);
  if (cost === 0) return;
  const pace = paceOf(engine, inst);
  fade(pace, nowUs);
  pace.requests += cost;
  if (budget !== undefined && pace.meter !== undefined) addTo(pace.meter, budget, nowUs / 1_000, cost);
}

/** Whether the venue's counter has room for it now. */
export function hasRoomFor(
  engine: Engine,
  inst: InstrumentState,
  kind: PacedRequest,
  ageUs: number,
): boolean {
  const budget = engine.config.accounts[inst.account]?.orderBudget;
  const { meter } = paceOf(engine, inst);
  if (budget === undefined || meter === undefined) return true;
  const used = usedOf(meter, budget, engine.state.nowUs / 1_000);
  const cost = costOf(budget, kind === "place" ? "place" : "amend", ageUs);
  // An empty counter takes any one request, however small the share.
  return used === 0 || used + cost <= FILL_SHARE[kind] * budget.limit;
}

/** What it costs to amend an order that has rested for so long, in placements; 1 at least, and where no counter is kept. */
export function costOfMove({ config }: Engine, inst: InstrumentState, ageUs: number): number {
  const budget = config.accounts[inst.account]?.orderBudget;
  return budget === undefined ? 1 : Math.max(1, costOf(budget, "amend", ageUs));
}

/** Once a second: what is used, and how far quotes must hold back. */
export function revisePaces(engine: Engine): void {
  const { accounts, instruments, nowUs } = engine.state;
  for (const { index, pace } of accounts) {
    const budget = engine.config.accounts[index]?.orderBudget;
    if (budget?.per === "account") revise(pace, budget, nowUs);
  }
  for (const { account, pace } of instruments) {
    const budget = engine.config.accounts[account]?.orderBudget;
    if (budget?.per === "instrument") revise(pace, budget, nowUs);
  }
}

/** Requests by what they cost at the venue. */
export function requestsPerSecond(pace: Pace): number {
  return pace.requests / HORIZON_S;
}

function revise(pace: Pace, budget: OrderBudget, nowUs: number): void {
  fade(pace, nowUs);
  const perSecond = budget.kind === "decay" ? budget.perSecond : budget.limit / (budget.windowMs / 1_000);
  const rateShare = requestsPerSecond(pace) / (BUDGET_SHARE * perSecond);
  const usedShare = Math.max(rateShare, debtShare(pace, budget, nowUs));
  // The square root, because the answer comes a horizon late: the full ratio would swing.
  pace.stretch = Math.min(Math.max(pace.stretch * Math.sqrt(usedShare), 1), STRETCH_MAX);
}

/** A window forgets what it holds within seconds, and the rate says as much. */
function debtShare({ meter }: Pace, budget: OrderBudget, nowUs: number): number {
  if (meter === undefined || budget.kind !== "decay") return 0;
  return usedOf(meter, budget, nowUs / 1_000) / (DEBT_SHARE * budget.limit);
}

function costOf(
  { amendCost, cancelCost }: OrderBudget,
  kind: "place" | "amend" | "cancel",
  ageUs: number,
): number {
  if (kind === "place") return 1;
  return agedCost(kind === "amend" ? amendCost : cancelCost, ageUs / 1_000);
}

function agedCost({ cost, younger }: AgedCost, ageMs: number): number {
  return younger.find(({ thanMs }) => ageMs < thanMs)?.cost ?? cost;
}

function fade(pace: Pace, nowUs: number): void {
  const elapsedS = Math.max(0, nowUs - pace.countedAtUs) / MICROS_PER_SECOND;
  pace.requests *= Math.exp(-elapsedS / HORIZON_S);
  // Below this the count means nothing, and a state that is hashed keeps clear of underflow.
  if (pace.requests < 1e-12) pace.requests = 0;
  pace.countedAtUs = nowUs;
}
