/** The desk's PostgreSQL: somebody else's by its address, or our own, started again when it dies. */
import { join } from "node:path";
import type { Profile } from "../contract/deskFile.ts";
import { desksDirectory } from "../host/deskHome.ts";
import type { Log } from "../host/log.ts";
import { ensureDatabase, splitUrl, withConnection } from "../store/database.ts";
import { startPostgres, type RunningPostgres } from "../store/embedded.ts";
import { migrate } from "../store/migrate.ts";
import type { ProcessStatus } from "./control.ts";
import { holdDeskLock, type DeskLock } from "./deskLock.ts";

/** A disk that is full for a while must not spin a core. */
const RESTART_FIRST_MS = 250;
const RESTART_MAX_MS = 10_000;

export interface Database {
  /** For the whole run: a server that is started again is where it was. */
  readonly url: string;
  /** Largest run epoch that the database knows: a home that was set back must not use one again. */
  readonly lastEpoch: number;
  status(): ProcessStatus;
  close(): Promise<void>;
}

export async function openDatabase(options: {
  readonly profile: Profile;
  readonly externalUrl: string | undefined;
  readonly log: Log;
  /** A database that went away, in words. */
  readonly onTrouble: (text: string) => void;
}): Promise<Database> {
  const { profile, externalUrl, log } = options;
  const own = externalUrl === undefined ? await OwnPostgres.open(log, options.onTrouble) : undefined;
  let lock: DeskLock | undefined;
  try {
    const url = own?.url(`crossdesk_${profile}`) ?? externalFor(profile, externalUrl ?? "");
    await ensureDatabase(url);
    lock = await holdDeskLock(url, log);
    if (profile === "replay") {
      // A recording plays in another time than the last one: their pasts are not mixed. Another desk's is not ours.
      await lock.release();
      await ensureDatabase(url, { fresh: true });
      lock = await holdDeskLock(url, log);
    }
    const applied = await migrate(url);
    if (applied.length > 0) log.info("the database was brought up to date", { migrations: applied });
    return opened(url, await lastEpochIn(url), lock, own);
  } catch (error) {
    await lock?.release();
    await own?.stop();
    throw error;
  }
}

function opened(url: string, lastEpoch: number, lock: DeskLock, own: OwnPostgres | undefined): Database {
  return {
    url,
    lastEpoch,
    status: () => own?.status() ?? { ...NOBODY, name: "database (by DATABASE_URL)" },
    async close() {
      await lock.release();
      await own?.stop();
    },
  };
}

const NOBODY = { pid: undefined, restarts: 0, startedAtMs: undefined, trouble: undefined } as const;

function externalFor(profile: Profile, url: string): string {
  // The demo has the name as it is given; pasts of several desks are not mixed.
  if (profile === "demo") return url;
  const parsed = new URL(url);
  parsed.pathname = `/${encodeURIComponent(`${splitUrl(url).name}_${profile}`)}`;
  return parsed.href;
}

async function lastEpochIn(url: string): Promise<number> {
  return withConnection(url, async (client) => {
    const { rows } = await client.query<{ epoch: number | null }>(
      "select max(epoch) as epoch from recorder_position",
    );
    return rows[0]?.epoch ?? 0;
  });
}

class OwnPostgres {
  readonly #log: Log;
  readonly #onTrouble: (text: string) => void;
  #running: RunningPostgres;
  #restarts = 0;
  #trouble: string | undefined;
  #isStopping = false;

  static async open(log: Log, onTrouble: (text: string) => void): Promise<OwnPostgres> {
    return new OwnPostgres(await startOwn(log), log, onTrouble);
  }

  private constructor(running: RunningPostgres, log: Log, onTrouble: (text: string) => void) {
    this.#running = running;
    this.#log = log;
    this.#onTrouble = onTrouble;
    this.#watch();
  }

  url(database: string): string {
    return this.#running.url(database);
  }

  status(): ProcessStatus {
    const pid = this.#trouble === undefined ? this.#running.pid : undefined;
    return { ...NOBODY, name: "database", pid, restarts: this.#restarts, trouble: this.#trouble };
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#trouble === undefined) await this.#running.stop();
  }

  #watch(): void {
    this.#running.onExit((text) => {
      if (this.#isStopping) return;
      this.#trouble = text;
      this.#onTrouble(`database: ${text}; started again. Trading goes on, the past is written down later`);
      void this.#restart();
    });
  }

  async #restart(): Promise<void> {
    for (let waitMs = RESTART_FIRST_MS; !this.#isStopping; waitMs = Math.min(2 * waitMs, RESTART_MAX_MS)) {
      try {
        // Recorder and pages have its address, and with the pages the engine would have to end for another.
        const running = await startOwn(this.#log, this.#running.port);
        this.#running = running;
        this.#restarts += 1;
        this.#trouble = undefined;
        if (this.#isStopping) return await running.stop();
        return this.#watch();
      } catch (error) {
        this.#trouble = error instanceof Error ? error.message : String(error);
        this.#log.warn("the database does not start", { error, againInMs: waitMs });
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }
}

function startOwn(log: Log, port?: number): Promise<RunningPostgres> {
  return startPostgres({ dataDir: join(desksDirectory(), "postgres"), port, log });
}
