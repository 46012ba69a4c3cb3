/** What a seed does to a desk: which processes die, what the desk is at just then, and whether they die twice. */
import { randomStream } from "../../lab/random.ts";

/** Without the supervisor nobody starts the others again; with the lab its resting orders go, as at a maintenance. */
export const VICTIMS = ["supervisor", "web", "recorder", "database", "lab"] as const;
export type Victim = (typeof VICTIMS)[number];

export interface Plan {
  readonly seed: number;
  /** A desk that trades; one that is told a parameter; or one that a person stops at that moment. */
  readonly during: "trading" | "change" | "stop";
  /** What there is to lose, at least. */
  readonly fillsMin: number;
  /** From the last of those fills on, or from when the change or the stop is sent. */
  readonly afterMs: number;
  readonly victims: readonly Victim[];
  /** A second blow, onto whatever has come back by then. */
  readonly again: { readonly afterMs: number; readonly victims: readonly Victim[] } | undefined;
  /** Whether people stop scopes for good now and then, before the blow. */
  readonly stops: boolean;
}

/** All that a desk is made of, while its venues live on. */
export const WHOLE_DESK: readonly Victim[] = VICTIMS.filter((victim) => victim !== "lab");

/** The web server has the engine in it: it is struck most. */
const VICTIM_SETS: readonly { readonly victims: readonly Victim[]; readonly weight: number }[] = [
  { victims: ["web"], weight: 5 },
  { victims: WHOLE_DESK, weight: 5 },
  { victims: VICTIMS, weight: 3 },
  { victims: ["supervisor"], weight: 2 },
  { victims: ["supervisor", "web"], weight: 2 },
  { victims: ["web", "database"], weight: 2 },
  { victims: ["database"], weight: 2 },
  { victims: ["recorder"], weight: 2 },
  { victims: ["web", "recorder"], weight: 1 },
  { victims: ["supervisor", "database"], weight: 1 },
  { victims: ["web", "lab"], weight: 1 },
  { victims: ["lab"], weight: 1 },
];

const CHANGE_SHARE = 0.25;
const STOP_SHARE = 0.2;
const AGAIN_SHARE = 0.25;

/** They come one to five a second. */
const FILLS_MAX = 20;

/** A change is durable within some 10 ms, a stop is sealed within two seconds. */
const AFTER_MAX_MS: Readonly<Record<Plan["during"], number>> = { trading: 6_000, change: 20, stop: 1_500 };
/** The way back takes some five seconds. */
const AGAIN_AFTER_MAX_MS = 6_000;

/** `whole`: the desk is killed whole while it trades, each time; what the second blow is, if any, is drawn. */
export function planOf(seed: number, whole = false): Plan {
  const { uniform } = randomStream(seed, "recovery plan");
  const kind = whole ? 1 : uniform();
  const during = kind < CHANGE_SHARE ? "change" : kind < CHANGE_SHARE + STOP_SHARE ? "stop" : "trading";
  const victims = whole ? WHOLE_DESK : pickVictims(uniform());
  const afterMs = Math.floor(uniform() * AFTER_MAX_MS[during]);
  const again =
    uniform() < AGAIN_SHARE
      ? { victims: pickVictims(uniform()), afterMs: Math.floor(uniform() * AGAIN_AFTER_MAX_MS) }
      : undefined;
  const fillsMin = 1 + Math.floor(uniform() * FILLS_MAX);
  return { seed, during, fillsMin, afterMs, victims, again, stops: !whole && uniform() < 0.5 };
}

/** The web server has the engine in it, and ends without its supervisor. */
export function hitsEngine(victims: readonly Victim[]): boolean {
  return victims.includes("web") || victims.includes("supervisor");
}

export function describePlan({ during, afterMs, victims, again }: Plan): string {
  const first = `${describeVictims(victims)} ${afterMs} ms into ${during}`;
  return again === undefined
    ? first
    : `${first}, ${describeVictims(again.victims)} ${again.afterMs} ms later`;
}

export function describeVictims(victims: readonly Victim[]): string {
  if (victims.length === VICTIMS.length) return "everything";
  const isWholeDesk = victims.length === WHOLE_DESK.length && !victims.includes("lab");
  return isWholeDesk ? "the whole desk" : victims.join("+");
}

function pickVictims(share: number): readonly Victim[] {
  let left = share * VICTIM_SETS.reduce((sum, { weight }) => sum + weight, 0);
  for (const { victims, weight } of VICTIM_SETS) {
    left -= weight;
    if (left < 0) return victims;
  }
  return VICTIMS;
}
