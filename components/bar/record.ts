/** What the bar says of the record: whether what happens reaches the database. Trading needs none of it. */
import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "../../server/api/router.ts";
import { formatTimeMs } from "../format/time.ts";

export type RecordAnswer = inferRouterOutputs<AppRouter>["system"]["database"];

/** It says how it is every second, or every two while it waits: what is silent for longer is dead or stuck. */
export const RECORDER_SILENCE_MAX_MS = 10_000;

/** A few seconds of a desk; while all is well it is a handful. */
const BEHIND_EVENTS = 500;

const GOES_ON = "Trading goes on; what happens is kept in the journal and recorded later.";

/** What a person should know; undefined while all is well. */
export function recordTrouble({ status, text, recorder, atMs }: RecordAnswer): string | undefined {
  const trouble = troubleOf(status === "down" ? text : undefined, recorder, atMs);
  return trouble === undefined ? undefined : `${trouble}. ${GOES_ON}`;
}

/** Whether what happened while there was trouble can be read by now. */
export function hasCaughtUp(answer: RecordAnswer): boolean {
  return recordTrouble(answer) === undefined && (answer.recorder?.lagEvents ?? Infinity) <= BEHIND_EVENTS;
}

function troubleOf(
  away: string | undefined,
  recorder: RecordAnswer["recorder"],
  atMs: number,
): string | undefined {
  const waitsSince =
    recorder?.database === "down" ? ` since ${formatTimeMs(recorder.sinceMs)} UTC` : undefined;
  if (away !== undefined)
    return waitsSince === undefined
      ? `The database is away: ${away}`
      : `The database has been away${waitsSince}: ${away}`;
  if (recorder === undefined) return "The recorder has not written anything yet";
  const { failure } = recorder;
  if (waitsSince !== undefined)
    return `The recorder has waited for the database${waitsSince}${failure === undefined ? "" : `: ${failure}`}`;
  if (failure !== undefined) return `The recorder has failed: ${failure}`;
  if (atMs - recorder.atMs > RECORDER_SILENCE_MAX_MS)
    return `The recorder has been silent since ${formatTimeMs(recorder.atMs)} UTC`;
  return undefined;
}

/** How far the recorder is behind the engine. */
export function lagWords({ recorder }: RecordAnswer): string {
  if (recorder === undefined) return "nothing is recorded yet";
  const { lagEvents, atMs } = recorder;
  return `recorder ${lagEvents === 1 ? "1 event" : `${lagEvents} events`} behind at ${formatTimeMs(atMs)} UTC`;
}
