/**
 * `manifest.json`: what a run was started from, and how it ended. It is written at the start, before
 * the first event, and once more at the end; a manifest without `end` is a run that is still going on
 * or that died. The hash of the start anchors the chain of blocks, so that neither can be exchanged.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { EngineConfig } from "../../contract/config.ts";
import { LAYOUT_ID } from "../encode/tuples.ts";
import { encodeState, stateHash } from "../hash/canonical.ts";
import { writeDurably } from "../../host/durableFile.ts";
import { JournalError } from "./journalError.ts";

export const MANIFEST_FILE = "manifest.json";

/** What the caller knows about a run; nothing in it may come from a clock or from chance in a backtest. */
export interface RunStart {
  readonly runId: string;
  readonly parentRun?: string | undefined;
  readonly what: "backtest" | "simulation" | "replay" | "paper" | "live";
  readonly codeVersion: string;
  readonly config: EngineConfig;
  readonly seed?: number | undefined;
  readonly startedAtUs: number;
}

const Hex = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 as hex");

const Manifest = z.strictObject({
  format: z.literal(1),
  /** Tables by which the records were written. */
  layout: z.string(),
  runId: z.string().min(1),
  parentRun: z.string().optional(),
  what: z.enum(["backtest", "simulation", "replay", "paper", "live"]),
  codeVersion: z.string(),
  configHash: Hex,
  /** Checked but not rebuilt: its key order is part of its hash. */
  config: z.custom<EngineConfig>(
    (config) => EngineConfig.safeParse(config).success,
    "is no engine configuration",
  ),
  node: z.string(),
  arch: z.string(),
  seed: z.number().optional(),
  startedAtUs: z.int().min(0),
  end: z
    .strictObject({
      events: z.int().min(0),
      effects: z.int().min(0),
      stateHash: Hex,
      segments: z.int().min(1),
      /** Hash of the last block: a tail that was cut off is missed. */
      lastHash: Hex,
    })
    .optional(),
});
export type Manifest = z.infer<typeof Manifest>;
export type RunEnd = NonNullable<Manifest["end"]>;

/** An id that is the same whenever the same configuration runs with the same seed on the same data. */
export function deriveRunId(config: EngineConfig, seed: number | undefined, source = ""): string {
  return createHash("sha256")
    .update(JSON.stringify([stateHash(config), seed, source]))
    .digest("hex")
    .slice(0, 16);
}

export function startManifest(start: RunStart): Manifest {
  const { runId, parentRun, what, codeVersion, config, seed, startedAtUs } = start;
  return {
    format: 1,
    layout: LAYOUT_ID,
    runId,
    parentRun,
    what,
    codeVersion,
    configHash: stateHash(config),
    config,
    node: process.version,
    arch: process.arch,
    seed,
    startedAtUs,
  };
}

/** The hash that the first block of a run follows. */
export function genesisHash(manifest: Manifest): Buffer {
  const { format, layout, runId, parentRun, what, codeVersion, configHash, node, arch, seed, startedAtUs } =
    manifest;
  const start = [
    format,
    layout,
    runId,
    parentRun,
    what,
    codeVersion,
    configHash,
    node,
    arch,
    seed,
    startedAtUs,
  ];
  return createHash("sha256").update(encodeState(start)).digest();
}

export function writeManifest(directory: string, manifest: Manifest): void {
  writeDurably(join(directory, MANIFEST_FILE), `${JSON.stringify(manifest, tagBigint, 2)}\n`);
}

/** Throws a JournalError: NO_JOURNAL, or BAD_MANIFEST with what is wrong. */
export function readManifest(directory: string): Manifest {
  const path = join(directory, MANIFEST_FILE);
  if (!existsSync(path)) {
    if (existsSync(join(directory, "segments"))) throw bad(path, "is missing");
    throw new JournalError(
      "NO_JOURNAL",
      `no journal in ${directory}: name the directory that holds ${MANIFEST_FILE}`,
    );
  }
  const manifest = parseManifest(path, readFileSync(path, "utf8"));
  if (stateHash(manifest.config) !== manifest.configHash)
    throw bad(path, "has a config that does not fit configHash");
  return manifest;
}

function parseManifest(path: string, text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text, untagBigint);
  } catch (error) {
    throw bad(path, "is no JSON", error);
  }
  const layout: unknown =
    typeof json === "object" && json !== null && "layout" in json ? json.layout : undefined;
  if (typeof layout === "string" && layout !== LAYOUT_ID)
    throw bad(
      path,
      `is of record layout ${layout} while this code reads ${LAYOUT_ID}: use the code version that wrote it`,
    );
  const parsed = Manifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw bad(path, `is invalid at "${issue?.path.join(".") ?? ""}": ${issue?.message ?? ""}`);
}

function bad(path: string, what: string, cause?: unknown): JournalError {
  return new JournalError("BAD_MANIFEST", `${path} ${what}`, {}, cause);
}

const BIGINT_TAG = "$bigint";

function tagBigint(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? { [BIGINT_TAG]: value.toString() } : value;
}

function untagBigint(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !(BIGINT_TAG in value)) return value;
  return BigInt(String(value[BIGINT_TAG]));
}
