/** From the engine's instants to the screen. */
import { UserError } from "../../contract/errors.ts";
import { MICROS_PER_MS } from "../../contract/units.ts";
import { distributionOf, type Distribution } from "../measure.ts";

/** A frame that showed the desk as it was at an engine instant; both by the machine's wall clock. */
export interface Paint {
  readonly atUs: number;
  readonly paintedAtMs: number;
}

/** Below this percentiles mean little. */
const PAINTS_MIN = 1_000;

/**
 * `event-to-paint`: from the newest event in a value to its paint. `missed-event-to-paint`: from an event that the
 * value before had just missed, which waits a period longer: the most that anything waits. Rounds do not follow
 * each other. Throws a UserError when there are too few paints.
 */
export function paintDistributions(rounds: readonly (readonly Paint[])[]): Distribution[] {
  const fresh: number[] = [];
  const missed: number[] = [];
  for (const paints of rounds)
    for (const [i, { atUs, paintedAtMs }] of paints.entries()) {
      const before = paints[i - 1];
      if (before === undefined) continue;
      fresh.push(nsBetween(atUs, paintedAtMs));
      missed.push(nsBetween(before.atUs, paintedAtMs));
    }
  if (fresh.length < PAINTS_MIN)
    throw new UserError(
      `the page painted ${fresh.length} values, too few to measure (${PAINTS_MIN}): try again when the machine is idle`,
    );
  return [
    distributionOf("event-to-paint", Float64Array.from(fresh), "ms"),
    distributionOf("missed-event-to-paint", Float64Array.from(missed), "ms"),
  ];
}

function nsBetween(atUs: number, paintedAtMs: number): number {
  const ns = (paintedAtMs * MICROS_PER_MS - atUs) * 1e3;
  if (ns < 0)
    throw new Error("a value was painted before it was made: the clocks of engine and browser differ");
  return ns;
}
