/** Databases on a server, by their addresses. */
import pg from "pg";
import { UserError } from "../contract/errors.ts";
import { codeOf, StoreError, toStoreError } from "./errors.ts";
import { DATABASE_USER } from "./postgres/dataFolder.ts";

/** Long enough for a loaded machine; whoever waits asks again. */
const CONNECT_TIMEOUT_MS = 5_000;

export function databaseUrl(at: {
  readonly port: number;
  readonly password: string;
  readonly database: string;
}): string {
  return `postgresql://${DATABASE_USER}:${at.password}@127.0.0.1:${at.port}/${encodeURIComponent(at.database)}`;
}

/** Runs `work` with a connection of its own and closes it. What fails is a StoreError, or a UserError of `work`. */
export async function withConnection<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A connection that breaks also fails the query that uses it: that one is reported.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw error instanceof UserError ? error : toStoreError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function canConnect(url: string): Promise<boolean> {
  try {
    await withConnection(url, (client) => client.query("select 1"));
    return true;
  } catch {
    return false; // The question was whether.
  }
}

/** Makes the database of the address where it is missing; `fresh` drops what was there. */
export async function ensureDatabase(url: string, options: { readonly fresh?: boolean } = {}): Promise<void> {
  if (options.fresh !== true) {
    try {
      await withConnection(url, (client) => client.query("select 1"));
      return;
    } catch (error) {
      // 3D000: there is no such database.
      if (!(error instanceof StoreError) || codeOf(error.cause) !== "3D000") throw error;
    }
  }
  const { name, maintenanceUrl } = splitUrl(url);
  await withConnection(maintenanceUrl, async (client) => {
    const quoted = client.escapeIdentifier(name);
    if (options.fresh === true) await client.query(`drop database if exists ${quoted} with (force)`);
    try {
      await client.query(`create database ${quoted}`);
    } catch (error) {
      // 42P04 and 23505: somebody else made it at the same moment.
      const code = codeOf(error);
      if (code !== "42P04" && code !== "23505") throw error;
    }
  });
}

/** Every PostgreSQL has a database "postgres", from which others are made. */
export function splitUrl(url: string): { readonly name: string; readonly maintenanceUrl: string } {
  const parsed = new URL(url);
  const name = decodeURIComponent(parsed.pathname.slice(1));
  parsed.pathname = "/postgres";
  return { name, maintenanceUrl: parsed.toString() };
}
