/**
 * A person who starts a demo or a replay wants it to quote: the start itself is the operator's act. Once per
 * start, never after a crash, and not at all while a stop is latched.
 */
import { randomUUID } from "node:crypto";
import type { DeskView } from "../contract/views.ts";
import type { Log } from "../host/log.ts";
import { connectLink } from "../link/client.ts";
import { readLatch } from "../link/latch.ts";

const RETRY_MS = 500;

/** Returns the end of the attempt. */
export function armWhenReady(options: {
  readonly home: string;
  readonly profile: string;
  readonly log: Log;
  readonly say: (text: string) => void;
}): () => void {
  const { home, profile, log, say } = options;
  const link = connectLink({ home, client: "supervisor" });
  const commandId = randomUUID();
  let desk: DeskView | undefined;
  let isDone = false;
  const finish = (): void => {
    if (isDone) return;
    isDone = true;
    clearInterval(timer);
    unwatchDesk();
    unwatchSystem();
    link.close();
  };
  const attempt = async (): Promise<void> => {
    if (isDone || desk === undefined) return;
    if (readLatch(home).entries.length > 0) {
      say("the desk stays stopped: a stop is latched. Arm it on its page, with a reason");
      return finish();
    }
    if (desk.state !== "DISARMED") return finish();
    if (desk.accounts.some(({ status }) => status !== "READY")) return;
    const outcome = await link.command({
      commandId,
      actor: "start",
      reason: `started by a person, profile ${profile}`,
      command: { type: "arm", scope: { level: "desk" } },
    });
    if (outcome.accepted) {
      say("armed: the desk quotes");
      finish();
    } else log.info("not armed yet", { code: outcome.code, text: outcome.text });
  };
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    attempt()
      .catch((error: unknown) => log.warn("the desk could not be armed yet", { error }))
      .finally(() => (isBusy = false));
  }, RETRY_MS);
  const unwatchDesk = link.watch("desk", (value) => (desk = value));
  let epoch: number | undefined;
  // Another run is one after a crash: a person's start is over.
  const unwatchSystem = link.watch("system", (value) => {
    if (epoch !== undefined && value.epoch !== epoch) {
      say("the engine was started again: it stays disarmed until a person arms it");
      finish();
    }
    epoch = value.epoch;
  });
  return finish;
}
