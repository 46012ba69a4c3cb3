/** The web server's process: it hosts the engine, and ends when the engine has. */
import { createClock } from "../host/clock.ts";
import { keepHeapsSmall } from "../host/keepHeapsSmall.ts";
import { createLog } from "../host/log.ts";
import { hostEngine, type EngineHost } from "./engineHost.ts";

const KEY = Symbol.for("crossdesk.engine");

/** Without a desk's home (a build, a test of pages) there is no engine. Called again it does nothing. */
export function hostInWeb(): void {
  const home = process.env["CROSSDESK_DESK_HOME"];
  const shared = globalThis as { [KEY]?: EngineHost };
  if (home === undefined || shared[KEY] !== undefined) return;
  keepHeapsSmall();
  const log = createLog("web");
  const clock = createClock();
  const engine = hostEngine({ root: process.cwd(), home, log, nowMs: () => Math.floor(clock.nowUs() / 1e3) });
  shared[KEY] = engine;

  let isEnding = false;
  const end = (reason: string): void => {
    if (isEnding) return;
    isEnding = true;
    log.info("stopping", { reason });
    // Open streams would keep the server alive for ever: the process ends with the engine.
    engine.stop(reason).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on("SIGTERM", () => end("SIGTERM"));
  process.on("SIGINT", () => end("SIGINT"));
  process.on("disconnect", () => end("the supervisor is gone"));
  // It may have gone while this process was starting.
  if (process.send !== undefined && !process.connected) end("the supervisor is gone");
}
