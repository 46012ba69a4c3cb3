/** The result of a backtest as a person reads it in a terminal. */
import type { BacktestResult } from "../backtest.ts";
import { durationOf, PNL_PARTS, refusalRows } from "./figures.ts";
import {
  formatAmount,
  formatCount,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
  formatPeriod,
  formatPrice,
  moneyDecimals,
} from "./format.ts";

const LABEL_WIDTH = 12;

export function summaryLines(result: BacktestResult): string[] {
  return [
    result.recording,
    row("period", `${formatPeriod(result.from, result.to)}, ${formatDuration(durationOf(result))}`),
    row("events", `${formatCount(result.events)} at ${formatCount(result.eventsPerSecond)} a second`),
    row("orders", `${formatCount(result.orders)} placed, ${formatCount(result.fills)} fills`),
    row("volume", volumeText(result)),
    ...pnlLines(result),
    row(
      "drawdown",
      `${formatMoney(result.maxDrawdown, result.pnl.reportingAsset)} from the highest P&L, at worst`,
    ),
    ...inventoryLines(result),
    ...positionLines(result),
    ...uptimeLines(result),
    ...refusalLines(result),
    ...(result.anomalies === 0
      ? []
      : [
          row(
            "anomalies",
            `${formatCount(result.anomalies)} reports that did not fit: run it with --journal to keep them`,
          ),
        ]),
    ...list("assumed", result.assumptions),
    row("state hash", result.stateHash),
  ];
}

function volumeText({ volume }: BacktestResult): string {
  const amounts = Object.entries(volume).sort(([a], [b]) => (a < b ? -1 : 1));
  return amounts.length === 0
    ? "nothing changed hands"
    : amounts.map(([asset, amount]) => formatAmount(amount, asset)).join(", ");
}

function pnlLines({ pnl }: BacktestResult): string[] {
  const decimals = moneyDecimals(pnl.total, ...PNL_PARTS.map(({ part }) => pnl[part]));
  const parts = PNL_PARTS.filter(({ part }) => Math.abs(pnl[part]) >= 0.5 * 10 ** -decimals);
  const figures = parts.map(({ part, label, meaning }) => ({
    label,
    meaning,
    value: formatNumber(pnl[part], { decimals, signed: true }),
  }));
  const labelWidth = widest(figures.map(({ label }) => label));
  const valueWidth = widest(figures.map(({ value }) => value));
  return [
    row("P&L", `${formatNumber(pnl.total, { decimals, signed: true })} ${pnl.reportingAsset}`),
    ...figures.map(({ label, meaning, value }) =>
      row("", `${label.padEnd(labelWidth)}  ${value.padStart(valueWidth)} ${pnl.reportingAsset}  ${meaning}`),
    ),
  ];
}

function inventoryLines({ inventory, pnl }: BacktestResult): string[] {
  const { final, rms, max, byAsset } = inventory;
  const money = (value: number): string => formatMoney(value, pnl.reportingAsset);
  return [
    row(
      "inventory",
      `${formatMoney(final, pnl.reportingAsset, true)} net at the end, rms ${money(rms)}, largest ${money(max)}`,
    ),
    ...Object.entries(byAsset).map(([asset, figures]) =>
      row(
        "",
        `${formatAmount(figures.final, asset, true)} at the end, rms ${formatAmount(figures.rms, asset)}, largest ${formatAmount(figures.max, asset)}`,
      ),
    ),
  ];
}

function positionLines({ positions, pnl: { reportingAsset } }: BacktestResult): string[] {
  const money = (value: number): string => formatMoney(value, reportingAsset, true);
  return list(
    "positions",
    Object.entries(positions).map(([asset, { averageCost, realised, unrealised }]) => {
      const cost =
        averageCost === undefined ? "flat" : `at ${formatPrice(averageCost)} ${reportingAsset} on average`;
      const open = unrealised === undefined ? "" : `, unrealised ${money(unrealised)}`;
      return `${asset} ${cost}, realised ${money(realised)}${open}, fees apart`;
    }),
  );
}

function uptimeLines({ quoteUptime, quoteUptimeBy }: BacktestResult): string[] {
  const instruments = Object.entries(quoteUptimeBy);
  const width = widest(instruments.map(([name]) => name));
  return [
    row("uptime", `${formatPercent(quoteUptime)} of the time with both sides quoted`),
    ...instruments.map(([name, share]) =>
      row("", `${name.padEnd(width)}  ${formatPercent(share).padStart(7)}`),
    ),
  ];
}

function refusalLines(result: BacktestResult): string[] {
  const rows = refusalRows(result);
  const codeWidth = widest(rows.map(({ code }) => code));
  const countWidth = widest(rows.map(({ count }) => formatCount(count)));
  return list(
    "not quoted",
    rows.map(
      ({ code, count, text }) =>
        `${formatCount(count).padStart(countWidth)} × ${code.padEnd(codeWidth)}  ${text}`,
    ),
  );
}

/** The label stands before the first line alone. */
function list(label: string, lines: readonly string[]): string[] {
  return lines.map((line, at) => row(at === 0 ? label : "", line));
}

function row(label: string, text: string): string {
  return `${label.padEnd(LABEL_WIDTH)} ${text}`;
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
