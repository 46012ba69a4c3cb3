import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { diffToSchema, readSchema } from "../../../prisma/schemaEngine.ts";
import { UserError } from "../../../server/contract/errors.ts";
import { withConnection } from "../../../server/store/database.ts";
import { migrate, readMigrations } from "../../../server/store/migrate.ts";
import { emptyDatabase } from "../../support/postgres.ts";

const MIGRATIONS = readMigrations();
const NAMES = MIGRATIONS.map(({ name }) => name);
const scratch = mkdtempSync(join(tmpdir(), "crossdesk-migrations-"));

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let folders = 0;

/** The first `count` migrations of the repository, and more. */
function folderOf(count: number, more: Readonly<Record<string, string>> = {}): string {
  const folder = join(scratch, String((folders += 1)));
  mkdirSync(folder);
  const source = join(import.meta.dirname, "../../../prisma/migrations");
  for (const name of NAMES.slice(0, count))
    cpSync(join(source, name), join(folder, name), { recursive: true });
  for (const [name, sql] of Object.entries(more)) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "migration.sql"), sql);
  }
  return folder;
}

async function tablesOf(url: string): Promise<string[]> {
  const { rows } = await withConnection(url, (client) =>
    client.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public' order by 1",
    ),
  );
  return rows.map(({ name }) => name);
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error instanceof Error ? error.message : "";
}

describe("the migrations", () => {
  it("make exactly the tables of schema.prisma", async () => {
    const url = await emptyDatabase();
    await migrate(url);
    expect(await diffToSchema(url)).toBe("");
  });

  it("would be told apart from a schema with a column more", async () => {
    const url = await emptyDatabase();
    await migrate(url);
    const other = readSchema().replace("model Notice {", "model Notice {\n  colour String?");
    expect(await diffToSchema(url, other)).toContain('ADD COLUMN     "colour" TEXT');
  });

  it.each(NAMES.map((name, at) => ({ name, count: at + 1 })))(
    "upgrade a database that stands at $name",
    async ({ count }) => {
      const url = await emptyDatabase();
      expect(await migrate(url, folderOf(count))).toEqual(NAMES.slice(0, count));
      expect(await migrate(url)).toEqual(NAMES.slice(count));
      expect(await diffToSchema(url)).toBe("");
    },
  );
});

describe("migrate", () => {
  it("applies nothing the second time", async () => {
    const url = await emptyDatabase();
    expect(await migrate(url)).toEqual(NAMES);
    expect(await migrate(url)).toEqual([]);
  });

  it("applies each migration once when two start at the same moment", async () => {
    const url = await emptyDatabase();
    const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    expect(applied.flat()).toEqual(NAMES);
  });

  it("keeps the history that Prisma's own tools keep", async () => {
    const url = await emptyDatabase();
    await migrate(url);
    const { rows } = await withConnection(url, (client) =>
      client.query(
        'select migration_name as name, checksum, applied_steps_count as steps, finished_at is null as open from "_prisma_migrations" order by 1',
      ),
    );
    expect(rows).toEqual(MIGRATIONS.map(({ name, checksum }) => ({ name, checksum, steps: 1, open: false })));
  });

  it("leaves no trace of a migration that fails half-way", async () => {
    const url = await emptyDatabase();
    const folder = folderOf(1, { "29990101000000_bad": "create table half (id int); select 1/0;" });
    expect(await refusal(migrate(url, folder))).toContain("29990101000000_bad failed and was undone");
    expect(await tablesOf(url)).not.toContain("half");
    expect(await migrate(url)).toEqual(NAMES.slice(1));
  });

  it("refuses a database that a newer version has migrated", async () => {
    const url = await emptyDatabase();
    await migrate(url, folderOf(NAMES.length, { "29990101000000_later": "select 1;" }));
    expect(await refusal(migrate(url))).toContain("29990101000000_later is not known here");
  });

  it("refuses a migration that was edited after it was applied", async () => {
    const url = await emptyDatabase();
    await migrate(url, folderOf(0, { "20000101000000_first": "select 1;" }));
    const edited = folderOf(0, { "20000101000000_first": "select 2;" });
    expect(await refusal(migrate(url, edited))).toContain("was edited after the database had applied it");
  });

  it("refuses a migration that would have come before one that was applied", async () => {
    const url = await emptyDatabase();
    await migrate(url, folderOf(0, { "20000102000000_b": "select 1;" }));
    const inserted = folderOf(0, { "20000101000000_a": "select 1;", "20000102000000_b": "select 1;" });
    expect(await refusal(migrate(url, inserted))).toContain("lacks migration 20000101000000_a");
  });
});
