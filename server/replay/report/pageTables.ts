/** The tables under the charts: what was quoted and what was not, what was assumed, and where it all came from. */
import type { EngineConfig } from "../../contract/config.ts";
import type { ParamScope } from "../../contract/params.ts";
import type { Backtest, BacktestResult } from "../backtest.ts";
import { refusalRows } from "./figures.ts";
import {
  formatAmount,
  formatCount,
  formatNumber,
  formatPercent,
  formatPrice,
  moneyDecimals,
  UNKNOWN,
} from "./format.ts";
import { html, type Html } from "./html.ts";

export function uptimeTable({ quoteUptimeBy }: BacktestResult): Html {
  const rows = Object.entries(quoteUptimeBy).map(
    ([name, share]) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td>${formatPercent(share)}</td>
      </tr>`,
  );
  return html`<div>
    <h2>Uptime</h2>
    <table>
      <caption>
        Time with both sides quoted
      </caption>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

export function positionsTable({ positions, inventory, pnl: { reportingAsset } }: BacktestResult): Html {
  const money = (value: number | undefined): string =>
    value === undefined ? UNKNOWN : formatNumber(value, { decimals: moneyDecimals(value), signed: true });
  const rows = Object.entries(positions).map(
    ([asset, { averageCost, realised, unrealised }]) =>
      html`<tr>
        <th scope="row">${formatAmount(inventory.byAsset[asset]?.final ?? 0, asset, true)}</th>
        <td>${averageCost === undefined ? UNKNOWN : formatPrice(averageCost)}</td>
        <td>${money(realised)}</td>
        <td>${money(unrealised)}</td>
      </tr>`,
  );
  return html`<div>
    <h2>Positions</h2>
    <table>
      <caption>
        At the end, in ${reportingAsset}, fees apart
      </caption>
      <thead>
        <tr>
          <th scope="col"></th>
          <th scope="col">average cost</th>
          <th scope="col">realised</th>
          <th scope="col">unrealised</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

export function refusalsTable(result: BacktestResult): Html {
  const rows = refusalRows(result).map(
    ({ code, count, text, releases }) =>
      html`<tr>
        <td class="count">${formatCount(count)}</td>
        <td class="words">
          <code>${code}</code> ${text}<br /><span class="secondary">until: ${releases}</span>
        </td>
      </tr>`,
  );
  const body =
    rows.length === 0
      ? html`<p>Every side was quoted at all times.</p>`
      : html`<table>
          <caption>
            How often a side was not quoted, and why
          </caption>
          <tbody>
            ${rows}
          </tbody>
        </table>`;
  return html`<div>
    <h2>Not quoted</h2>
    ${body}
  </div>`;
}

/** Every last quote as the list of its stages, in basis points of fair value. */
export function quotesSection(quotes: Backtest["quotes"]): Html {
  const [first] = quotes;
  if (first === undefined) return html``;
  const bps = (value: number): string => formatNumber(value, { decimals: 2, signed: true });
  // The first stage is the mid itself; all that follow are distances from it.
  const names = first.quote.stages.slice(1).map(({ stage }) => stage);
  const rows = quotes.flatMap(({ instrument, quote }) =>
    (["ask", "bid"] as const).map((side) => {
      const moves = quote.stages.slice(1).map((stage) => (side === "bid" ? stage.bidBps : stage.askBps));
      return html`<tr>
        <th scope="row">${instrument} ${side}</th>
        ${moves.map((move) => html`<td>${bps(move)}</td>`)}
        <td>${bps(moves.reduce((sum, move) => sum + move, 0))}</td>
        <td class="words">${(side === "bid" ? quote.bidOff : quote.askOff) ?? ""}</td>
      </tr>`;
    }),
  );
  return html`<section class="panel">
    <h2>Why these quotes</h2>
    <div class="scroll">
      <table>
        <caption>
          The last quotes: basis points from the venue’s mid, stage by stage
        </caption>
        <thead>
          <tr>
            <th scope="col"></th>
            ${names.map((name) => html`<th scope="col">${wordsOf(name)}</th>`)}
            <th scope="col">quote</th>
            <th scope="col"></th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`;
}

function wordsOf(stage: string): string {
  return stage.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

export function assumptionsSection({ assumptions }: BacktestResult): Html {
  return html`<section class="panel">
    <h2>Assumptions</h2>
    <ul>
      ${assumptions.map((text) => html`<li>${text}</li>`)}
    </ul>
  </section>`;
}

export function settingsSection(parameters: EngineConfig["parameters"]): Html {
  const rows = parameters.map(
    ({ scope, name, value }) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td class="words">${describeScope(scope)}</td>
        <td>${describeValue(value)}</td>
      </tr>`,
  );
  return html`<section class="panel">
    <h2>Parameters</h2>
    <table>
      <caption>
        Set for this run; every other parameter had its default
      </caption>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </section>`;
}

export function originSection(result: BacktestResult, codeVersion: string): Html {
  const anomalies =
    result.anomalies === 0
      ? undefined
      : html`<tr>
          <th scope="row">anomalies</th>
          <td class="words">${formatCount(result.anomalies)} order reports that did not fit</td>
        </tr>`;
  return html`<section class="panel">
    <h2>Origin</h2>
    <table>
      <tbody>
        ${anomalies}
        <tr>
          <th scope="row">market data</th>
          <td class="words"><code>${result.source}</code></td>
        </tr>
        <tr>
          <th scope="row">code</th>
          <td class="words"><code>${codeVersion}</code></td>
        </tr>
        <tr>
          <th scope="row">state hash</th>
          <td class="words"><code>${result.stateHash}</code></td>
        </tr>
      </tbody>
    </table>
  </section>`;
}

/** A change without a value takes a wider one's place back. */
function describeValue(value: number | string | boolean | undefined): string {
  if (value === undefined) return "default";
  return Number.isInteger(value) ? formatCount(Number(value)) : String(value);
}

function describeScope(scope: ParamScope): string {
  switch (scope.level) {
    case "desk":
      return "desk";
    case "account":
      return scope.account;
    case "market":
      return scope.market;
    case "instrument":
      return `${scope.account} ${scope.symbol}`;
  }
}
