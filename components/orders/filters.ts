/** What of the orders and fills is looked at: one filter for all tabs, written into the page's address. */
import type { Liquidity, Side } from "../../server/contract/units.ts";

export const TABS = ["open", "orders", "fills"] as const;
export type Tab = (typeof TABS)[number];

export interface Filters {
  readonly account?: string;
  readonly symbol?: string;
  readonly side?: Side;
  /** Of orders; "working" and "ended" gather several. */
  readonly status?: string;
  readonly liquidity?: Liquidity;
  /** Instants from, inclusive, to, exclusive, of the engine's clock. */
  readonly fromUs?: number;
  readonly toUs?: number;
}

export const WORKING_STATUSES = [
  "PENDING_NEW",
  "OPEN",
  "PARTIALLY_FILLED",
  "PENDING_AMEND",
  "PENDING_CANCEL",
  "UNKNOWN",
] as const;
export const ENDED_STATUSES = ["FILLED", "CANCELED", "REJECTED", "EXPIRED"] as const;

interface Matched {
  readonly account: string;
  readonly symbol: string;
  readonly side: Side;
}

/** By venue, symbol, side and time; status and liquidity are matched by who has them. */
export function matches(filters: Filters, row: Matched, atUs: number): boolean {
  const { account, symbol, side, fromUs, toUs } = filters;
  return (
    (account === undefined || row.account === account) &&
    (symbol === undefined || row.symbol === symbol) &&
    (side === undefined || row.side === side) &&
    (fromUs === undefined || atUs >= fromUs) &&
    (toUs === undefined || atUs < toUs)
  );
}

export function matchesStatus(wanted: string | undefined, status: string): boolean {
  if (wanted === undefined || wanted === status) return true;
  const isEnded = (ENDED_STATUSES as readonly string[]).includes(status);
  return wanted === "ended" ? isEnded : wanted === "working" && !isEnded;
}

/** What the API calls a status filter. */
export function statusInput(status: string | undefined): { status?: string; isFinal?: boolean } {
  if (status === undefined) return {};
  return status === "ended" ? { isFinal: true } : status === "working" ? { isFinal: false } : { status };
}

/** Sets one part; undefined removes it. */
export function withFilter(
  filters: Filters,
  part: { readonly [K in keyof Filters]: Filters[K] | undefined },
): Filters {
  const entries = Object.entries({ ...filters, ...part }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Filters;
}

export function filterCount(filters: Filters): number {
  const { fromUs, toUs, ...rest } = filters;
  return Object.keys(rest).length + (fromUs === undefined && toUs === undefined ? 0 : 1);
}

/** The page's address, so that a reload and a colleague see the same. */
export function toAddress(tab: Tab, filters: Filters): string {
  const { fromUs, toUs, ...rest } = filters;
  const query = new URLSearchParams({ ...(tab === "open" ? {} : { tab }), ...rest });
  if (fromUs !== undefined) query.set("from", isoOf(fromUs));
  if (toUs !== undefined) query.set("to", isoOf(toUs));
  const text = query.toString();
  return text === "" ? "/orders" : `/orders?${text}`;
}

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Whatever is not understood is left out. */
export function fromAddress(query: Query): { readonly tab: Tab; readonly filters: Filters } {
  const one = (name: string): string | undefined => {
    const value = query[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const side = one("side");
  const liquidity = one("liquidity");
  return {
    tab: TABS.find((tab) => tab === one("tab")) ?? "open",
    filters: withFilter(
      {},
      {
        account: one("account"),
        symbol: one("symbol"),
        side: side === "buy" || side === "sell" ? side : undefined,
        status: one("status"),
        liquidity: liquidity === "maker" || liquidity === "taker" ? liquidity : undefined,
        fromUs: usOf(one("from")),
        toUs: usOf(one("to")),
      },
    ),
  };
}

function isoOf(atUs: number): string {
  return new Date(atUs / 1_000).toISOString();
}

function usOf(text: string | undefined): number | undefined {
  const atMs = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(atMs) || atMs < 0 ? undefined : atMs * 1_000;
}

/** Text of a date-and-time field, which is UTC here, as everywhere on the desk. */
export function fieldOf(atUs: number | undefined): string {
  return atUs === undefined ? "" : isoOf(atUs).slice(0, 19);
}

export function usOfField(text: string): number | undefined {
  return usOf(text === "" ? undefined : `${text}Z`);
}
