/** What the page draws, in columns: one value per sample and line, thinned until a browser takes it lightly. */
import type { EngineConfig } from "../../contract/config.ts";
import type { Instrument } from "../../contract/instrument.ts";
import type { PnlView } from "../../contract/lines.ts";
import type { DrawnFill, Sample } from "../observer.ts";
import { PNL_PARTS, PNL_TOTAL, type Stroke } from "./figures.ts";
import { decimalsOf, formatCount, moneyDecimals, significantDecimals } from "./format.ts";

/** About eight characters each in the page: together at most 2 MB of text. */
const VALUES_MAX = 200_000;

/** Enough to zoom in on; at any zoom the page draws only as many as have room. */
const FILLS_PER_MARKET_MAX = 3_000;

/** In reporting currency: what rounding leaves of parts that cancel out. */
const DUST = 1e-6;

/** One value per sample; null where there was none. */
type Column = readonly (number | null)[];

export interface PictureVenue {
  readonly name: string;
  readonly decimals: number;
  readonly mid: Column;
  readonly bid: Column;
  readonly ask: Column;
}

/** Columns of the same length: seconds since the start, price, 1 for a buy, and the venue's position. */
interface PictureFills {
  readonly atS: readonly number[];
  readonly price: readonly number[];
  readonly buy: readonly (0 | 1)[];
  readonly venue: readonly number[];
}

export interface PictureMarket {
  readonly market: string;
  readonly base: string;
  /** Of prices in the reporting currency: those of the finest tick. */
  readonly decimals: number;
  /** On the axis, where the limit has three digits; two more in words. */
  readonly inventoryDecimals: number;
  readonly fair: Column;
  readonly inventory: Column;
  readonly limit: Column;
  readonly venues: readonly PictureVenue[];
  readonly fills: PictureFills;
  /** What the picture leaves out, if anything. */
  readonly omitted: string | undefined;
}

export interface PictureLine {
  readonly part: keyof PnlView;
  readonly stroke: Stroke;
  readonly values: readonly number[];
}

export interface Picture {
  readonly startS: number;
  /** Seconds since the start, ascending. */
  readonly atS: readonly number[];
  readonly asset: string;
  readonly pnlDecimals: number;
  /** Cents beside an axis of thousands would be noise. */
  readonly pnlAxisDecimals: number;
  readonly markets: readonly PictureMarket[];
  /** The parts that ever moved, and the total last, so that it is drawn on top. */
  readonly pnl: readonly PictureLine[];
}

interface MarketMembers {
  readonly market: string;
  readonly base: string;
  readonly instruments: readonly number[];
}

/** A finished backtest fits: its configuration, the engine's markets and what the observer saw. */
export interface PictureSource {
  readonly config: Pick<EngineConfig, "instruments" | "reportingAsset">;
  readonly markets: readonly MarketMembers[];
  readonly samples: readonly Sample[];
  readonly fills: readonly DrawnFill[];
  /** All fills of the run, seen by the observer or not. */
  readonly fillCount: number;
}

export function buildPicture(source: PictureSource): Picture {
  const { config, markets } = source;
  const lines = markets.reduce(
    (sum, market) => sum + 3 + 3 * market.instruments.length,
    PNL_PARTS.length + 1,
  );
  const samples = thin(source.samples, Math.floor(VALUES_MAX / lines));
  const startUs = samples[0]?.atUs ?? 0;
  const pnl = pnlLines(samples);
  const largestPnl = Math.max(0, ...pnl.flatMap(({ values }) => values.map(Math.abs)));
  return {
    startS: startUs / 1e6,
    atS: samples.map((sample) => seconds(sample.atUs - startUs)),
    asset: config.reportingAsset,
    pnlDecimals: moneyDecimals(largestPnl),
    pnlAxisDecimals: significantDecimals(largestPnl, 3),
    markets: markets.map((market, at) => buildMarket(source, market, at, samples)),
    pnl,
  };
}

function buildMarket(
  { config, fills, fillCount }: PictureSource,
  { market, base, instruments }: MarketMembers,
  at: number,
  samples: readonly Sample[],
): PictureMarket {
  const definitions = instruments.map((index) => {
    const definition = config.instruments[index];
    if (definition === undefined) throw new Error(`there is no instrument ${index}`);
    return definition;
  });
  const decimals = Math.max(...definitions.map(({ tick }) => decimalsOf(tick)));
  const limits = samples.map((sample) => sample.markets[at]?.limitBase);
  const inventoryDecimals = significantDecimals(Math.max(0, ...limits.map((limit) => limit ?? 0)), 3);
  const column = (pick: (sample: Sample) => number | undefined, digits: number): Column =>
    samples.map((sample) => rounded(pick(sample), digits));
  const own = fills.filter((fill) => instruments.includes(fill.instrument));
  const drawn = thin(own, FILLS_PER_MARKET_MAX);
  const startUs = samples[0]?.atUs ?? 0;
  return {
    market,
    base,
    decimals,
    inventoryDecimals,
    fair: column((sample) => sample.markets[at]?.fair, decimals),
    inventory: column((sample) => sample.markets[at]?.inventoryBase, inventoryDecimals + 2),
    limit: column((sample) => sample.markets[at]?.limitBase, inventoryDecimals + 2),
    venues: definitions.map((definition, member) => ({
      name: nameAmong(definitions, definition),
      decimals: decimalsOf(definition.tick),
      mid: column((sample) => sample.markets[at]?.instruments[member]?.mid, decimals),
      bid: column((sample) => sample.markets[at]?.instruments[member]?.bid, decimals),
      ask: column((sample) => sample.markets[at]?.instruments[member]?.ask, decimals),
    })),
    fills: {
      atS: drawn.map((fill) => seconds(fill.atUs - startUs)),
      price: drawn.map((fill) => Number(fill.priceReporting.toFixed(decimals))),
      buy: drawn.map((fill) => (fill.side === "buy" ? 1 : 0)),
      venue: drawn.map((fill) => instruments.indexOf(fill.instrument)),
    },
    omitted: describeOmitted(own.length, drawn.length, fills.length, fillCount),
  };
}

/** The account says enough, unless it trades the market in two currencies. */
function nameAmong(definitions: readonly Instrument[], { account, symbol }: Instrument): string {
  const shared = definitions.filter((other) => other.account === account).length > 1;
  return shared ? `${account} ${symbol}` : account;
}

function describeOmitted(own: number, drawn: number, kept: number, fillCount: number): string | undefined {
  if (drawn === own && kept === fillCount) return undefined;
  const happened = kept === fillCount ? formatCount(own) : `about ${formatCount((own / kept) * fillCount)}`;
  return `${formatCount(drawn)} of ${happened} fills are in the picture, evenly chosen`;
}

/** The total is always there; a part that stayed zero would be a line on the axis. */
function pnlLines(samples: readonly Sample[]): PictureLine[] {
  const lines = [...PNL_PARTS, PNL_TOTAL].map(({ part, stroke }) => ({
    part,
    stroke,
    values: samples.map((sample) => Number(sample.pnl[part].toFixed(6))),
  }));
  return lines.filter(
    ({ part, values }) => part === "total" || values.some((value) => Math.abs(value) >= DUST),
  );
}

/** At most `max` of them, evenly chosen, the first and the last among them. */
function thin<T>(all: readonly T[], max: number): readonly T[] {
  if (all.length <= max) return all;
  const step = (all.length - 1) / (max - 1);
  return Array.from({ length: max }, (_, at) => all[Math.round(at * step)]).filter(
    (item) => item !== undefined,
  );
}

function rounded(value: number | undefined, digits: number): number | null {
  return value === undefined ? null : Number(value.toFixed(digits));
}

function seconds(us: number): number {
  return Math.round(us / 1e3) / 1e3;
}
