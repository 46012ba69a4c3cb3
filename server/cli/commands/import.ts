import { join } from "node:path";
import type { Command } from "commander";
import { desksDirectory } from "../../host/deskHome.ts";
import type { ImportResult } from "../../lab/import/importRecording.ts";
import { importRecording } from "../../lab/import/importRecording.ts";
import { IMPORTERS } from "../../lab/import/registry.ts";
import type { Output } from "../output.ts";
import { createOutput, withJson } from "../output.ts";
import type { Progress } from "../progress.ts";
import { startProgress } from "../progress.ts";

interface ImportCallOptions {
  readonly format: string;
  readonly home: string;
  readonly json?: boolean;
}

export function registerImport(program: Command): void {
  const formats = ["auto", ...IMPORTERS.map((importer) => importer.name)].join(", ");
  const command = program
    .command("import")
    .description(
      "market data in a known foreign format, converted once into a recording; the source is never written",
    )
    .argument("<path>", "the folder with the data")
    .option("--format <name>", `what the folder holds: ${formats}`, "auto")
    .option("--home <dir>", "where Crossdesk keeps its data", desksDirectory());
  withJson(command).action(async (path: string, options: ImportCallOptions) => {
    const output = createOutput(options);
    const result = await importWithProgress(path, options);
    printResult(result, output);
    output.result(result);
  });
}

export async function importWithProgress(
  path: string,
  { format, home }: { readonly format?: string; readonly home: string },
): Promise<ImportResult> {
  let progress: Progress | undefined;
  try {
    return await importRecording(path, {
      storeDir: join(home, "recordings"),
      format,
      onProgress(doneBytes, totalBytes) {
        progress ??= startProgress({ label: "bytes read", total: totalBytes });
        progress.update(doneBytes);
      },
    });
  } finally {
    progress?.stop();
  }
}

function printResult({ dir, manifest, reused }: ImportResult, output: Output): void {
  const { source, counts, fromUs, toUs, instruments, stretches } = manifest;
  output.line(`${reused ? "already there" : "written"}: ${dir}`);
  output.line(`source: ${source.name} (${source.licence})`);
  output.line(`from ${isoTime(fromUs)} to ${isoTime(toUs)}, stretches without a pause: ${stretches.length}`);
  for (const { definition, recorded, depthSizes, tradeSizes } of instruments) {
    const without = [
      ...(recorded.some((what) => what !== "trades") && !depthSizes ? ["book sizes"] : []),
      ...(recorded.includes("trades") && !tradeSizes ? ["trade sizes"] : []),
    ];
    const { account, symbol, tick, lot } = definition;
    const lacks = without.length === 0 ? "" : `; without ${without.join(" and ")}`;
    output.line(
      `instrument: ${account} ${symbol}, ${recorded.join(" and ")}, tick ${tick}, lot ${lot}${lacks}`,
    );
  }
  output.line(
    `records: ${Object.entries(counts)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(", ")}`,
  );
  for (const { name, checked, equal } of manifest.checks)
    output.line(`check: ${name}: ${equal} of ${checked} equal`);
  for (const { code, text, count } of manifest.defects) output.line(`defect: ${code} (${count}) ${text}`);
  for (const text of manifest.assumptions) output.line(`assumed: ${text}`);
}

function isoTime(atUs: number): string {
  return new Date(atUs / 1_000).toISOString();
}
