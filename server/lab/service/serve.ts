/** A lab's process: it ends at once on SIGTERM, and when its parent is gone once no desk trades any more. */
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../contract/errors.ts";
import type { Log } from "../../host/log.ts";
import type { Lab } from "./lab.ts";

/** An engine that lost the same parent cancels, waits out the requests on the wire and seals within this. */
const LAST_DESK_MS = 15_000;
const LOOK_MS = 50;

/** Never returns: the process ends with its lab. */
export async function serveLab(start: () => Promise<Lab>, log: Log): Promise<void> {
  const fail = (error: unknown): never => {
    const text = error instanceof Error ? error.message : String(error);
    log.error(text, error instanceof UserError ? {} : { error });
    process.exit(1);
  };
  process.on("uncaughtException", fail);
  const lab = await new Promise<Lab>((resolve) => resolve(start())).catch(fail);

  let isStopping = false;
  async function stop(why: string): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    log.info("the lab stops", { why });
    await lab.stop();
    process.exit(0);
  }

  /** Orders that rest here can be canceled only as long as this process answers. */
  async function stopAfterDesk(): Promise<void> {
    for (let waitedMs = 0; lab.hasDesk && waitedMs < LAST_DESK_MS; waitedMs += LOOK_MS) await sleep(LOOK_MS);
    await stop("its parent is gone");
  }

  process.on("SIGTERM", () => void stop("SIGTERM"));
  // Ctrl-C reaches a whole group of processes: a child waits for its parent, which cancels at the venues first.
  process.on("SIGINT", () => void (process.connected || stop("SIGINT")));
  process.on("disconnect", () => void stopAfterDesk());
  // It may have gone while the accounts were being read.
  if (process.send !== undefined && !process.connected) void stopAfterDesk();
}
