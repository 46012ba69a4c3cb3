/** One PostgreSQL for all seeds, which can be killed; each seed has a database of its own in it. */
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureDatabase, withConnection } from "../../store/database.ts";
import { startPostgres, type RunningPostgres } from "../../store/embedded.ts";
import { migrate } from "../../store/migrate.ts";

const TEMPLATE = "soak_template";
const QUIET = { info: () => undefined };

export class Database {
  readonly #folder: string;
  #server: RunningPostgres;

  static async open(folder: string): Promise<Database> {
    mkdirSync(folder);
    // As root the server runs as somebody else, who has to get in.
    chmodSync(folder, 0o755);
    const server = await startPostgres({ dataDir: join(folder, "postgres"), log: QUIET });
    const template = server.url(TEMPLATE);
    await ensureDatabase(template);
    await migrate(template);
    return new Database(folder, server);
  }

  private constructor(folder: string, server: RunningPostgres) {
    this.#folder = folder;
    this.#server = server;
  }

  /** Address of a database with all tables and no rows. */
  async create(name: string): Promise<string> {
    await withConnection(this.#server.url("postgres"), async (client) => {
      await client.query(`drop database if exists ${name} with (force)`);
      await client.query(`create database ${name} template ${TEMPLATE}`);
    });
    return this.#server.url(name);
  }

  async drop(name: string): Promise<void> {
    await withConnection(this.#server.url("postgres"), (client) =>
      client.query(`drop database if exists ${name} with (force)`),
    );
  }

  /** Its own children see that it is gone and end. */
  async kill(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#server.onExit(() => resolve()));
    process.kill(this.#server.pid, "SIGKILL");
    await ended;
  }

  async start(): Promise<void> {
    const before = this.#server.url("postgres");
    this.#server = await startPostgres({ dataDir: join(this.#folder, "postgres"), log: QUIET });
    if (this.#server.url("postgres") !== before)
      throw new Error("the database has another address than before: its clients hold the old one");
  }

  /** Ends the server at once and leaves its data. */
  abandon(): void {
    process.kill(this.#server.pid, "SIGQUIT");
  }

  async remove(): Promise<void> {
    await this.#server.stop();
    rmSync(this.#server.dataFolder, { recursive: true, force: true });
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
