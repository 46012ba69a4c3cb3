/** What a seed does to a desk: which processes die at which instants, and how long each stays away. */
import { randomStream } from "../../lab/random.ts";

export const VICTIMS = ["engine", "recorder", "lab", "database"] as const;
export type Victim = (typeof VICTIMS)[number];

/** A desk that has traded since the blow before; an engine that has just come back; or whatever there is. */
type Target = "trading" | "recovering" | "anything";

export interface Blow {
  readonly onto: Target;
  /** From then on. */
  readonly afterMs: number;
  readonly victims: readonly Victim[];
  /** By victim: from its death to its next start. */
  readonly downMs: Readonly<Partial<Record<Victim, number>>>;
}

export interface Plan {
  readonly seed: number;
  /** A process of its own, or a thread of a process that hosts it, like the web server does. */
  readonly engine: "process" | "thread";
  /** Engine seconds per second. */
  readonly clockSpeed: number;
  /** Whether people stop scopes for good now and then. */
  readonly stops: boolean;
  readonly blows: readonly Blow[];
}

/** Seeds that run in real time: their ways back to READY are what a desk's would be. */
const REAL_TIME_EVERY = 10;
/** Market warm-up and request expiries pass faster; at more than this two slow cores cannot follow. */
const CLOCK_SPEED = 4;
const THREAD_EVERY = 3;

const VICTIM_SETS: readonly { readonly victims: readonly Victim[]; readonly weight: number }[] = [
  { victims: ["engine"], weight: 5 },
  { victims: ["engine", "lab"], weight: 3 },
  { victims: VICTIMS, weight: 3 },
  { victims: ["lab"], weight: 2 },
  { victims: ["recorder"], weight: 2 },
  { victims: ["database"], weight: 2 },
];

/** A recovery takes one to three seconds, most of it to start the process. */
const AFTER_MAX_MS: Readonly<Record<Target, number>> = { trading: 1_500, recovering: 1_000, anything: 3_000 };
const DOWN_MAX_MS = 600;

/** With `blowsMax` the same plan, cut short. */
export function planOf(seed: number, blowsMax = Infinity): Plan {
  const { uniform } = randomStream(seed, "recovery plan");
  const blowOf = (at: number): Blow => {
    const onto = pickTarget(uniform(), at === 0);
    const victims = pickVictims(uniform());
    return {
      onto,
      afterMs: Math.floor(uniform() * AFTER_MAX_MS[onto]),
      victims,
      downMs: Object.fromEntries(victims.map((victim) => [victim, Math.floor(uniform() * DOWN_MAX_MS)])),
    };
  };
  const count = 4 + Math.floor(uniform() * 4);
  return {
    seed,
    engine: seed % THREAD_EVERY === 0 ? "thread" : "process",
    clockSpeed: seed % REAL_TIME_EVERY === 0 ? 1 : CLOCK_SPEED,
    stops: uniform() < 0.5,
    blows: Array.from({ length: count }, (_, at) => blowOf(at)).slice(0, blowsMax),
  };
}

/** Most seeds trade before anything happens to them. */
function pickTarget(share: number, isFirst: boolean): Target {
  if (isFirst) return share < 0.85 ? "trading" : "anything";
  if (share < 0.55) return "trading";
  return share < 0.8 ? "recovering" : "anything";
}

function pickVictims(share: number): readonly Victim[] {
  let left = share * VICTIM_SETS.reduce((sum, { weight }) => sum + weight, 0);
  for (const { victims, weight } of VICTIM_SETS) {
    left -= weight;
    if (left < 0) return victims;
  }
  return VICTIMS;
}
