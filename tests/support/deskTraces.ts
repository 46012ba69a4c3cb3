/** Everything that a desk leaves behind, piece by piece: its files, its journals as they read, every row of its database. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { openJournal } from "../../server/engine/journal/reader.ts";
import { listRuns, runDirectory } from "../../server/engine/service/runs.ts";
import { withConnection } from "../../server/store/database.ts";

export interface Trace {
  readonly where: string;
  readonly content: Buffer | string;
}

/** Bytes as they lie on the disk. */
export function* filesOf(home: string): Generator<Trace & { readonly mode: number }> {
  for (const entry of readdirSync(home, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    yield { where: relative(home, path), content: readFileSync(path), mode: statSync(path).mode & 0o777 };
  }
}

/** Each event with its effects, and each snapshot, unpacked. */
export function* journalsOf(home: string): Generator<Trace> {
  for (const epoch of listRuns(home)) {
    const reader = openJournal(runDirectory(home, epoch));
    try {
      if (!reader.hasContent()) continue;
      yield { where: `manifest of run ${epoch}`, content: JSON.stringify(reader.manifest) };
      for (const { bytes } of reader.snapshots())
        yield { where: `snapshot of run ${epoch}`, content: Buffer.from(bytes) };
      for (const { seq, event, effects } of reader.entries())
        yield {
          where: `event ${seq} of run ${epoch}`,
          content: JSON.stringify({ event, effects }, withBigInts),
        };
    } finally {
      reader.close();
    }
  }
}

/** Every column of every row of every table, as text. */
export async function rowsOf(url: string): Promise<Trace[]> {
  return withConnection(url, async (client) => {
    const tables = await client.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    );
    const traces: Trace[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ row: string }>(
        `select to_jsonb(t)::text as row from "${name}" t`,
      );
      for (const { row } of rows) traces.push({ where: `table ${name}`, content: row });
    }
    return traces;
  });
}

function withBigInts(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
