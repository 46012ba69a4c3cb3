/**
 * The lab as a process of its own: `node dist/lab.mjs --home DIR`. It ends at once on SIGTERM, and when its
 * parent is gone once no desk trades any more.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { UserError } from "../../contract/errors.ts";
import { createClock } from "../../host/clock.ts";
import { readDeskFile } from "../../host/deskHome.ts";
import { createLog } from "../../host/log.ts";
import { startLab } from "./lab.ts";

/** An engine that lost the same parent cancels, waits out the requests on the wire and seals within this. */
const LAST_DESK_MS = 15_000;
const LOOK_MS = 50;

const log = createLog("lab");

process.on("uncaughtException", (error) => {
  log.error(error.message, error instanceof UserError ? {} : { error });
  process.exit(1);
});

const { home } = parseArgs({ options: { home: { type: "string" } } }).values;
if (home === undefined) throw new UserError("say which desk's lab to run: --home DIR");
const lab = await startLab({ home, clock: createClock(readDeskFile(home).clock), log });

let isStopping = false;
async function stop(why: string): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  log.info("the lab stops", { why });
  await lab.stop();
  process.exit(0);
}

process.on("SIGTERM", () => void stop("SIGTERM"));
// Ctrl-C reaches a whole group of processes: a child waits for its parent, which cancels at the venues first.
process.on("SIGINT", () => void (process.connected || stop("SIGINT")));
process.on("disconnect", () => void stopAfterDesk());
// It may have gone while the accounts were being read.
if (process.send !== undefined && !process.connected) void stopAfterDesk();

/** Orders that rest here can be canceled only as long as this process answers. */
async function stopAfterDesk(): Promise<void> {
  for (let waitedMs = 0; lab.hasDesk && waitedMs < LAST_DESK_MS; waitedMs += LOOK_MS) await sleep(LOOK_MS);
  await stop("its parent is gone");
}
