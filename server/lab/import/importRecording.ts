/** A folder of market data, ours or a known foreign one, as a recording of our own format. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../contract/errors.ts";
import { Instrument } from "../../contract/instrument.ts";
import type { Manifest, RecordedInstrument } from "../recording/manifest.ts";
import { RECORDING_VERSION } from "../recording/manifest.ts";
import { isRecording, openRecording } from "../recording/reader.ts";
import { createRecording } from "../recording/writer.ts";
import { Conversion } from "./convert.ts";
import { chooseImporter } from "./detect.ts";
import { Grid } from "./grid.ts";
import type { Importer, ImportSource, SourceInstrument } from "./importer.ts";
import type { OnProgress } from "./pass.ts";
import { ImportPass } from "./pass.ts";
import { IMPORTERS } from "./registry.ts";
import type { InstrumentScan } from "./scan.ts";
import { scanSource } from "./scan.ts";
import type { PackedFile } from "./unpack.ts";
import { readPacked, unpack } from "./unpack.ts";

export interface ImportOptions {
  /** Where converted recordings are kept, one directory per content. */
  readonly storeDir?: string | undefined;
  /** The name of an importer; "auto" goes by the folder's files. */
  readonly format?: string | undefined;
  readonly onProgress?: OnProgress | undefined;
}

export interface ImportResult {
  readonly dir: string;
  readonly manifest: Manifest;
  /** True when nothing had to be converted. */
  readonly reused: boolean;
}

const STORE_DIR = ".crossdesk/recordings";

/** The source is read twice, first for its ticks and lots; it is never written. UserError for anything wrong with it. */
export async function importRecording(sourceDir: string, options: ImportOptions = {}): Promise<ImportResult> {
  const { storeDir = STORE_DIR, format = "auto", onProgress = () => undefined } = options;
  if (!existsSync(sourceDir) || !statSync(sourceDir).isDirectory())
    throw new UserError(`${sourceDir} is no folder: give the folder of a recording`);
  if (isRecording(sourceDir)) return reuse(sourceDir);
  const { importer, files } = chooseImporter(IMPORTERS, sourceDir, listFiles(sourceDir), format);
  const packed = files.map((name) => readPacked(sourceDir, name));
  const dir = join(storeDir, contentHash(importer, packed));
  if (existsSync(dir)) return reuse(dir);
  const unpacked = await Promise.all(packed.map(unpack));
  const bytes = unpacked.reduce((sum, file) => sum + file.text.length, 0);
  const source = importer.open(unpacked);
  const scans = scanSource(source, new ImportPass((done) => onProgress(done, 2 * bytes)));
  if (scans.every((scan) => scan.records === 0)) throw new UserError(`${sourceDir} holds no records`);
  const pass = new ImportPass((done) => onProgress(bytes + done, 2 * bytes));
  return { dir, manifest: writeRecording(dir, importer, source, scans, pass), reused: false };
}

function reuse(dir: string): ImportResult {
  const recording = openRecording(dir);
  recording.close();
  return { dir, manifest: recording.manifest, reused: true };
}

function writeRecording(
  dir: string,
  importer: Importer,
  source: ImportSource,
  scans: readonly InstrumentScan[],
  pass: ImportPass,
): Manifest {
  const found = source.instruments.map((instrument, at) => {
    const scan = scans[at];
    if (scan === undefined) throw new Error(`instrument ${at} was not scanned`);
    const grid = new Grid(instrument, scan, pass);
    return { grid, described: describe(instrument, grid, scan) };
  });
  const writer = createRecording(dir, found.length);
  try {
    const grids = found.map(({ grid }) => grid);
    const conversion = new Conversion(source, { grids, scans }, pass, (event) => writer.write(event));
    conversion.run();
    return writer.finish({
      source: { ...importer.source, importer: importer.name },
      instruments: found.map(({ described }) => described),
      stretches: conversion.stretches,
      defects: pass.defects,
      checks: pass.checks,
      assumptions: [
        ...source.assumptions,
        "a tick is the finest decimal of the prices, a lot that of 99 % of the sizes",
      ],
    });
  } finally {
    writer.abort();
  }
}

function describe(
  { venue, assumedLot: _, ...terms }: SourceInstrument,
  grid: Grid,
  scan: InstrumentScan,
): RecordedInstrument {
  return {
    definition: Instrument.parse({ ...terms, tick: grid.tick, lot: grid.lot }),
    venue,
    recorded: [
      ...(scan.depth ? (["depth"] as const) : []),
      ...(scan.top ? (["top"] as const) : []),
      ...(scan.trades ? (["trades"] as const) : []),
    ],
    levels: scan.levels,
    depthSizes: scan.depth,
    tradeSizes: scan.tradeSizes,
    venueStamps: scan.venueStamps,
  };
}

/** Files in the folder and one level below. */
function listFiles(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory()
        ? readdirSync(join(dir, entry.name)).map((name) => `${entry.name}/${name}`)
        : [entry.name],
    )
    .sort();
}

/** Changes with the bytes of the source, with the importer and with the format. */
function contentHash({ name, revision }: Importer, files: readonly PackedFile[]): string {
  const identity = {
    name,
    revision,
    version: RECORDING_VERSION,
    files: files.map((file) => [file.name, file.sha256]),
  };
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex");
}
