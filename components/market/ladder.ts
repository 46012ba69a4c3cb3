/**
 * The ladders of all venues on one price axis in reporting currency: levels gathered into rows of one step,
 * bids down and asks up, so that no row promises a better price than there is.
 */
import type { LadderView } from "../../server/contract/link.ts";
import type { Side } from "../../server/contract/units.ts";

interface OwnOrder {
  readonly clientId: string;
  readonly side: Side;
  readonly status: string;
  /** As the venue knows it, in its quote currency. */
  readonly price: number;
  readonly remainingBase: number;
  /** What others have at exactly that price: at most this much is served before us. */
  readonly othersBase: number;
}

export interface LadderCell {
  readonly bidBase: number;
  readonly askBase: number;
  readonly own: readonly OwnOrder[];
  /** Beyond the levels that the engine shows: empty means nothing there. */
  readonly isBeyond: boolean;
}

interface LadderRow {
  /** Row number on the axis: price is `bucket × step`. */
  readonly bucket: number;
  readonly price: number;
  /** In the order of the ladders. */
  readonly cells: readonly LadderCell[];
}

interface LadderGrid {
  readonly rows: readonly LadderRow[];
  /** Largest size of others in any cell: what a full bar means. */
  readonly sizeMaxBase: number;
}

/** The row just above fair value. */
export function fairBucket(fair: number, step: number): number {
  return Math.floor(fair / step) + 1;
}

/** `rowCount` rows, highest price first, with `centre` in the middle. */
export function ladderGrid(
  ladders: readonly LadderView[],
  { step, centre, rowCount }: { readonly step: number; readonly centre: number; readonly rowCount: number },
): LadderGrid {
  const columns = ladders.map((ladder) => gather(ladder, step));
  const top = centre + Math.floor(rowCount / 2);
  let sizeMaxBase = 0;
  const rows = Array.from({ length: rowCount }, (_, at): LadderRow => {
    const bucket = top - at;
    const cells = columns.map((column) => cellOf(column, bucket));
    for (const { bidBase, askBase } of cells) sizeMaxBase = Math.max(sizeMaxBase, bidBase, askBase);
    return { bucket, price: bucket * step, cells };
  });
  return { rows, sizeMaxBase };
}

interface Column {
  readonly bids: ReadonlyMap<number, number>;
  readonly asks: ReadonlyMap<number, number>;
  readonly own: ReadonlyMap<number, readonly OwnOrder[]>;
  /** Rows that the shown levels reach; absent on an empty side. */
  readonly lowest: number | undefined;
  readonly highest: number | undefined;
}

const NOTHING: readonly OwnOrder[] = [];

function cellOf({ bids, asks, own, lowest, highest }: Column, bucket: number): LadderCell {
  return {
    bidBase: bids.get(bucket) ?? 0,
    askBase: asks.get(bucket) ?? 0,
    own: own.get(bucket) ?? NOTHING,
    isBeyond: lowest === undefined || highest === undefined || bucket < lowest || bucket > highest,
  };
}

/** Without a rate a venue has no place on the axis: its column stays empty. */
function gather(ladder: LadderView, step: number): Column {
  const { rate } = ladder;
  const bids = new Map<number, number>();
  const asks = new Map<number, number>();
  const own = new Map<number, OwnOrder[]>();
  if (rate === undefined) return { bids, asks, own, lowest: undefined, highest: undefined };
  for (const [price, size] of levels(ladder.bids)) add(bids, rowOf("buy", price * rate, step), size);
  for (const [price, size] of levels(ladder.asks)) add(asks, rowOf("sell", price * rate, step), size);
  for (const order of ladder.own) {
    const row = rowOf(order.side, order.price * rate, step);
    const others = levels(order.side === "buy" ? ladder.bids : ladder.asks);
    const othersBase = others.find(([price]) => price === order.price)?.[1] ?? 0;
    own.set(row, [...(own.get(row) ?? []), { ...order, othersBase }]);
  }
  return {
    bids,
    asks,
    own,
    lowest: bids.size === 0 ? undefined : Math.min(...bids.keys()),
    highest: asks.size === 0 ? undefined : Math.max(...asks.keys()),
  };
}

/** A hair of a row: a price of exactly a row must not fall below it by a rounding of the float. */
const HAIR = 1e-7;

function rowOf(side: Side, price: number, step: number): number {
  return side === "buy" ? Math.floor(price / step + HAIR) : Math.ceil(price / step - HAIR);
}

function levels(flat: readonly number[]): readonly (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) pairs.push([flat[at] ?? 0, flat[at + 1] ?? 0]);
  return pairs;
}

function add(sizes: Map<number, number>, row: number, size: number): void {
  sizes.set(row, (sizes.get(row) ?? 0) + size);
}
