/**
 * What `npm start` runs is built from the sources when they, the lock file or Node have changed since the
 * last time: the Prisma client, the bundles of engine, lab and recorder, the stream worker and the pages.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, openSync, closeSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build as bundle, stop as endBundler } from "esbuild";
import { UserError } from "../contract/errors.ts";
import { writeDurably } from "../host/durableFile.ts";
import { isProcessAlive } from "../host/isProcessAlive.ts";

/** Everything that a build reads. */
const SOURCES = ["app", "components", "server", "prisma"];
const SOURCE_FILES = [
  "package.json",
  "package-lock.json",
  "next.config.js",
  "postcss.config.mjs",
  "tsconfig.json",
  "instrumentation.ts",
];
const NOT_SOURCES = /(^|\/)generated\//;

/** Threads and processes of their own; packages stay outside, for what is native in them. */
const NODE_BUNDLES = {
  engine: "server/engine/worker.ts",
  gateway: "server/venues/ccxt/gateway/main.ts",
  lab: "server/lab/service/main.ts",
  paper: "server/engine/paper/main.ts",
  recorder: "server/recorder/main.ts",
};

const STREAM_WORKER = "components/stream/worker.ts";

/** Another start that builds at the same time is waited for; a build takes about half a minute on two slow cores. */
const LOCK_WAIT_MS = 240_000;
const LOCK_POLL_MS = 250;

/** The last lines of a build that failed say why. */
const OUTPUT_LINES_SHOWN = 20;

export interface BuildOptions {
  readonly root: string;
  /** Where Next puts the pages, below the root; tests and development use one of their own. */
  readonly distDir?: string | undefined;
  readonly onProgress: (text: string) => void;
}

/** Throws a UserError with the tail of the build's output when it fails. */
export async function ensureBuilt({ root, distDir = ".next", onProgress }: BuildOptions): Promise<void> {
  // Pages and bundles may be built apart, by tests: both have to be of these sources.
  const stamps = [distDir, "dist"].map((folder) => join(root, folder, "crossdesk-build.json"));
  mkdirSync(join(root, "dist"), { recursive: true });
  const unlock = await lock(join(root, "dist", "build.lock"), onProgress);
  try {
    const wanted = hashSources(root);
    if (stamps.every((stamp) => readStamp(stamp) === wanted)) return;
    onProgress("building the pages and the engine; the first time takes about half a minute");
    await run(root, ["--import", "tsx", "prisma/generate.ts"]);
    await bundleAll(root);
    // Its service would live, with tens of megabytes, as long as the desk.
    await endBundler();
    await run(root, ["node_modules/next/dist/bin/next", "build"], { CROSSDESK_DIST: distDir });
    for (const stamp of stamps) writeDurably(stamp, `${JSON.stringify({ sources: wanted })}\n`);
  } finally {
    unlock();
  }
}

export async function bundleAll(root: string): Promise<void> {
  const shared = { absWorkingDir: root, bundle: true, logLevel: "silent" } as const;
  await bundle({
    ...shared,
    entryPoints: Object.entries(NODE_BUNDLES).map(([out, file]) => ({ in: file, out })),
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: "linked",
  });
  await bundle({
    ...shared,
    entryPoints: [{ in: STREAM_WORKER, out: "stream-worker" }],
    outdir: "public",
    platform: "browser",
    format: "iife",
    target: "es2022",
    minify: true,
    define: { "process.env.NODE_ENV": '"production"' },
  });
}

/** SHA-256 over names and contents of the sources, and Node's version. */
export function hashSources(root: string): string {
  const hash = createHash("sha256").update(process.version);
  const files = SOURCES.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  )
    .concat(SOURCE_FILES.map((file) => join(root, file)).filter((file) => existsSync(file)))
    .filter((file) => !NOT_SOURCES.test(file.slice(root.length + 1)))
    .toSorted();
  for (const file of files) hash.update(`\0${file.slice(root.length)}\0`).update(readFileSync(file));
  return hash.digest("hex");
}

function readStamp(path: string): string | undefined {
  try {
    const stamp: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof stamp === "object" && stamp !== null && "sources" in stamp
      ? String(stamp.sources)
      : undefined;
  } catch {
    // None, or one that a killed build left half written: both mean building again.
    return undefined;
  }
}

/** The lock of a build that was killed names a process that is gone. */
async function lock(path: string, onProgress: (text: string) => void): Promise<() => void> {
  for (let waitedMs = 0; waitedMs <= LOCK_WAIT_MS; waitedMs += LOCK_POLL_MS) {
    try {
      closeSync(openSync(path, "wx"));
      writeDurably(path, String(process.pid));
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    if (waitedMs === 0) onProgress("waiting for another build of this clone");
    const owner = Number(readFileSync(path, "utf8"));
    if (owner > 0 && !isProcessAlive(owner)) rmSync(path, { force: true });
    else await sleep(LOCK_POLL_MS);
  }
  throw new UserError(
    `another build has held ${path} for ${LOCK_WAIT_MS / 60_000} min: end it, or remove the file`,
  );
}

async function run(root: string, args: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => void output.push(...chunk.toString().split("\n")));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return;
  const tail = output.filter((line) => line.trim() !== "").slice(-OUTPUT_LINES_SHOWN);
  throw new UserError(`the build failed (${args.join(" ")}):\n${tail.join("\n")}`);
}
