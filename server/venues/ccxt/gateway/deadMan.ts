/** Keeps a venue's own dead-man's switch from going off for as long as this gateway lives. */
import type { Exchange } from "../exchanges/exchange.ts";
import type { RequestBudget } from "../ports.ts";
import { pause } from "./deadline.ts";
import { describeError } from "./describeError.ts";
import type { EntrySocket } from "./entrySocket.ts";
import type { Wire } from "./wire.ts";

/** Venues take 10 s and more; two refreshes may be lost. */
const TIMEOUT_SECONDS = 30;
const REFRESH_MS = 10_000;
/** At a start the entry socket is waited for, where the venue takes it there for nothing: over REST it may cost. */
const SOCKET_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 50;
const WAIT_MAX_MS = 5_000;
const ANSWER_WITHIN_MS = 3_000;

export interface DeadManOptions {
  readonly exchange: Pick<Exchange, "deadMansSwitch" | "limits">;
  readonly wire: Pick<Wire, "insist">;
  readonly socket: Pick<EntrySocket, "isOpen">;
  readonly budget: Pick<RequestBudget, "takeAll">;
  /** How much faster engine time, which the venue counts in, runs than the machine's. */
  readonly speed: number;
  readonly log: (text: string, fields: Readonly<Record<string, string>>) => void;
}

/** Undefined: the venue has none, and the desk's guard stands in for it. */
export function startDeadMan({
  exchange,
  wire,
  socket,
  budget,
  speed,
  log,
}: DeadManOptions): { stop(): void } | undefined {
  const request = exchange.deadMansSwitch?.(TIMEOUT_SECONDS);
  if (request === undefined) return undefined;
  const stopped = new AbortController();
  void (async () => {
    let failed = false;
    const { signal } = stopped;
    for (
      let ms = 0;
      ms < SOCKET_WITHIN_MS && request.socket !== undefined && !socket.isOpen;
      ms += LOOK_EVERY_MS
    )
      await pause(LOOK_EVERY_MS, signal);
    while (!signal.aborted) {
      try {
        await budget.takeAll("cancel", exchange.limits.read("deadMan"), WAIT_MAX_MS);
        await wire.insist(request, ANSWER_WITHIN_MS);
        failed = false;
      } catch (error) {
        if (!failed) log("the venue's dead-man's switch is not renewed", { error: describeError(error) });
        failed = true;
      }
      await pause(REFRESH_MS / speed, signal);
    }
  })();
  return { stop: () => stopped.abort() };
}
