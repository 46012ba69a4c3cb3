/** From a finished backtest to the text of its page. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Backtest } from "../backtest.ts";
import { CODE_VERSION } from "../../engine/version.ts";
import { renderPage, type PageAssets } from "./page.ts";
import { buildPicture } from "./picture.ts";

export function renderReport({ result, run, observer, quotes }: Backtest): string {
  const { config, state } = run.engine;
  const picture = buildPicture({
    config,
    markets: state.markets,
    samples: observer.samplesUntilNow(),
    fills: observer.fills,
    fillCount: result.fills,
  });
  return renderPage(
    { result, picture, quotes, parameters: config.parameters, codeVersion: CODE_VERSION },
    readAssets(),
  );
}

/** Fit for a file name, and different for runs that came out differently. */
export function reportFileName({ result }: Backtest): string {
  const slug = result.recording
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 60)
    .replace(/^-|-$/g, "");
  return `${slug}-${result.stateHash.slice(0, 8)}.html`;
}

function readAssets(): PageAssets {
  const own = (name: string): string => readFileSync(join(import.meta.dirname, name), "utf8");
  // The package does not export its stand-alone build, only its package.json.
  const require = createRequire(import.meta.url);
  const charts = dirname(require.resolve("lightweight-charts/package.json"));
  const library = readFileSync(join(charts, "dist/lightweight-charts.standalone.production.js"), "utf8");
  return { css: own("page.css"), scripts: [library, own("quotePaint.browser.js"), own("charts.browser.js")] };
}
