/** The processes under test, bundled from the sources as they are now: what else is built meanwhile changes nothing here. */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { repositoryRoot } from "../../host/deskHome.ts";

export interface Bundles {
  readonly directory: string;
  remove(): void;
}

const ENTRIES = {
  engine: "server/engine/worker.ts",
  engineHost: "server/bench/soak/engineHost.ts",
  lab: "server/lab/service/main.ts",
  recorder: "server/recorder/main.ts",
};

export async function bundleProcesses(): Promise<Bundles> {
  const root = repositoryRoot();
  // Packages are not bundled: they must be found from there.
  const directory = mkdtempSync(join(root, "node_modules", ".soak-"));
  await build({
    absWorkingDir: root,
    entryPoints: Object.entries(ENTRIES).map(([out, file]) => ({ in: file, out })),
    outdir: directory,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "silent",
  });
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
