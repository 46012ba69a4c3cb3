/**
 * Which rows of which tables a line becomes. A column is named like the field that it holds, in snake case
 * (prisma/schema.prisma), and every row carries the place of its line: writing it again changes nothing.
 */
import type { Command } from "../contract/commands.ts";
import type {
  BalanceLine,
  CommandLine,
  Cursor,
  EquityLine,
  FillLine,
  Line,
  NoticeLine,
  OrderLine,
  ParameterSetting,
  ParametersLine,
  PnlView,
  TradingStateLine,
  UptimeLine,
} from "../contract/lines.ts";

/** What a column is sent as. */
type SqlType = "int" | "bigint" | "text" | "bool" | "numeric" | "float8" | "jsonb";

/** As PostgreSQL reads it from text; null is no value. */
export type Cell = string | number | boolean | null;

interface Column {
  readonly name: string;
  readonly type: SqlType;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** What to do with a row that is there. */
  readonly onConflict: string;
}

export interface Row {
  readonly table: Table;
  readonly cells: readonly Cell[];
  /** Of the rows of a batch with one such key only the last is written. */
  readonly replaces?: string;
}

interface TableOf<Item> extends Table {
  /** What the columns after the place hold. */
  readonly fields: readonly (keyof Item & string)[];
}

type OfMarket = Omit<EquityLine["markets"][number], "pnl"> & Partial<PnlView>;
type OfSetting = Omit<ParameterSetting, "before" | "after"> & {
  readonly kind: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
};

/** Where the line of a row stands: the first columns of every table. */
const PLACE: readonly Column[] = [
  { name: "epoch", type: "int" },
  { name: "seq", type: "bigint" },
  { name: "at", type: "int" },
];

const PNL = {
  spreadCapture: "float8",
  makerFees: "float8",
  takerFees: "float8",
  hedging: "float8",
  reducing: "float8",
  inventory: "float8",
  currency: "float8",
  total: "float8",
} as const;

const FILL = defineTable<FillLine>("fill", {
  atUs: "bigint",
  account: "text",
  symbol: "text",
  tradeId: "text",
  venueOrderId: "text",
  base: "text",
  quote: "text",
  clientId: "text",
  side: "text",
  liquidity: "text",
  priceTicks: "bigint",
  sizeLots: "bigint",
  price: "numeric",
  sizeBase: "numeric",
  notionalAtoms: "numeric",
  notionalQuote: "numeric",
  feeAsset: "text",
  feeAtoms: "numeric",
  fee: "numeric",
  venueAtUs: "bigint",
  edgeBps: "float8",
});

/** One row per order as it stands: a later line replaces an earlier one, never the other way round. */
const VENUE_ORDER = defineTable<OrderLine>(
  "venue_order",
  {
    atUs: "bigint",
    account: "text",
    clientId: "text",
    symbol: "text",
    venueOrderId: "text",
    role: "text",
    side: "text",
    status: "text",
    isFinal: "bool",
    price: "numeric",
    sizeBase: "numeric",
    filledBase: "numeric",
    placedAtUs: "bigint",
  },
  `on conflict (account, client_id) do update set
     epoch = excluded.epoch, seq = excluded.seq, at = excluded.at, at_us = excluded.at_us,
     venue_order_id = excluded.venue_order_id, status = excluded.status, is_final = excluded.is_final,
     price = excluded.price, size_base = excluded.size_base, filled_base = excluded.filled_base
   where (venue_order.epoch, venue_order.seq, venue_order.at) < (excluded.epoch, excluded.seq, excluded.at)`,
);

const BALANCE = defineTable<BalanceLine>("balance_sample", {
  atUs: "bigint",
  account: "text",
  asset: "text",
  decimals: "int",
  balanceAtoms: "numeric",
  baselineAtoms: "numeric",
});

const NOTICE = defineTable<NoticeLine>("notice", {
  atUs: "bigint",
  code: "text",
  severity: "text",
  scope: "text",
  text: "text",
});

const COMMAND = defineTable<Omit<CommandLine, "type"> & { readonly type: Command["type"] }>(
  "command_record",
  {
    atUs: "bigint",
    commandId: "text",
    actor: "text",
    reason: "text",
    type: "text",
    command: "jsonb",
    accepted: "bool",
    code: "text",
    text: "text",
  },
);

const PARAMETERS = defineTable<ParametersLine>("parameter_version", {
  atUs: "bigint",
  version: "int",
  commandId: "text",
  actor: "text",
  reason: "text",
});

const SETTING = defineTable<OfSetting>("parameter_setting", {
  level: "text",
  scope: "text",
  name: "text",
  kind: "text",
  before: "text",
  after: "text",
});

const TRADING_STATE = defineTable<TradingStateLine>("trading_state_change", {
  atUs: "bigint",
  scope: "text",
  before: "text",
  after: "text",
  actor: "text",
  reason: "text",
});

const UPTIME = defineTable<UptimeLine>("uptime_interval", {
  atUs: "bigint",
  account: "text",
  symbol: "text",
  twoSided: "bool",
  fromUs: "bigint",
  toUs: "bigint",
});

const EQUITY = defineTable<EquityLine & PnlView>("equity_sample", {
  atUs: "bigint",
  reportingAsset: "text",
  netExposure: "float8",
  grossExposure: "float8",
  ...PNL,
});

const MARKET = defineTable<OfMarket>("market_sample", {
  market: "text",
  fair: "float8",
  inventoryBase: "float8",
  ...PNL,
});

/** In the order in which they are written: rows that others refer to come first. */
export const TABLES: readonly Table[] = [
  PARAMETERS,
  SETTING,
  COMMAND,
  TRADING_STATE,
  FILL,
  VENUE_ORDER,
  BALANCE,
  UPTIME,
  NOTICE,
  EQUITY,
  MARKET,
];

export function rowsOf(line: Line): Row[] {
  const { cursor } = line;
  switch (line.type) {
    case "fill":
      return [rowOf(FILL, cursor, line)];
    case "order":
      return [{ ...rowOf(VENUE_ORDER, cursor, line), replaces: `${line.account} ${line.clientId}` }];
    case "balance":
      return [rowOf(BALANCE, cursor, line)];
    case "notice":
      return [rowOf(NOTICE, cursor, line)];
    case "command":
      return [rowOf(COMMAND, cursor, { ...line, type: line.command.type })];
    case "parameters":
      return [
        rowOf(PARAMETERS, cursor, line),
        ...line.settings.map(({ before, after, ...setting }) =>
          rowOf(SETTING, cursor, {
            ...setting,
            kind: typeof (after ?? before),
            before: before === undefined ? undefined : String(before),
            after: after === undefined ? undefined : String(after),
          }),
        ),
      ];
    case "tradingState":
      return [rowOf(TRADING_STATE, cursor, line)];
    case "uptime":
      return [rowOf(UPTIME, cursor, line)];
    case "equity":
      return [
        rowOf(EQUITY, cursor, { ...line, ...line.pnl }),
        ...line.markets.map(({ pnl, ...market }) => rowOf(MARKET, cursor, { ...market, ...pnl })),
      ];
  }
}

function defineTable<Item>(
  name: string,
  columns: Partial<Record<keyof Item & string, SqlType>>,
  onConflict = "on conflict do nothing",
): TableOf<Item> {
  const fields = Object.keys(columns) as (keyof Item & string)[];
  const own = fields.map((field): Column => ({ name: snakeCase(field), type: columns[field] ?? "text" }));
  return { name, fields, columns: [...PLACE, ...own], onConflict };
}

function rowOf<Item>(table: TableOf<Item>, { epoch, seq, at }: Cursor, item: Item): Row {
  const cells: Cell[] = [epoch, seq, at];
  for (const field of table.fields) cells.push(cellOf(item[field]));
  return { table, cells };
}

function snakeCase(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function cellOf(value: unknown): Cell {
  if (value === undefined) return null;
  if (typeof value === "string") return cleanText(value);
  if (typeof value === "number" || typeof value === "boolean") return value;
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value, jsonPart);
}

/** Amounts in atoms as text: they exceed what JSON's numbers hold. */
function jsonPart(_key: string, part: unknown): unknown {
  if (typeof part === "bigint") return part.toString();
  return typeof part === "string" ? cleanText(part) : part;
}

/** PostgreSQL takes neither a NUL nor half a surrogate pair, and a person can send both. */
function cleanText(text: string): string {
  return text.includes("\0") || /[\uD800-\uDFFF]/.test(text)
    ? Buffer.from(text.replaceAll("\0", "\uFFFD")).toString()
    : text;
}
