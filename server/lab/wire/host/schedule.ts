/** Faults of the wire by a seeded schedule: which, where and how long is drawn; when is not. */
import { UserError } from "../../../contract/errors.ts";
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import type { WireFault, WireFaultKind, WireFaultPlan } from "../../../contract/wireFaults.ts";
import type { RandomStream } from "../../random.ts";
import { randomStream } from "../../random.ts";
import type { VenueHost } from "./host.ts";
import type { HostTime } from "./time.ts";

export interface FaultSchedule {
  /** Nothing new goes wrong from now on; what has begun ends in its time. */
  stop(): void;
}

/** Throws a UserError when the plan names a venue that is not there, or has nothing for one. */
export function startFaultSchedule(
  plan: WireFaultPlan,
  hosts: readonly VenueHost[],
  time: HostTime,
): FaultSchedule {
  const stranger = plan.venues?.find((venue) => !hosts.some(({ core }) => core.venue === venue));
  if (stranger !== undefined)
    throw new UserError(`no venue ${stranger}: there are ${hosts.map(({ core }) => core.venue).join(", ")}`);
  const struck = hosts.filter(({ core }) => plan.venues?.includes(core.venue) ?? true);
  const kindsAt = ({ front }: VenueHost): readonly WireFaultKind[] =>
    front.hasOpenBans === true
      ? plan.kinds.filter((kind) => kind !== "ban" && kind !== "rateLimited")
      : plan.kinds;
  const spared = struck.find((host) => kindsAt(host).length === 0);
  if (spared !== undefined)
    throw new UserError(
      `bans at ${spared.core.venue} have no end that it tells, nor have its limits: order them by hand`,
    );
  const random = randomStream(plan.seed, "wire faults");
  const everyUs = Math.round(plan.everyS * MICROS_PER_SECOND);
  let isOver = false;
  let nextUs = time.nowUs() + everyUs;

  function strike(): void {
    if (isOver) return;
    const host = pick(random, struck);
    host.fault(draw(pick(random, kindsAt(host)), host, random));
    nextUs += everyUs;
    time.at(nextUs, strike);
  }

  time.at(nextUs, strike);
  return { stop: () => void (isOver = true) };
}

/** Long enough for a desk to notice, short enough for it to be over before the next of ten seconds later. */
function draw(kind: WireFaultKind, { core }: VenueHost, random: RandomStream): WireFault {
  const between = (min: number, max: number): number => Math.round(min + (max - min) * random.uniform());
  switch (kind) {
    case "lostRequest":
    case "lostAnswer":
    case "noAnswer":
    case "stalledBody":
    case "cutBody":
    case "badJson":
    case "emptyBody":
    case "http503":
    case "http504":
    case "duplicateEvent":
    case "reorderedEvents":
    case "partialBatch":
    case "cancelRace":
    case "internalError":
    case "refusedCancel":
    case "loginRefused":
    case "sessionExpired":
      return { kind };
    case "overload":
      return { kind, requests: between(1, 5) };
    case "lateEvent":
      return { kind, delayMs: between(200, 2_000) };
    case "silentStream":
      return { kind, of: pick(random, ["feed", "report", "all"]), forMs: between(2_000, 6_000) };
    case "disconnect":
      return { kind, of: pick(random, ["feed", "report", "all"]) };
    case "slowSnapshot":
      return { kind, delayMs: between(500, 2_000), forMs: 5_000 };
    case "clockSkew":
      return { kind, offsetMs: between(500, 5_000) * (random.uniform() < 0.5 ? -1 : 1), forMs: 4_000 };
    case "staleRest":
    case "lateTrades":
      return { kind, behindMs: between(500, 3_000), forMs: 6_000 };
    case "overlappingTrades":
      return { kind, forMs: 6_000 };
    case "latencyBurst":
      return {
        kind,
        moreMs: between(50, 400),
        forMs: between(1_000, 4_000),
        side: pick(random, ["buy", "sell"]),
      };
    case "gap":
    case "badChecksum":
    case "crossedBook":
    case "ghostLevel":
      return { kind, instrument: pick(random, core.listings).instrument };
    case "externalOrder":
    case "halt":
    case "tickChange":
      return { kind, instrument: pick(random, core.listings).instrument, forMs: between(1_000, 4_000) };
    case "ban":
    case "rateLimited":
    case "maintenance":
      return { kind, forMs: between(1_000, 4_000) };
  }
}

function pick<T>(random: RandomStream, choices: readonly T[]): T {
  const chosen = choices[Math.floor(random.uniform() * choices.length)];
  if (chosen === undefined) throw new Error("invariant: there is nothing to choose from");
  return chosen;
}
