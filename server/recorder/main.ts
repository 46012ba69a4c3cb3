/** The recorder as a process: `node dist/recorder.mjs --home DIR` with DATABASE_URL. */
import { parseArgs } from "node:util";
import { UserError } from "../contract/errors.ts";
import { createClock } from "../host/clock.ts";
import { keepHeapsSmall } from "../host/keepHeapsSmall.ts";
import { createLog } from "../host/log.ts";
import { startRecorder } from "./recorder.ts";

const log = createLog("recorder");
keepHeapsSmall();

async function main(): Promise<void> {
  const { home } = parseArgs({ options: { home: { type: "string" } } }).values;
  const url = process.env.DATABASE_URL;
  if (home === undefined || url === undefined)
    throw new UserError("name the desk's home with --home DIR and its database in DATABASE_URL");
  const clock = createClock();
  const recorder = startRecorder({ home, url, log, wallMs: () => clock.nowUs() / 1_000 });
  // It answers through `done`, like everything that ends the recorder.
  const stop = (): void => void recorder.stop().catch(() => undefined);
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // The supervisor is gone: nobody would stop us later.
  process.on("disconnect", stop);
  // It may have gone before anyone listened; without a channel this is undefined.
  if (process.connected === false) stop();
  await recorder.done;
}

try {
  await main();
  process.exit(0);
} catch (error) {
  log.error(
    error instanceof Error ? error.message : String(error),
    error instanceof UserError ? {} : { error },
  );
  process.exit(1);
}
