/** A study's tables as text: the same figures on the terminal as on the page. */
import { formatNumber, UNKNOWN } from "../report/format.ts";
import type { Cell, Column, Table } from "./study.ts";

const DECIMALS = 3;

export function cellText(cell: Cell, { decimals = DECIMALS }: Column): string {
  if (cell === undefined) return UNKNOWN;
  if (typeof cell === "string") return cell;
  const text = (value: number): string => formatNumber(value, { decimals });
  if (typeof cell === "number") return text(cell);
  return `${text(cell.value)} [${text(cell.low)}, ${text(cell.high)}]`;
}

/** Words stand on the left, figures on the right, as in the page. */
export function tableLines({ title, note, columns, rows }: Table): string[] {
  const texts = rows.map((row) => columns.map((column, at) => cellText(row[at], column)));
  const widths = columns.map((column, at) =>
    Math.max(column.title.length, ...texts.map((row) => row[at]?.length ?? 0)),
  );
  const wordy = columns.map((_, at) => isWords(rows, at));
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, at) => {
        const cell = cells[at] ?? "";
        return wordy[at] === true ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd();
  return [
    title,
    `  ${line(columns.map((column) => column.title))}`,
    ...texts.map((row) => `  ${line(row)}`),
    ...(note === undefined ? [] : [`  ${note}`]),
  ];
}

export function isWords(rows: Table["rows"], at: number): boolean {
  return rows.every((row) => row[at] === undefined || typeof row[at] === "string");
}
