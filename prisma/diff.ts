/**
 * `npx tsx prisma/diff.ts`: the SQL that brings a database with all migrations to schema.prisma, for the next file
 * below prisma/migrations. Works where `prisma migrate dev` cannot download its engine.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../server/store/embedded.ts";
import { migrate } from "../server/store/migrate.ts";
import { diffToSchema } from "./schemaEngine.ts";

const folder = mkdtempSync(join(tmpdir(), "crossdesk-diff-"));
// As root the server runs as somebody else, who has to get in.
chmodSync(folder, 0o755);
const server = await startPostgres({ dataDir: join(folder, "data"), log: { info: () => undefined } });
try {
  await migrate(server.url("postgres"));
  const sql = await diffToSchema(server.url("postgres"));
  process.stdout.write(sql === "" ? "-- The migrations make what the schema says.\n" : `${sql}\n`);
} finally {
  await server.stop();
  rmSync(server.dataFolder, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
