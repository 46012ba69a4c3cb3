/**
 * Generates Prisma's client into server/store/generated when schema or Prisma have changed since the last time.
 * It is generated beside and moved into place, because other processes may be reading what is there.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../server/contract/errors.ts";

const SCHEMA = join(import.meta.dirname, "schema.prisma");
const TARGET = resolve(import.meta.dirname, "../server/store/generated");

/** Whether there was something to do. */
export function generatePrismaClient(): boolean {
  const { command, version } = findPrisma();
  const schema = readFileSync(SCHEMA, "utf8");
  const stamp = createHash("sha256").update(`${version}\n${schema}`).digest("hex");
  const stampPath = join(TARGET, ".stamp");
  if (existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp) return false;
  const draft = `${TARGET}.${process.pid}`;
  const work = join(draft, "schema");
  try {
    mkdirSync(work, { recursive: true });
    writeFileSync(join(work, "schema.prisma"), schema.replace("../server/store/generated", "../client"));
    run(command, join(work, "schema.prisma"));
    writeFileSync(join(draft, "client", ".stamp"), stamp);
    if (existsSync(TARGET)) renameSync(TARGET, join(draft, "old"));
    renameSync(join(draft, "client"), TARGET);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return true;
}

function findPrisma(): { command: string; version: string } {
  const path = createRequire(import.meta.url).resolve("prisma/package.json");
  const { version } = JSON.parse(readFileSync(path, "utf8")) as { version: string };
  return { command: join(dirname(path), "build/index.js"), version };
}

/** Prisma downloads an engine that generating does not use, and fails where its server cannot be reached. */
function run(command: string, schema: string): void {
  try {
    generate(command, schema, {});
  } catch {
    try {
      // Any file that exists lets it pass over the download.
      generate(command, schema, { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath });
    } catch (cause) {
      const said =
        cause instanceof Error ? String(Reflect.get(cause, "stderr") ?? cause.message) : String(cause);
      throw new UserError(`Prisma's client could not be generated: ${said.trim().replaceAll("\n", " ")}`, {
        cause,
      });
    }
  }
}

/** A network that swallows packets must not hold up a start. */
const GENERATE_TIMEOUT_MS = 30_000;

function generate(command: string, schema: string, extra: Readonly<Record<string, string>>): void {
  execFileSync(process.execPath, [command, "generate", "--schema", schema], {
    env: { ...process.env, ...extra, CHECKPOINT_DISABLE: "1", PRISMA_HIDE_UPDATE_MESSAGE: "1" },
    stdio: ["ignore", "ignore", "pipe"],
    timeout: GENERATE_TIMEOUT_MS,
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  generatePrismaClient();
