/** The tick and lot of one instrument, and its numbers on them. */
import { decimalsOf, floorToUnits, unitText } from "./decimal.ts";
import type { RawRecord, SourceInstrument } from "./importer.ts";
import type { ImportPass } from "./pass.ts";
import type { InstrumentScan } from "./scan.ts";
import { lotDecimals, refuseRecord } from "./scan.ts";

export class Grid {
  readonly tick: string;
  readonly lot: string;
  readonly #name: string;
  readonly #priceDecimals: number;
  readonly #lotDecimals: number;
  readonly #hasFinerSizes: boolean;
  readonly #pass: ImportPass;

  constructor(instrument: SourceInstrument, scan: InstrumentScan, pass: ImportPass) {
    const decimals = lotDecimals(scan);
    this.#name = `${instrument.account} ${instrument.symbol}`;
    this.#priceDecimals = scan.priceDecimals;
    this.#lotDecimals = decimals ?? 0;
    this.#hasFinerSizes = decimals !== undefined && scan.sizesByDecimals.length - 1 > decimals;
    this.#pass = pass;
    this.tick = unitText(scan.priceDecimals);
    this.lot = decimals === undefined ? (instrument.assumedLot ?? "1") : unitText(decimals);
  }

  /** Exact: the tick was chosen so that every price is on it. */
  ticks(record: RawRecord, price: string): number {
    const ticks = floorToUnits(price, this.#priceDecimals);
    if (ticks === undefined || ticks === 0) refuseRecord(record, `"${price}" cannot be a price here`);
    return ticks;
  }

  /** Rounded down, and counted, where a size is finer than the lot. */
  lots(record: RawRecord, size: string): number {
    const lots = floorToUnits(size, this.#lotDecimals);
    if (lots === undefined) refuseRecord(record, `"${size}" cannot be a size here`);
    if (this.#hasFinerSizes && (decimalsOf(size) ?? 0) > this.#lotDecimals)
      this.#pass.defect(
        "SIZE_FINER_THAN_LOT",
        `${this.#name}: sizes finer than its lot of ${this.lot}; rounded down`,
      );
    return lots;
  }

  /** Flat levels, best price first. Sizes of 0 stay only where they mean removal. */
  levels(record: RawRecord, raw: readonly string[], side: "bids" | "asks", keepZeros: boolean): number[] {
    const levels: number[] = [];
    let ordered = true;
    for (let at = 0; at < raw.length; at += 2) {
      const ticks = this.ticks(record, raw[at] ?? "");
      const lots = this.lots(record, raw[at + 1] ?? "");
      if (lots === 0 && !keepZeros) continue;
      const before = levels.at(-2);
      if (before !== undefined && (side === "bids" ? ticks >= before : ticks <= before)) ordered = false;
      levels.push(ticks, lots);
    }
    return ordered ? levels : this.#sort(record, levels, side);
  }

  #sort(record: RawRecord, levels: readonly number[], side: "bids" | "asks"): number[] {
    const pairs: [number, number][] = [];
    for (let at = 0; at < levels.length; at += 2) pairs.push([levels[at] ?? 0, levels[at + 1] ?? 0]);
    pairs.sort((a, b) => (side === "bids" ? b[0] - a[0] : a[0] - b[0]));
    for (const [at, pair] of pairs.entries())
      if (at > 0 && pairs[at - 1]?.[0] === pair[0])
        refuseRecord(record, `one of the ${side} is listed twice`);
    return pairs.flat();
  }
}
