/**
 * Variance of the log price per bar from open, high, low and close: for priors and back-fill, where no finer
 * data are at hand. Each takes at least one bar and returns the mean over the bars.
 */
export interface Bar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** ln(H/L)²/(4 ln 2) (Parkinson 1980): no drift, no gap between bars. */
export function parkinson(bars: readonly Bar[]): number {
  return meanOf(bars, ({ high, low }) => Math.log(high / low) ** 2 / (4 * Math.LN2));
}

/** ½·ln(H/L)² − (2 ln 2 − 1)·ln(C/O)² (Garman and Klass 1980): no drift. */
export function garmanKlass(bars: readonly Bar[]): number {
  return meanOf(
    bars,
    ({ open, high, low, close }) =>
      0.5 * Math.log(high / low) ** 2 - (2 * Math.LN2 - 1) * Math.log(close / open) ** 2,
  );
}

/** ln(H/C)·ln(H/O) + ln(L/C)·ln(L/O) (Rogers and Satchell 1991): any drift, no gap. */
export function rogersSatchell(bars: readonly Bar[]): number {
  return meanOf(
    bars,
    ({ open, high, low, close }) =>
      Math.log(high / close) * Math.log(high / open) + Math.log(low / close) * Math.log(low / open),
  );
}

/**
 * V_overnight + k·V_open-to-close + (1 − k)·V_RS, k = .34/(1.34 + (n+1)/(n−1)) (Yang and Zhang 2000): any
 * drift, and gaps between bars. The first bar only lends its close, so n is one less than the bars, which are
 * at least three.
 */
export function yangZhang(bars: readonly Bar[]): { readonly variance: number; readonly k: number } {
  const later = bars.slice(1);
  const n = later.length;
  const k = 0.34 / (1.34 + (n + 1) / (n - 1));
  const overnight = sampleVariance(later.map(({ open }, i) => Math.log(open / (bars[i]?.close ?? NaN))));
  const inside = sampleVariance(later.map(({ open, close }) => Math.log(close / open)));
  return { variance: overnight + k * inside + (1 - k) * rogersSatchell(later), k };
}

function meanOf(bars: readonly Bar[], value: (bar: Bar) => number): number {
  return bars.reduce((sum, bar) => sum + value(bar), 0) / bars.length;
}

function sampleVariance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
