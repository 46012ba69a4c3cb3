/** A report as one page: every figure as text that needs no script, and the data of the charts beside it. */
import type { EngineConfig } from "../../contract/config.ts";
import type { Backtest, BacktestResult } from "../backtest.ts";
import { durationOf, PNL_PARTS } from "./figures.ts";
import { formatCount, formatDuration, formatMoney, formatPercent, formatPeriod } from "./format.ts";
import { escapeJson, Html, html } from "./html.ts";
import { marketSection, pnlSection } from "./pageCharts.ts";
import {
  assumptionsSection,
  originSection,
  positionsTable,
  quotesSection,
  refusalsTable,
  settingsSection,
  uptimeTable,
} from "./pageTables.ts";
import type { Picture } from "./picture.ts";

/** Text of our own making that goes into the page as it is. */
export interface PageAssets {
  readonly css: string;
  /** In the order in which they run. */
  readonly scripts: readonly string[];
}

export interface PageContent {
  readonly result: BacktestResult;
  readonly picture: Picture;
  readonly quotes: Backtest["quotes"];
  readonly parameters: EngineConfig["parameters"];
  readonly codeVersion: string;
}

/** Nothing may be fetched: the page says so to the browser too. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/** The library's licence asks for this notice and link on the page. */
const NOTICE = html`Charts: TradingView Lightweight Charts™, Copyright © 2026 TradingView, Inc.,
  <a href="https://www.tradingview.com/">https://www.tradingview.com/</a>`;

export function renderPage(content: PageContent, assets: PageAssets): string {
  const { result, picture, quotes, parameters, codeVersion } = content;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <title>${result.recording} · Crossdesk backtest</title>
        <style>
          ${new Html(assets.css)}
        </style>
      </head>
      <body>
        <header>
          <h1>${result.recording}</h1>
          <p class="secondary">
            Backtest of ${formatPeriod(result.from, result.to)} (${formatDuration(durationOf(result))})
          </p>
          ${headerFigures(result)}
        </header>
        <main>
          ${picture.markets.map((market, at) => marketSection(picture, market, at))} ${pnlSection(picture)}
          <section class="panel columns">
            <div>${positionsTable(result)}${uptimeTable(result)}</div>
            ${refusalsTable(result)}
          </section>
          ${quotesSection(quotes)} ${assumptionsSection(result)} ${settingsSection(parameters)}
          ${originSection(result, codeVersion)}
        </main>
        <footer>${NOTICE}</footer>
        <script type="application/json" id="picture">
          ${new Html(escapeJson(picture))}
        </script>
        ${assets.scripts.map(
          (script) =>
            html`<script>
              ${new Html(script)};
            </script> `,
        )}
      </body>
    </html> `;
  return page.text;
}

function headerFigures(result: BacktestResult): Html {
  const { pnl, inventory } = result;
  const asset = pnl.reportingAsset;
  const [best] = PNL_PARTS.map(({ part, label }) => ({ label, value: pnl[part] })).sort(
    (a, b) => Math.abs(b.value) - Math.abs(a.value),
  );
  return html`<dl class="figures">
    ${figure("P&L", formatMoney(pnl.total, asset, true), best && `${best.label} ${formatMoney(best.value, asset, true)}`, pnl.total)}
    ${figure("Largest drawdown", formatMoney(result.maxDrawdown, asset), "from the highest P&L")}
    ${figure("Fills", formatCount(result.fills), `from ${formatCount(result.orders)} orders`)}
    ${figure("Quotes up", formatPercent(result.quoteUptime), "of the time, both sides")}
    ${figure("Net inventory", formatMoney(inventory.final, asset, true), `rms ${formatMoney(inventory.rms, asset)}`)}
    ${figure("Events", formatCount(result.events), `${formatCount(result.eventsPerSecond)} a second`)}
  </dl>`;
}

function figure(label: string, value: string, note: string | undefined, gain = 0): Html {
  const tint = gain === 0 ? "" : gain > 0 ? "gain" : "loss";
  return html`<div>
    <dt>${label}</dt>
    <dd><span class="${tint}">${value}</span><small>${note}</small></dd>
  </div>`;
}
