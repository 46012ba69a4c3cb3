/**
 * What the web process has once, however many bundles Next makes of it: the link to the engine, the store and
 * the sessions, on `globalThis`.
 */
import { z } from "zod";
import type { EngineLink } from "../contract/link.ts";
import { LOG_TOPICS } from "../contract/lines.ts";
import { createLog, type Log } from "../host/log.ts";
import { connectLink } from "../link/client.ts";
import { openStore, type Store } from "../store/client.ts";
import { Sessions } from "./sessions.ts";
import { StateTopics } from "./stateTopics.ts";
import { Stops } from "./stops.ts";

export interface Services {
  readonly home: string;
  readonly link: EngineLink;
  readonly store: Store;
  readonly states: StateTopics;
  readonly stops: Stops;
  readonly log: Log;
  readonly sessions: Sessions;
  /** The wall clock. */
  readonly nowMs: () => number;
}

const KEY = Symbol.for("crossdesk.services");

/** Throws when this process was not started by the supervisor. */
export function services(): Services {
  const shared = globalThis as { [KEY]?: Services };
  return (shared[KEY] ??= open());
}

const Environment = z.object({ CROSSDESK_DESK_HOME: z.string().min(1), DATABASE_URL: z.string().min(1) });

function open(): Services {
  const { CROSSDESK_DESK_HOME: home, DATABASE_URL: url } = Environment.parse(process.env);
  return createServices(home, url);
}

export function createServices(
  home: string,
  databaseUrl: string,
  log: Log = createLog("web"),
  nowMs: () => number = () => new Date().getTime(),
): Services {
  const link = connectLink({ home, client: "web", log });
  // Followed once it stays so: the first browser finds the newest lines instead of all of them one by one.
  const ignore = { lines: () => undefined, resync: () => undefined };
  for (const topic of LOG_TOPICS) link.follow(topic, undefined, ignore);
  return {
    home,
    link,
    store: openStore(databaseUrl),
    states: new StateTopics(link),
    stops: new Stops({ home, link, nowMs, log }),
    log,
    sessions: new Sessions(home, nowMs),
    nowMs,
  };
}
