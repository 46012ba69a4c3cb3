/**
 * One desk per database: a session lock in PostgreSQL, so that a second desk on another machine with the same
 * DATABASE_URL is found at its start. A database that restarts drops the lock; it is taken again.
 */
import { Client } from "pg";
import { UserError } from "../contract/errors.ts";
import type { Log } from "../host/log.ts";

/** "crsd" in ASCII; migrations have a key of their own. */
const LOCK_KEY = 0x63727364;

const RETRY_MS = 2_000;

export interface DeskLock {
  release(): Promise<void>;
}

/** Throws a UserError when another desk holds it. */
export async function holdDeskLock(url: string, log: Log): Promise<DeskLock> {
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isReleased = false;

  const take = async (): Promise<boolean> => {
    const next = new Client({ connectionString: url, application_name: "crossdesk supervisor" });
    next.on("error", () => again(next));
    await next.connect();
    const { rows } = await next.query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [
      LOCK_KEY,
    ]);
    if (rows[0]?.taken !== true) {
      await next.end();
      return false;
    }
    client = next;
    return true;
  };

  function again(lost: Client): void {
    if (isReleased || (client !== undefined && client !== lost)) return;
    client = undefined;
    clearTimeout(timer);
    timer = setTimeout(() => {
      take().then(
        (taken) => {
          if (taken) return;
          log.error("another desk has taken this database meanwhile: stop one of the two");
          again(lost);
        },
        () => again(lost),
      );
    }, RETRY_MS);
  }

  if (!(await take()))
    throw new UserError(
      "another desk is using this database: stop it, or give this one another DATABASE_URL",
    );
  return {
    async release() {
      isReleased = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
