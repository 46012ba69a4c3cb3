/**
 * The engine's entry: a worker thread (`workerData.home`) or a process of its own (`--home DIR`). A stop
 * comes as a message or a signal; a host that is gone is one too.
 */
import { parseArgs } from "node:util";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { UserError } from "../contract/errors.ts";
import { createClock } from "../host/clock.ts";
import { readDeskFile } from "../host/deskHome.ts";
import { createLog } from "../host/log.ts";
import { createDeskVenue } from "./deskVenue.ts";
import { startEngine } from "./service/start.ts";

const log = createLog("engine");

async function main(): Promise<void> {
  const home = readHome();
  const desk = readDeskFile(home);
  const clock = createClock(desk.clock);
  const venue = createDeskVenue({ home, desk, clock, log });
  const engine = await startEngine({
    home,
    venue,
    clock,
    log,
    onHeartbeat: (atMs) => parentPort?.postMessage({ type: "heartbeat", atMs }),
  });
  onStop((reason) => void engine.stop(reason));
  // Nothing else runs in this thread: whatever was not caught may have left the desk half told.
  process.on("uncaughtException", (error) => engine.fail(error));
  process.on("unhandledRejection", (error) => engine.fail(error));
  parentPort?.postMessage({ type: "started", epoch: engine.epoch });
  const end = await engine.ended;
  process.exit(end.how === "stopped" ? 0 : 1);
}

const Home = z.object({ home: z.string().min(1) });

function readHome(): string {
  const given: unknown = isMainThread
    ? parseArgs({ options: { home: { type: "string" } } }).values
    : workerData;
  const parsed = Home.safeParse(given);
  if (!parsed.success) throw new UserError("name the desk's home: --home DIR");
  return parsed.data.home;
}

const StopMessage = z.object({ type: z.literal("stop"), reason: z.string().default("stopped by its host") });

/** Signals and the channel to a parent process belong to a process; a thread has its port. */
function onStop(stop: (reason: string) => void): void {
  parentPort?.on("message", (message: unknown) => {
    const parsed = StopMessage.safeParse(message);
    if (parsed.success) stop(parsed.data.reason);
  });
  if (!isMainThread) return;
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop(signal));
  const isOrphan = () => stop("the supervisor is gone");
  process.on("disconnect", isOrphan);
  // It may have gone while the engine was recovering.
  if (process.send !== undefined && !process.connected) isOrphan();
}

// Last: what it uses has to be there.
await main().catch((error: unknown) => {
  log.error(
    error instanceof Error ? error.message : String(error),
    error instanceof UserError ? {} : { error },
  );
  process.exit(1);
});
