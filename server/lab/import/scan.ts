/**
 * The first reading of a source: which tick and lot its numbers need, and what it records at all.
 * Every number is checked here, so that the second reading can trust the text.
 */
import { UserError } from "../../contract/errors.ts";
import { decimalsOf } from "./decimal.ts";
import type { ImportSource, RawRecord } from "./importer.ts";
import type { ImportPass } from "./pass.ts";

/** What was found of one instrument. */
export interface InstrumentScan {
  priceDecimals: number;
  /** How many sizes need 0, 1, 2 … decimals. */
  readonly sizesByDecimals: number[];
  levels: number;
  depth: boolean;
  top: boolean;
  trades: boolean;
  tradeSizes: boolean;
  venueStamps: boolean;
  /** Records with a venue stamp after their time of receipt, and the furthest of them. */
  stampsAhead: number;
  aheadUsMax: number;
  records: number;
  lastAtUs: number;
}

/**
 * A venue's lot is what almost all sizes are multiples of. The rest are orders' remainders, in which
 * some venues show every digit (Huobi: 0.7 % of sizes have up to 18 decimals).
 */
const LOT_COVERS_FRAC = 0.99;

export function scanSource(source: ImportSource, pass: ImportPass): InstrumentScan[] {
  const scans = source.instruments.map(emptyScan);
  for (const record of source.records(pass)) {
    const scan = scans[record.instrument];
    if (scan === undefined)
      throw new Error(`a record of instrument ${record.instrument}, which was not announced`);
    if (record.kind === "pause") continue;
    scan.records++;
    scan.lastAtUs = record.receivedAtUs;
    scanVenueStamp(record, scan);
    switch (record.kind) {
      case "snapshot":
      case "full":
      case "delta":
        scan.depth = true;
        if (record.kind !== "delta")
          scan.levels = Math.max(scan.levels, record.bids.length / 2, record.asks.length / 2);
        scanLevels(record, record.bids, scan);
        scanLevels(record, record.asks, scan);
        break;
      case "touch":
        scan.top = true;
        scan.levels = Math.max(scan.levels, 1);
        if (record.bid !== undefined) scanPrice(record, record.bid, scan);
        if (record.ask !== undefined) scanPrice(record, record.ask, scan);
        break;
      case "print":
        scan.trades = true;
        scanPrice(record, record.price, scan);
        if (record.size !== undefined) {
          scan.tradeSizes = true;
          scanSize(record, record.size, scan);
        }
        break;
      case "alive":
      case "gap":
        break;
    }
  }
  return scans;
}

/** Undefined when no size was recorded. */
export function lotDecimals({ sizesByDecimals }: InstrumentScan): number | undefined {
  const total = sizesByDecimals.reduce((sum, count) => sum + count, 0);
  let covered = 0;
  for (const [decimals, count] of sizesByDecimals.entries()) {
    covered += count;
    if (total > 0 && covered >= total * LOT_COVERS_FRAC) return decimals;
  }
  return undefined;
}

/** One clear line that names the place. */
export function refuseRecord({ file, line }: RawRecord, text: string): never {
  throw new UserError(`${file}:${line}: ${text}`);
}

function emptyScan(): InstrumentScan {
  return {
    priceDecimals: 0,
    sizesByDecimals: [],
    levels: 0,
    depth: false,
    top: false,
    trades: false,
    tradeSizes: false,
    venueStamps: false,
    stampsAhead: 0,
    aheadUsMax: 0,
    records: 0,
    lastAtUs: 0,
  };
}

function scanVenueStamp({ venueAtUs, receivedAtUs }: RawRecord, scan: InstrumentScan): void {
  if (venueAtUs === undefined) return;
  scan.venueStamps = true;
  if (venueAtUs <= receivedAtUs) return;
  scan.stampsAhead++;
  scan.aheadUsMax = Math.max(scan.aheadUsMax, venueAtUs - receivedAtUs);
}

function scanLevels(record: RawRecord, levels: readonly string[], scan: InstrumentScan): void {
  for (let at = 0; at < levels.length; at += 2) {
    scanPrice(record, levels[at] ?? "", scan);
    scanSize(record, levels[at + 1] ?? "", scan);
  }
}

function scanPrice(record: RawRecord, text: string, scan: InstrumentScan): void {
  const decimals = decimalsOf(text) ?? refuseRecord(record, `"${text}" is no price`);
  if (decimals > scan.priceDecimals) scan.priceDecimals = decimals;
}

function scanSize(record: RawRecord, text: string, scan: InstrumentScan): void {
  const decimals = decimalsOf(text) ?? refuseRecord(record, `"${text}" is no size`);
  while (scan.sizesByDecimals.length <= decimals) scan.sizesByDecimals.push(0);
  scan.sizesByDecimals[decimals] = (scan.sizesByDecimals[decimals] ?? 0) + 1;
}
