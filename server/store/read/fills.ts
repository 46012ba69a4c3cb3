import type { Cursor, FillLine } from "../../contract/lines.ts";
import type { Liquidity, Side } from "../../contract/units.ts";
import type { Store } from "../client.ts";
import type { FillModel } from "../generated/models/Fill.ts";
import type { Page, PageOf, TimeRange } from "./page.ts";
import { lineBase, NEWEST_FIRST, OLDEST_FIRST, onlySet, readAfter, readPage, withinTime } from "./page.ts";

export interface FillFilter extends TimeRange {
  readonly account?: string | undefined;
  readonly symbol?: string | undefined;
  readonly side?: Side | undefined;
  readonly liquidity?: Liquidity | undefined;
  readonly clientId?: string | undefined;
}

/** Newest first. */
export function readFills(store: Store, filter: FillFilter, page: Page): Promise<PageOf<FillLine>> {
  const { fromUs, toUs, ...equal } = filter;
  const wanted = { ...onlySet(equal), ...withinTime({ fromUs, toUs }) };
  return readPage(
    page,
    (range, take) => store.fill.findMany({ where: { AND: [wanted, range] }, orderBy: NEWEST_FIRST, take }),
    toFill,
  );
}

/** Oldest first. */
export function readFillsAfter(store: Store, after: Cursor, limit: number): Promise<FillLine[]> {
  return readAfter(
    after,
    limit,
    (range, take) => store.fill.findMany({ where: range, orderBy: OLDEST_FIRST, take }),
    toFill,
  );
}

function toFill(row: FillModel): FillLine {
  return {
    type: "fill",
    ...lineBase(row),
    account: row.account,
    symbol: row.symbol,
    base: row.base,
    quote: row.quote,
    clientId: row.clientId,
    venueOrderId: row.venueOrderId,
    tradeId: row.tradeId,
    side: row.side as Side,
    liquidity: row.liquidity as Liquidity,
    priceTicks: Number(row.priceTicks),
    sizeLots: Number(row.sizeLots),
    price: row.price.toNumber(),
    sizeBase: row.sizeBase.toNumber(),
    notionalAtoms: BigInt(row.notionalAtoms.toFixed(0)),
    notionalQuote: row.notionalQuote.toNumber(),
    feeAsset: row.feeAsset,
    feeAtoms: BigInt(row.feeAtoms.toFixed(0)),
    fee: row.fee.toNumber(),
    venueAtUs: Number(row.venueAtUs),
    edgeBps: row.edgeBps ?? undefined,
  };
}
