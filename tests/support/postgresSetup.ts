/**
 * Global set-up of vitest. The run's PostgreSQL is started by the first test that asks for a database, so that a
 * run without one does not pay for it, and ends here with the run.
 */
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { generatePrismaClient } from "../../prisma/generate.ts";
import { startPostgres } from "../../server/store/embedded.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly postgresFolder: string;
  }
}

export default function setup(project: TestProject): () => Promise<void> {
  generatePrismaClient();
  const folder = mkdtempSync(join(tmpdir(), "crossdesk-tests-"));
  // As root the server runs as somebody else, who has to get in.
  chmodSync(folder, 0o755);
  project.provide("postgresFolder", folder);
  return async () => {
    if (existsSync(join(folder, "address"))) {
      const server = await startPostgres({
        dataDir: join(folder, "postgres"),
        log: { info: () => undefined },
      });
      await server.stop();
      rmSync(server.dataFolder, { recursive: true, force: true });
    }
    rmSync(folder, { recursive: true, force: true });
  };
}
