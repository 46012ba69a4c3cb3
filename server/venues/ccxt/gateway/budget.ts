/**
 * The request budget of one venue account: what the venue counts is counted here first, and each class of requests may
 * fill a counter up to its share. Waiting is short, bounded, and by class.
 */
import type { RequestUse } from "../../../contract/views.ts";
import type { LimitScope } from "../exchanges/exchange.ts";
import type { Charge, RequestBudget, RequestClass } from "../ports.ts";
import { createMeter } from "./meters.ts";
import type { Meter } from "./meters.ts";
import { REQUEST_CLASSES, shareOf } from "./shares.ts";

/** The request was not sent. */
export class BudgetError extends Error {
  override readonly name = "BudgetError";
}

/** 100 × 0.9 × 0.7 is 62.99999999999999. */
const FLOAT_NOISE = 1e-9;

/** Of one class; a desk that has more waiting asks for what is long stale. */
const WAITING_MAX = 1_000;

/** Markets times scopes; beyond it those that count nothing any more are forgotten. */
const METERS_MAX = 2_000;

/** Who asks stands behind all that wait in these classes and in its own, and holds none of the first up. */
const QUESTIONS_ABOVE: { readonly [C in RequestClass]?: readonly RequestClass[] } = {
  list: [],
  query: ["list"],
  lookup: ["list", "query"],
};

/** So long questions about single orders let all others go first; then they take their turn among those. */
const LOOKUP_YIELDS_MS = 5_000;

interface Waiting {
  readonly charges: readonly Charge[];
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly leave: () => void;
  readonly giveUp: (error: BudgetError) => void;
}

type Waits = { readonly [C in RequestClass]: Waiting[] };

export interface BudgetOptions {
  /** What the venue says of its own count is about the first. */
  readonly scopes: readonly LimitScope[];
  /** The venue's counters run by this clock. */
  readonly nowUs: () => number;
  /** How much faster it runs than the machine's. */
  readonly speed: number;
  readonly onUse?: ((use: RequestUse) => void) | undefined;
  /** Nothing is counted; what the venue itself says of its limits is kept to all the same. */
  readonly limits?: "lifted" | undefined;
}

export function createBudget(options: BudgetOptions): RequestBudget & { stop(): void } {
  const { scopes, nowUs, speed, onUse, limits } = options;
  const termsByName = new Map(scopes.map((scope) => [scope.name, scope]));
  const mainScope = nameOfFirst(scopes);
  const meters = new Map<string, Meter>();
  /** Counters that the venue has called full, until they are below what we would fill them to. */
  const calledFull = new Set<Meter>();
  const silentUntilMs = new Map<string, number>();
  let allSilentUntilMs = 0;
  const waiting: Waits = {
    cancel: [],
    session: [],
    hedge: [],
    amend: [],
    new: [],
    list: [],
    query: [],
    lookup: [],
  };
  let alarm: { readonly timer: NodeJS.Timeout; readonly dueMs: number } | undefined;
  const nowMs = (): number => nowUs() / 1_000;

  function termsOf(scope: string): LimitScope {
    const terms = termsByName.get(scope);
    if (terms === undefined) throw new Error(`invariant: no budget scope "${scope}"`);
    return terms;
  }

  function meterOf({ scope, market = "" }: Pick<Charge, "scope" | "market">): Meter {
    const key = `${scope} ${market}`;
    const known = meters.get(key);
    if (known !== undefined) return known;
    const meter = createMeter(termsOf(scope));
    if (meters.size >= METERS_MAX) forgetIdle();
    meters.set(key, meter);
    return meter;
  }

  function forgetIdle(): void {
    const now = nowMs();
    for (const [key, meter] of meters) {
      if (meter.used(now) > 0) continue;
      meters.delete(key);
      calledFull.delete(meter);
    }
  }

  /** 0 or less: nothing of what it costs stands in its way. */
  function waitMs(kind: RequestClass, charges: readonly Charge[]): number {
    const now = nowMs();
    let longest = allSilentUntilMs - now;
    for (const charge of charges) {
      const silent = (silentUntilMs.get(charge.scope) ?? 0) - now;
      longest = Math.max(longest, silent, roomInMs(kind, charge, now));
    }
    return longest;
  }

  function roomInMs(kind: RequestClass, { scope, market, weight, neverWaits }: Charge, now: number): number {
    const meter = meterOf({ scope, market });
    const used = meter.used(now);
    const share = meter.limit * shareOf(kind, termsOf(scope));
    if (used + weight <= share) calledFull.delete(meter);
    const isExact = calledFull.has(meter);
    if (neverWaits === true || (limits === "lifted" && !isExact)) return 0;
    // Where the count is the venue's own, what a request costs is all that has to be free.
    const room = (isExact ? meter.limit : share) + FLOAT_NOISE;
    // An empty counter takes any one request, however small the share.
    if (weight === 0 || used === 0 || used + weight <= room) return 0;
    return meter.waitMs(now, Math.max(0, room - weight));
  }

  function count(charges: readonly Charge[]): void {
    const now = nowMs();
    for (const charge of charges) meterOf(charge).add(now, charge.weight);
    onUse?.(use());
  }

  function raiseTo(meter: Meter, used: number, sinceMs?: number): void {
    const missing = used - meter.used(nowMs());
    if (missing > 0) meter.add(nowMs(), missing, sinceMs);
  }

  /**
   * Whether others wait for the same counter who are to go first: it must not use up the room that is saved for them.
   */
  function isBehind(kind: RequestClass, charges: readonly Charge[], before: readonly Waiting[]): boolean {
    const above = QUESTIONS_ABOVE[kind];
    // Orders leave as there is room.
    if (above === undefined) return false;
    return sharesScope(charges, before) || above.some((other) => sharesScope(charges, waiting[other]));
  }

  function takeAll(kind: RequestClass, charges: readonly Charge[], waitMaxMs: number): Promise<void> {
    const wait = waitMs(kind, charges);
    const queue = waiting[kind];
    const mustQueue = isBehind(kind, charges, queue);
    if (wait <= 0 && !mustQueue) {
      count(charges);
      return Promise.resolve();
    }
    const isHopeless = wait > waitMaxMs || waitMaxMs <= 0;
    if (isHopeless || queue.length >= WAITING_MAX) return Promise.reject(refusal(kind));
    return new Promise((leave, giveUp) => {
      const sinceMs = nowMs();
      queue.push({ charges, sinceMs, untilMs: sinceMs + waitMaxMs, leave, giveUp });
      serveIn(mustQueue ? waitMaxMs : wait);
      if (kind === "lookup") serveIn(LOOKUP_YIELDS_MS);
    });
  }

  /** After this time or sooner: a later wish never puts off an earlier one. */
  function serveIn(waitMs: number): void {
    const dueMs = nowMs() + waitMs;
    if (alarm !== undefined && alarm.dueMs <= dueMs) return;
    clearTimeout(alarm?.timer);
    alarm = { dueMs, timer: setTimeout(serve, Math.max(1, waitMs / speed)) };
  }

  function serve(): void {
    alarm = undefined;
    const now = nowMs();
    let nextMs = takeUpLookups(now);
    for (const kind of REQUEST_CLASSES) {
      const queue = waiting[kind];
      const kept: Waiting[] = [];
      for (const one of queue) {
        const wait = Math.max(0, waitMs(kind, one.charges));
        const mustStay = isBehind(kind, one.charges, kept);
        const isLate = now + wait > one.untilMs;
        // A cancel that may leave does, however late.
        if (isLate && (kind !== "cancel" || wait > 0)) one.giveUp(refusal(kind));
        else if (wait === 0 && !mustStay) {
          count(one.charges);
          one.leave();
        } else {
          // When those before it leave is seen when they do; it is refused in time whether they leave or not.
          nextMs = Math.min(nextMs, mustStay ? one.untilMs - now : wait);
          kept.push(one);
        }
      }
      queue.splice(0, queue.length, ...kept);
    }
    if (nextMs < Infinity) serveIn(nextMs);
  }

  /** Those that have yielded long enough queue as any question does; when the next of them will have. */
  function takeUpLookups(now: number): number {
    const yielding = waiting.lookup.filter((one) => now < one.sinceMs + LOOKUP_YIELDS_MS);
    const [first] = yielding;
    waiting.query.push(...waiting.lookup.splice(0, waiting.lookup.length - yielding.length));
    return first === undefined ? Infinity : first.sinceMs + LOOKUP_YIELDS_MS - now;
  }

  function use(): RequestUse {
    const now = nowMs();
    let [fullest, usedFrac] = [mainScope, 0];
    for (const [key, meter] of meters) {
      const frac = meter.used(now) / meter.limit;
      if (frac > usedFrac) [fullest, usedFrac] = [key.trimEnd(), frac];
    }
    let [silent, silentMs] = ["all requests", allSilentUntilMs];
    for (const [scope, untilMs] of silentUntilMs)
      if (untilMs > Math.max(silentMs, now)) [silent, silentMs] = [scope, untilMs];
    const isSilent = silentMs > now;
    return {
      scope: isSilent ? silent : fullest,
      usedFrac,
      silentUntilUs: isSilent ? Math.floor(silentMs * 1_000) : undefined,
    };
  }

  return {
    takeAll,
    giveBack(charges) {
      const now = nowMs();
      for (const { scope, market, weight } of charges) {
        const meter = meterOf({ scope, market });
        // What the venue has called full is its own count.
        if (termsOf(scope).kind === "decay" && !calledFull.has(meter))
          meter.add(now, -Math.min(weight, meter.used(now)));
      }
      serveIn(0);
    },
    observe(usedFrac) {
      const meter = meterOf({ scope: mainScope });
      const terms = termsOf(mainScope);
      const now = nowMs();
      // The venue counts by its clock's minutes: what others have used, an earlier gateway too, is forgotten at the end.
      // Where our clock is ahead that is too early by as much, until the next answer says so.
      const sinceMs = terms.kind === "window" ? now - (now % terms.windowMs) : now;
      raiseTo(meter, usedFrac * meter.limit, sinceMs);
    },
    silence(forMs, scope) {
      const untilMs = nowMs() + forMs;
      if (scope === undefined) allSilentUntilMs = Math.max(allSilentUntilMs, untilMs);
      else silentUntilMs.set(scope, Math.max(silentUntilMs.get(scope) ?? 0, untilMs));
      onUse?.(use());
    },
    full(scope) {
      const meter = meterOf({ scope });
      // Neither less nor more: where limits are lifted ours may be beyond any.
      meter.add(nowMs(), meter.limit - meter.used(nowMs()));
      calledFull.add(meter);
    },
    exhausted(charges) {
      const now = nowMs();
      const isSaid = charges.some(({ scope }) => (silentUntilMs.get(scope) ?? 0) > now);
      // The venue has said for how long: what we would make up of that is longer, or about more.
      if (allSilentUntilMs > now || isSaid) return;
      const counted = charges.filter(({ weight }) => weight > 0);
      const [soonest] = counted.toSorted(
        (a, b) => emptiesInMs(termsOf(a.scope)) - emptiesInMs(termsOf(b.scope)),
      );
      if (soonest === undefined) return;
      const meter = meterOf(soonest);
      raiseTo(meter, meter.limit);
    },
    use,
    stop() {
      clearTimeout(alarm?.timer);
      for (const kind of REQUEST_CLASSES)
        for (const one of waiting[kind].splice(0)) one.giveUp(new BudgetError("the gateway is closing"));
    },
  };
}

function nameOfFirst([first]: readonly LimitScope[]): string {
  if (first === undefined) throw new Error("invariant: a venue without a limit");
  return first.name;
}

/** From full. */
function emptiesInMs(terms: LimitScope): number {
  return terms.kind === "window" ? terms.windowMs : (terms.limit / terms.perSecond) * 1_000;
}

function sharesScope(charges: readonly Charge[], waiting: readonly Waiting[]): boolean {
  const paid = charges.filter(({ weight }) => weight > 0).map(({ scope }) => scope);
  return waiting.some((one) => one.charges.some(({ scope, weight }) => weight > 0 && paid.includes(scope)));
}

function refusal(kind: RequestClass): BudgetError {
  return new BudgetError(`the venue's request budget has no room for a ${kind} in time`);
}
