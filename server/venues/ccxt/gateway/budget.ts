/**
 * The request budget of one venue account. A class of requests may fill its venue's counters up to its share; what is
 * above is kept for the classes above it, and a slice of all is the guard's. Waiting is short, bounded, and by class.
 */
import type { LimitScope } from "../exchanges/exchange.ts";
import type { BudgetUse, Charge, RequestBudget, RequestClass } from "../ports.ts";
import { createMeter } from "./meters.ts";
import type { Meter } from "./meters.ts";

/** The request was not sent. */
export class BudgetError extends Error {
  override readonly name = "BudgetError";
}

/** The independent stop has keys and sockets of its own, but the venue counts both. */
const GUARD_SHARE = 0.1;

/** Of what is left: how far each class may fill a counter. */
const CLASS_SHARE: { readonly [C in RequestClass]: number } = {
  cancel: 1,
  hedge: 0.95,
  amend: 0.9,
  new: 0.85,
  query: 0.7,
  // Of single orders: with many in doubt, the list of all open ones settles more than each asked for alone.
  lookup: 0.6,
};

/** 100 × 0.9 × 0.7 is 62.99999999999999. */
const FLOAT_NOISE = 1e-9;

/** A desk that has more waiting asks for what is long stale. */
const WAITING_MAX = 1_000;

/** Markets times scopes; beyond it those that count nothing any more are forgotten. */
const METERS_MAX = 2_000;

/** Reads wait in one line, whatever they are for. */
const LINES = ["cancel", "hedge", "amend", "new", "read"] as const;
type Line = (typeof LINES)[number];

interface Waiting {
  readonly kind: RequestClass;
  readonly charges: readonly Charge[];
  readonly untilMs: number;
  readonly leave: () => void;
  readonly giveUp: (error: BudgetError) => void;
}

export interface BudgetOptions {
  readonly scopes: readonly LimitScope[];
  /** The venue's counters run by this clock. */
  readonly nowUs: () => number;
  /** How much faster it runs than the machine's. */
  readonly speed: number;
  readonly onUse?: ((use: BudgetUse) => void) | undefined;
  /** Nothing is counted; silence is kept all the same. */
  readonly limits?: "lifted" | undefined;
}

export function createBudget({
  scopes,
  nowUs,
  speed,
  onUse,
  limits,
}: BudgetOptions): RequestBudget & { stop(): void } {
  const byName = new Map(scopes.map((scope) => [scope.name, scope]));
  const first = scopes[0];
  if (first === undefined) throw new Error("invariant: a venue without a limit");
  const meters = new Map<string, Meter>();
  const silentUntilMs = new Map<string, number>();
  /** Counters that the venue has called full, until they are below what we would fill them to. */
  const calledFull = new Set<Meter>();
  const waiting: { readonly [L in Line]: Waiting[] } = {
    cancel: [],
    hedge: [],
    amend: [],
    new: [],
    read: [],
  };
  let bannedUntilMs = 0;
  let alarm: { readonly timer: NodeJS.Timeout; readonly dueMs: number } | undefined;
  const nowMs = (): number => nowUs() / 1_000;

  function meterOf({ scope, market = "" }: Charge): Meter {
    const key = `${scope} ${market}`;
    const known = meters.get(key);
    if (known !== undefined) return known;
    const terms = byName.get(scope);
    if (terms === undefined) throw new Error(`invariant: no budget scope "${scope}"`);
    if (meters.size >= METERS_MAX) forgetIdle();
    const meter = createMeter(terms);
    meters.set(key, meter);
    return meter;
  }

  function forgetIdle(): void {
    const now = nowMs();
    for (const [key, meter] of meters) if (meter.used(now) === 0) meters.delete(key);
  }

  /** Serves those that wait, after this time or sooner: a later wish never puts off an earlier one. */
  function wakeIn(waitMs: number): void {
    const dueMs = nowMs() + waitMs;
    if (alarm !== undefined && alarm.dueMs <= dueMs) return;
    clearTimeout(alarm?.timer);
    alarm = { dueMs, timer: setTimeout(serve, Math.max(1, waitMs / speed)) };
  }

  /** 0: it may leave now. */
  function waitMs(kind: RequestClass, charges: readonly Charge[]): number {
    const now = nowMs();
    let longest = Math.max(0, bannedUntilMs - now);
    for (const charge of charges) {
      longest = Math.max(longest, (silentUntilMs.get(charge.scope) ?? 0) - now);
      const meter = meterOf(charge);
      const share = meter.limit * shareOf(kind, byName.get(charge.scope));
      const used = meter.used(now);
      if (used + charge.weight <= share) calledFull.delete(meter);
      // Its count is exact then: what a request costs is all that has to be free.
      const room = (calledFull.has(meter) ? meter.limit : share) + FLOAT_NOISE;
      // An empty counter takes any one request, however small the share.
      if (charge.neverWaits === true || (limits === "lifted" && !calledFull.has(meter))) continue;
      if (charge.weight > 0 && used > 0 && used + charge.weight > room)
        longest = Math.max(longest, meter.waitMs(now, Math.max(0, room - charge.weight)));
    }
    return longest;
  }

  function emptiesWithinMs({ scope }: Charge): number {
    const terms = byName.get(scope);
    if (terms === undefined) return Infinity;
    return terms.kind === "window" ? terms.windowMs : (terms.limit / terms.perSecond) * 1_000;
  }

  function charge(charges: readonly Charge[]): void {
    const now = nowMs();
    for (const one of charges) meterOf(one).add(now, one.weight);
    onUse?.(use());
  }

  function fill(meter: Meter): void {
    const missing = meter.limit - meter.used(nowMs());
    if (missing > 0) meter.add(nowMs(), missing);
  }

  function use(): BudgetUse {
    const now = nowMs();
    let [fullest, usedFrac] = [first?.name ?? "", 0];
    for (const [key, meter] of meters) {
      const frac = meter.used(now) / meter.limit;
      if (frac > usedFrac) [fullest, usedFrac] = [key.trimEnd(), frac];
    }
    let [silent, silentMs] = ["all requests", bannedUntilMs];
    for (const [scope, untilMs] of silentUntilMs)
      if (untilMs > Math.max(silentMs, now)) [silent, silentMs] = [scope, untilMs];
    const isSilent = silentMs > now;
    return {
      scope: isSilent ? silent : fullest,
      usedFrac,
      silentUntilUs: isSilent ? Math.floor(silentMs * 1_000) : undefined,
      bannedUntilUs: bannedUntilMs > now ? Math.floor(bannedUntilMs * 1_000) : undefined,
    };
  }

  function serve(): void {
    alarm = undefined;
    const now = nowMs();
    let nextMs = Infinity;
    for (const line of LINES) {
      const queue = waiting[line];
      const kept: Waiting[] = [];
      for (const one of queue) {
        const { kind } = one;
        const wait = waitMs(kind, one.charges);
        const isBehind = isRead(kind) && standsBehind(one.charges, kept);
        if (wait <= 0 && !isBehind) {
          charge(one.charges);
          one.leave();
        } else if (now + wait > one.untilMs) one.giveUp(refusal(kind));
        else {
          if (!isBehind) nextMs = Math.min(nextMs, wait);
          kept.push(one);
        }
      }
      queue.splice(0, queue.length, ...kept);
    }
    if (nextMs < Infinity) wakeIn(nextMs);
  }

  function takeAll(kind: RequestClass, charges: readonly Charge[], waitMaxMs: number): Promise<void> {
    const wait = waitMs(kind, charges);
    const line = waiting[lineOf(kind)];
    if (wait <= 0 && !(isRead(kind) && standsBehind(charges, line))) {
      charge(charges);
      return Promise.resolve();
    }
    if (wait > waitMaxMs || line.length >= WAITING_MAX) return Promise.reject(refusal(kind));
    return new Promise((leave, giveUp) => {
      line.push({ kind, charges, untilMs: nowMs() + waitMaxMs, leave, giveUp });
      wakeIn(wait);
    });
  }

  return {
    takeAll,
    take: (kind, weight, waitMaxMs) => takeAll(kind, [{ scope: first.name, weight }], waitMaxMs),
    observe(usedFrac) {
      const meter = meterOf({ scope: first.name, weight: 0 });
      const unseen = usedFrac * meter.limit - meter.used(nowMs());
      if (unseen > 0) meter.add(nowMs(), unseen);
    },
    silence(forMs, scope) {
      const untilMs = nowMs() + forMs;
      if (scope === undefined) bannedUntilMs = Math.max(bannedUntilMs, untilMs);
      else silentUntilMs.set(scope, Math.max(silentUntilMs.get(scope) ?? 0, untilMs));
      onUse?.(use());
    },
    full(scope) {
      const meter = meterOf({ scope, weight: 0 });
      // Neither less nor more: where limits are lifted ours may be beyond any.
      meter.add(nowMs(), meter.limit - meter.used(nowMs()));
      calledFull.add(meter);
    },
    exhausted(charges) {
      const now = nowMs();
      // The venue has said for how long: what we would make up of that is longer, or about more.
      if (bannedUntilMs > now || charges.some(({ scope }) => (silentUntilMs.get(scope) ?? 0) > now)) return;
      const counted = charges.filter(({ weight }) => weight > 0);
      const [first] = counted.toSorted((a, b) => emptiesWithinMs(a) - emptiesWithinMs(b));
      if (first !== undefined) fill(meterOf(first));
    },
    use,
    stop() {
      clearTimeout(alarm?.timer);
      for (const line of LINES)
        for (const one of waiting[line].splice(0)) one.giveUp(new BudgetError("the gateway is closing"));
    },
  };
}

function isRead(kind: RequestClass): boolean {
  return kind === "query" || kind === "lookup";
}

function lineOf(kind: RequestClass): Line {
  return kind === "query" || kind === "lookup" ? "read" : kind;
}

/** Somebody waits there who came before: what costs less must not always find the room that is saved for more. */
function standsBehind(charges: readonly Charge[], line: readonly Waiting[]): boolean {
  const paid = charges.filter(({ weight }) => weight > 0).map(({ scope }) => scope);
  return line.some((one) => one.charges.some(({ scope, weight }) => weight > 0 && paid.includes(scope)));
}

function shareOf(kind: RequestClass, scope: LimitScope | undefined): number {
  if (scope?.cancelsPass === true) return CLASS_SHARE[kind] / CLASS_SHARE.hedge;
  return (1 - GUARD_SHARE) * (scope?.isForReads === true ? 1 : CLASS_SHARE[kind]);
}

function refusal(kind: RequestClass): BudgetError {
  return new BudgetError(`the venue's request budget has no room for a ${kind} in time`);
}
