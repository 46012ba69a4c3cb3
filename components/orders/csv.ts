/** Tables as CSV (RFC 4180): figures in plain decimals, instants in ISO 8601, missing values empty. */
import type { FillLine, OrderLine } from "../../server/contract/lines.ts";
import { formatCursor } from "../../server/contract/lines.ts";
import type { OpenOrder } from "./openOrders.ts";

export interface CsvColumn<Row> {
  readonly name: string;
  readonly text: (row: Row) => string;
}

export function toCsv<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => columns.map(({ text }) => text(row)))];
  return lines.map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

/** Ids come from venues: what a spreadsheet would take for a formula is made text; figures stay figures. */
function quoted(cell: string): string {
  const safe = /^[=+@\t\r]|^-(?!\d)/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** All digits that give the number back, never with an exponent. */
export function plainDecimal(value: number | undefined): string {
  if (value === undefined) return "";
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([-+]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = "", first = "", rest = "", power = "0"] = match;
  const digits = first + rest;
  const point = 1 + Number(power);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, "0");
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** To the microsecond that the engine counts in. */
export function isoUs(atUs: number): string {
  const milliseconds = Math.floor(atUs / 1_000);
  const rest = String(atUs - milliseconds * 1_000).padStart(3, "0");
  return new Date(milliseconds).toISOString().replace("Z", `${rest}Z`);
}

export const FILL_CSV: readonly CsvColumn<FillLine>[] = [
  { name: "cursor", text: ({ cursor }) => formatCursor(cursor) },
  { name: "time", text: ({ atUs }) => isoUs(atUs) },
  { name: "venue_time", text: ({ venueAtUs }) => isoUs(venueAtUs) },
  { name: "account", text: ({ account }) => account },
  { name: "symbol", text: ({ symbol }) => symbol },
  { name: "side", text: ({ side }) => side },
  { name: "liquidity", text: ({ liquidity }) => liquidity },
  { name: "price", text: ({ price }) => plainDecimal(price) },
  { name: "size", text: ({ sizeBase }) => plainDecimal(sizeBase) },
  { name: "base", text: ({ base }) => base },
  { name: "notional", text: ({ notionalQuote }) => plainDecimal(notionalQuote) },
  { name: "quote", text: ({ quote }) => quote },
  { name: "fee", text: ({ fee }) => plainDecimal(fee) },
  { name: "fee_asset", text: ({ feeAsset }) => feeAsset },
  { name: "edge_bps", text: ({ edgeBps }) => plainDecimal(edgeBps) },
  { name: "trade_id", text: ({ tradeId }) => tradeId },
  { name: "venue_order_id", text: ({ venueOrderId }) => venueOrderId },
  { name: "client_id", text: ({ clientId }) => clientId },
];

const COMMON: readonly CsvColumn<OpenOrder | OrderLine>[] = [
  { name: "placed", text: ({ placedAtUs }) => isoUs(placedAtUs) },
  { name: "account", text: ({ account }) => account },
  { name: "symbol", text: ({ symbol }) => symbol },
  { name: "side", text: ({ side }) => side },
  { name: "role", text: ({ role }) => role ?? "" },
  { name: "status", text: ({ status }) => status },
  { name: "price", text: ({ price }) => plainDecimal(price) },
  { name: "size", text: ({ sizeBase }) => plainDecimal(sizeBase) },
  { name: "filled", text: ({ filledBase }) => plainDecimal(filledBase) },
  { name: "client_id", text: ({ clientId }) => clientId },
];

export const OPEN_CSV: readonly CsvColumn<OpenOrder>[] = COMMON;

export const ORDER_CSV: readonly CsvColumn<OrderLine>[] = [
  { name: "cursor", text: ({ cursor }) => formatCursor(cursor) },
  { name: "changed", text: ({ atUs }) => isoUs(atUs) },
  ...COMMON,
  { name: "venue_order_id", text: ({ venueOrderId }) => venueOrderId ?? "" },
];
