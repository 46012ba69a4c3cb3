/** The threads and processes of the wire's benchmarks as plain JavaScript, as a desk runs: without a loader. */
import { join } from "node:path";
import { build, stop } from "esbuild";
import { repositoryRoot } from "../../host/deskHome.ts";

const ENTRIES = {
  gateway: "server/venues/ccxt/gateway/main.ts",
  engine: "server/bench/wire/engineMain.ts",
  floor: "server/bench/wire/floorMain.ts",
  load: "server/bench/wire/loadMain.ts",
} as const;

export type BenchBundle = keyof typeof ENTRIES;

const FOLDER = "dist/bench";

export async function bundleWireBench(): Promise<void> {
  await build({
    absWorkingDir: repositoryRoot(),
    bundle: true,
    logLevel: "silent",
    entryPoints: Object.entries(ENTRIES).map(([out, file]) => ({ in: file, out })),
    outdir: FOLDER,
    outExtension: { ".js": ".mjs" },
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: "linked",
  });
  await stop();
}

export function bundlePath(name: BenchBundle): string {
  return join(repositoryRoot(), FOLDER, `${name}.mjs`);
}
