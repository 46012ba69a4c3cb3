/** What happened to us in a second, drawn onto the price: our fills, and parameters that changed. */
import type { FillLine, ParametersLine } from "../../server/contract/lines.ts";
import { formatCursor } from "../../server/contract/lines.ts";
import type { Side } from "../../server/contract/units.ts";

export interface FillMark {
  readonly instrument: number;
  readonly side: Side;
  /** Reporting currency, at the rate of now: a rate moves by less than a pixel in an hour. */
  readonly price: number;
  readonly sizeBase: number;
  readonly edgeBps: number | undefined;
}

export interface SecondMarks {
  readonly fills: readonly FillMark[];
  /** The parameter version that came into force. */
  readonly version: number | undefined;
}

interface MarkedInstrument {
  readonly account: string;
  readonly symbol: string;
  readonly rate: number | undefined;
}

/** Marks by second. Fills of other markets, and fills without a rate to draw them at, are left out. */
export function marksOf(
  instruments: readonly MarkedInstrument[],
  fills: readonly FillLine[],
  versions: readonly ParametersLine[],
): ReadonlyMap<number, SecondMarks> {
  const marks = new Map<number, { fills: FillMark[]; version: number | undefined }>();
  const at = (atUs: number): { fills: FillMark[]; version: number | undefined } => {
    const second = Math.floor(atUs / 1e6);
    const known = marks.get(second) ?? { fills: [], version: undefined };
    marks.set(second, known);
    return known;
  };
  const indexOf = new Map(instruments.map(({ account, symbol }, index) => [`${account} ${symbol}`, index]));
  for (const { account, symbol, atUs, side, price, sizeBase, edgeBps } of fills) {
    const instrument = indexOf.get(`${account} ${symbol}`);
    const rate = instrument === undefined ? undefined : instruments[instrument]?.rate;
    if (instrument === undefined || rate === undefined) continue;
    at(atUs).fills.push({ instrument, side, price: price * rate, sizeBase, edgeBps });
  }
  for (const { atUs, version } of versions) {
    const mark = at(atUs);
    mark.version = Math.max(mark.version ?? 0, version);
  }
  return marks;
}

/** Lines of the store and of the stream, each once; the order does not matter here. */
export function mergeLines<L extends FillLine | ParametersLine>(
  stored: readonly L[],
  live: readonly L[],
): readonly L[] {
  const byCursor = new Map<string, L>();
  for (const line of [...stored, ...live]) byCursor.set(formatCursor(line.cursor), line);
  return [...byCursor.values()];
}
