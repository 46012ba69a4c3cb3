/**
 * Rows and the recorder's position into PostgreSQL, in one transaction: whatever dies, the position says
 * what is there. It moves only from where this writer left it, so two of them cannot both be right.
 */
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { StoreError, toStoreError } from "../store/errors.ts";
import { TABLES, type Cell, type Row, type Table } from "./tables.ts";

export interface Position {
  readonly epoch: number;
  readonly seq: number;
  readonly runId: string;
}

export function isSamePosition(a: Position | undefined, b: Position | undefined): boolean {
  return a?.epoch === b?.epoch && a?.seq === b?.seq && a?.runId === b?.runId;
}

const CONNECT_TIMEOUT_MS = 5_000;

const CLOSE_MAX_MS = 1_000;

/** A statement that takes longer stands behind a lock that will not go away. */
const STATEMENT_TIMEOUT_MS = 30_000;

/** One recorder per database: "desk" as a number. */
const LOCK_KEY = 0x6465_736b;

export class RecordWriter {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /** Throws a StoreError; code REFUSED while another recorder writes to this database. */
  static async open(url: string): Promise<RecordWriter> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      application_name: "crossdesk recorder",
    });
    // A connection that breaks also fails the next statement, and that is where it is answered.
    client.on("error", () => undefined);
    const writer = new RecordWriter(client);
    try {
      await client.connect();
      await writer.#lock();
      return writer;
    } catch (error) {
      await writer.close();
      throw toStoreError(error);
    }
  }

  /** Of the newest run that was begun; undefined when nothing was ever written. */
  async position(): Promise<Position | undefined> {
    const { rows } = await this.#query<{ epoch: number; seq: string; run_id: string }>(
      "select epoch, seq, run_id from recorder_position order by epoch desc limit 1",
    );
    const row = rows[0];
    return row === undefined ? undefined : { epoch: row.epoch, seq: Number(row.seq), runId: row.run_id };
  }

  /** All of it or nothing. After a StoreError only `position` of a new writer says which. */
  async write(from: Position, toSeq: number, rows: readonly Row[]): Promise<void> {
    await this.#query("begin");
    for (const table of TABLES) await this.#insert(table, rows);
    const moved = await this.#query(
      `insert into recorder_position (epoch, seq, run_id, updated_at) values ($1, $2, $3, now())
       on conflict (epoch) do update set seq = excluded.seq, updated_at = excluded.updated_at
       where recorder_position.seq = $4 and recorder_position.run_id = excluded.run_id`,
      [from.epoch, toSeq, from.runId, from.seq],
    );
    if (moved.rowCount !== 1)
      throw new StoreError("FAILED", `somebody else moved the recorder's position of run ${from.epoch}`);
    await this.#query("commit");
  }

  /** Whatever was begun and not committed is gone with the connection. */
  async close(): Promise<void> {
    // Nothing is owed to a connection that is broken already, and a server that hangs is not waited for.
    const ended = this.#client.end().catch(() => undefined);
    await Promise.race([ended, delay(CLOSE_MAX_MS, undefined, { ref: false })]);
  }

  async #lock(): Promise<void> {
    const { rows } = await this.#query<{ held: boolean }>("select pg_try_advisory_lock($1) as held", [
      LOCK_KEY,
    ]);
    if (rows[0]?.held !== true)
      throw new StoreError("REFUSED", "another recorder writes to this database: stop that one first");
  }

  async #insert(table: Table, all: readonly Row[]): Promise<void> {
    const rows = lastOfEach(all.filter((row) => row.table === table));
    if (rows.length === 0) return;
    const names = table.columns.map(({ name }) => `"${name}"`).join(", ");
    const arrays = table.columns.map(({ type }, at) => `$${at + 1}::${type}[]`).join(", ");
    const sql = `insert into "${table.name}" (${names}) select * from unnest(${arrays}) ${table.onConflict}`;
    const columns = table.columns.map((_column, at): Cell[] => rows.map((row) => row.cells[at] ?? null));
    await this.#query(sql, columns);
  }

  async #query<R extends pg.QueryResultRow>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<pg.QueryResult<R>> {
    try {
      return await this.#client.query<R>(sql, [...values]);
    } catch (error) {
      throw toStoreError(error);
    }
  }
}

/** PostgreSQL refuses to update one row twice in a statement. */
function lastOfEach(rows: readonly Row[]): readonly Row[] {
  const last = new Map<string | Row, Row>();
  for (const row of rows) last.set(row.replaces ?? row, row);
  return [...last.values()];
}
