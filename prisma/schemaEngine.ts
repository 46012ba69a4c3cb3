/**
 * Prisma's schema engine as WebAssembly: what separates a database from schema.prisma, as SQL. Used to write the
 * next migration (`npx tsx prisma/diff.ts`) and to test that the migrations make what the schema says.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as glue from "@prisma/schema-engine-wasm/schema_engine_bg";

const SCHEMA_PATH = join(import.meta.dirname, "schema.prisma");

/** Empty when the database has exactly the tables of the schema. */
export async function diffToSchema(url: string, schema = readSchema()): Promise<string> {
  load();
  const files: [string, string][] = [[SCHEMA_PATH, schema]];
  const factory = bindMigrationAwareSqlAdapterFactory(new IntrospectingPg(url));
  const engine = await glue.SchemaEngine.new({ datamodels: files }, () => undefined, factory);
  try {
    const { stdout } = await engine.diff({
      from: {
        tag: "schemaDatasource",
        files: [{ path: SCHEMA_PATH, content: schema }],
        configDir: import.meta.dirname,
      },
      to: { tag: "schemaDatamodel", files: [{ path: SCHEMA_PATH, content: schema }] },
      script: true,
      exitCode: null,
      // The runner's own table is no part of the schema.
      filters: { externalTables: ["public._prisma_migrations"], externalEnums: [] },
    });
    return (stdout ?? "").replace("-- This is an empty migration.", "").trim();
  } finally {
    engine.free();
  }
}

/** PostgreSQL's internal one-byte type, and text. */
const CHAR_OID = 18;
const TEXT_OID = 25;

interface Raw {
  readonly fields: { dataTypeID: number }[];
}

/**
 * The engine reads catalogs with columns of type "char", which adapter-pg 7.10 cannot decode and text can; and it
 * knows nothing of the NOT NULL constraints that PostgreSQL 18 lists among the others.
 */
class IntrospectingPg extends PrismaPg {
  override async connect(): ReturnType<PrismaPg["connect"]> {
    const adapter = await super.connect();
    const perform = Reflect.get(adapter, "performIO") as (query: { sql: string }) => Promise<Raw>;
    Reflect.set(adapter, "performIO", async (query: { sql: string }): Promise<Raw> => {
      const sql = query.sql.replace("contype NOT IN ('p', 'u', 'f')", "contype NOT IN ('p', 'u', 'f', 'n')");
      const result = await perform.call(adapter, { ...query, sql });
      for (const field of result.fields) if (field.dataTypeID === CHAR_OID) field.dataTypeID = TEXT_OID;
      return result;
    });
    return adapter;
  }
}

export function readSchema(): string {
  return readFileSync(SCHEMA_PATH, "utf8");
}

let isLoaded = false;

/** Node does not import .wasm files as modules: what the package's entry does, done here. */
function load(): void {
  if (isLoaded) return;
  const folder = dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm"));
  const module = new WebAssembly.Module(readFileSync(join(folder, "schema_engine_bg.wasm")));
  const { exports } = new WebAssembly.Instance(module, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(exports);
  const start = exports.__wbindgen_start;
  if (typeof start === "function") start();
  isLoaded = true;
}
