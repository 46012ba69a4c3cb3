/** What the chart of a market is given, and what it tells. */
import type { SecondMarks } from "./marks.ts";
import type { MarketSecond } from "./seconds.ts";

export interface MarketChartData {
  readonly seconds: readonly MarketSecond[];
  /** In the order of the seconds' instruments. */
  readonly instruments: readonly InstrumentLook[];
  /** The second that is explained, unless it is now. */
  readonly explainedS: number | undefined;
  readonly marks: ReadonlyMap<number, SecondMarks>;
  readonly base: string;
  readonly currency: string;
  readonly priceDigits: number;
  readonly sdBase: number | undefined;
  readonly limitBase: number | undefined;
  /** Seconds that are shown; undefined leaves it as a person has set it. */
  readonly windowS: number | undefined;
  /** The newest second stays in view. */
  readonly follows: boolean;
  readonly events: MarketChartEvents;
}

export interface InstrumentLook {
  readonly isShown: boolean;
  readonly isSelected: boolean;
  /** A reference is never quoted: that is no incident. */
  readonly isQuoted: boolean;
}

export interface MarketChartEvents {
  /** The second under the pointer, or the one chosen by key. */
  readonly read: (atS: number | undefined) => void;
  /** A second was chosen, and the instrument whose quote is nearest to where was clicked. */
  readonly pick: (atS: number, instrument: number | undefined) => void;
  /** A person has moved the view. */
  readonly moved: (view: { readonly windowS: number | undefined; readonly follows: boolean }) => void;
}
