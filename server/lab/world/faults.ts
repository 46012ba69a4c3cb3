/** What goes wrong between desk and venue, how often, and a count of what did. All of it seeded. */
import { z } from "zod";
import { MICROS_PER_MS, MICROS_PER_SECOND } from "../../contract/units.ts";
import type { RandomStream } from "../random.ts";
import { randomStream } from "../random.ts";

const Probability = z.number().min(0).max(1).default(0);

/** A condition that comes and goes: exponential time between two, uniform length. */
const Outage = z
  .strictObject({
    everyS: z.number().min(0.1).describe("mean time from the end of one to the start of the next"),
    lengthMinS: z.number().min(0),
    lengthMaxS: z.number().max(86_400),
  })
  .refine((o) => o.lengthMaxS >= o.lengthMinS, "the longest must not be shorter than the shortest");

export const FaultPlan = z.strictObject({
  lostRequest: Probability.describe("a request never reaches the exchange"),
  lostAck: Probability.describe("a request takes effect, its answer is lost; fills still arrive"),
  lostFill: Probability.describe("a fill is never told unless it is asked for"),
  refusedCancel: Probability.describe("the venue refuses a cancel; the order lives on"),
  duplicateReport: Probability.describe("an order report is delivered twice"),
  lateReport: Probability.describe("an order report is overtaken by those behind it"),
  lateByMaxMs: z.int().min(1).max(60_000).default(2_000),
  /** Absent: nothing at all is said about a lost request or answer. */
  unknownAfterMs: z.int().min(1).max(60_000).optional().describe("orderUnknown this long after the request"),
  privateDown: Outage.optional().describe("reports are lost; fills come as a backfill after the reconnect"),
  feedSilence: Outage.optional().describe("the account's public data is held up, then comes at once"),
  feedGap: Outage.optional().describe("one instrument's public data is lost, then comes a snapshot"),
});
export type FaultPlan = z.infer<typeof FaultPlan>;

const CHANCE_FAULTS = [
  "lostRequest",
  "lostAck",
  "lostFill",
  "refusedCancel",
  "duplicateReport",
  "lateReport",
] as const;
type ChanceFault = (typeof CHANCE_FAULTS)[number];

const OUTAGE_FAULTS = ["privateDown", "feedSilence", "feedGap"] as const;
export type OutageFault = (typeof OUTAGE_FAULTS)[number];

/** What was injected, and what it cost: messages on the public feed and order reports that were lost. */
export type FaultCounts = Record<
  ChanceFault | OutageFault | "reportsLost" | "fillsBackfilled" | "publicLost",
  number
>;

export function zeroFaultCounts(): FaultCounts {
  return {
    lostRequest: 0,
    lostAck: 0,
    lostFill: 0,
    refusedCancel: 0,
    duplicateReport: 0,
    lateReport: 0,
    privateDown: 0,
    feedSilence: 0,
    feedGap: 0,
    reportsLost: 0,
    fillsBackfilled: 0,
    publicLost: 0,
  };
}

/** The dice of one account. */
export interface Faults {
  readonly counts: FaultCounts;
  readonly unknownAfterUs: number | undefined;
  /** Whether it happens this time; counted if so. */
  strikes(fault: ChanceFault): boolean;
  /** At least 1 µs. */
  lateByUs(): number;
  /** The next outage of a kind: how long until it starts and how long it lasts. Undefined: never. */
  nextOutage(fault: OutageFault): { readonly startsInUs: number; readonly lastsUs: number } | undefined;
  /** One of `count` things, for an outage that hits one. */
  pick(count: number): number;
  /** From now on nothing new goes wrong; what has begun ends in its time. */
  heal(): void;
  readonly isHealed: () => boolean;
}

interface FaultOptions {
  readonly plan: FaultPlan;
  readonly account: string;
  readonly seed: number;
  /** Shared by the accounts of a world. */
  readonly counts: FaultCounts;
}

export function createFaults({ plan, account, seed, counts }: FaultOptions): Faults {
  const stream = (purpose: string) => randomStream(seed, `fault ${account} ${purpose}`);
  const dice = streams([...CHANCE_FAULTS, ...OUTAGE_FAULTS], stream);
  const lateness = stream("lateness");
  const choice = stream("choice");
  let healed = false;
  return {
    counts,
    unknownAfterUs: plan.unknownAfterMs === undefined ? undefined : plan.unknownAfterMs * MICROS_PER_MS,
    strikes(fault) {
      const struck = !healed && plan[fault] > 0 && dice[fault].uniform() < plan[fault];
      if (struck) counts[fault] += 1;
      return struck;
    },
    lateByUs: () => 1 + Math.floor(lateness.uniform() * plan.lateByMaxMs * MICROS_PER_MS),
    nextOutage(fault) {
      const when = plan[fault];
      if (when === undefined) return undefined;
      const random = dice[fault];
      const lengthS = when.lengthMinS + (when.lengthMaxS - when.lengthMinS) * random.uniform();
      return {
        startsInUs: Math.round(random.exponential() * when.everyS * MICROS_PER_SECOND),
        lastsUs: Math.round(lengthS * MICROS_PER_SECOND),
      };
    },
    pick: (count) => Math.floor(choice.uniform() * count),
    heal: () => void (healed = true),
    isHealed: () => healed,
  };
}

/** One stream per fault: how often one strikes never shifts another. */
function streams<K extends string>(
  names: readonly K[],
  make: (name: K) => RandomStream,
): Record<K, RandomStream> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<K, RandomStream>;
}
