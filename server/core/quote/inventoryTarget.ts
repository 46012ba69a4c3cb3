/**
 * What a view on the price is worth to a market maker (models §1.3). A drift a (price/s) that fades at
 * rate θ (1/s) moves both quotes by a/(κ + θ), κ = γσ²/s being the speed at which inventory reverts; the
 * inventory that this steers to is q* = shift/s = a/(γσ²)·κ/(κ + θ). The myopic a/(γσ²) of Merton ignores that a
 * market maker reaches its target slowly: from θ ≈ κ/3 on it is too large to be used.
 * Quadratic expansion of the GLFT problem (MFE 7, 2013, sec. 5.1 for constant drift), checked on a two-dimensional HJB.
 */

/** Most of the inventory limit that a view may claim: the rest belongs to the flow. */
const TARGET_LIMIT_SHARE = 0.3;

/** κ = γσ²/s, 1/s: `sigma` in price/√s, `slope` in price per base. */
export function inventoryReversion(quoting: {
  readonly gamma: number;
  readonly sigma: number;
  readonly slope: number;
}): number {
  return (quoting.gamma * quoting.sigma * quoting.sigma) / quoting.slope;
}

/** Price by which a drift moves both quotes. A drift without end (`fadePerS` 0) gives GLFT's q* = a/(γσ²). */
export function driftShift(
  drift: { readonly driftPerS: number; readonly fadePerS: number },
  kappaPerS: number,
): number {
  return drift.driftPerS / (kappaPerS + drift.fadePerS);
}

/** A price that reverts to `mean` at `thetaPerS`. */
export interface MeanReversion {
  readonly thetaPerS: number;
  readonly mean: number;
}

/** (μ − S)·θ/(κ + θ): never further than the mean itself. Fast reversion quotes around it, slow reversion ignores it. */
export function meanReversionShift(
  { thetaPerS, mean }: MeanReversion,
  price: number,
  kappaPerS: number,
): number {
  return driftShift({ driftPerS: thetaPerS * (mean - price), fadePerS: thetaPerS }, kappaPerS);
}

/**
 * −rate·mark/(1 + κ·τ) for a payment in τ seconds, which is a drift of −rate·mark/τ fading at 1/τ:
 * nothing until about 1/κ before it, the whole payment at the end. Longs pay a positive rate: both quotes lower.
 */
export function fundingShift(
  payment: { readonly rateFrac: number; readonly mark: number; readonly secondsLeft: number },
  kappaPerS: number,
): number {
  return (-payment.rateFrac * payment.mark) / (1 + kappaPerS * Math.max(0, payment.secondsLeft));
}

/** q* in base units from the sum of all shifts, within its share of the inventory limit. */
export function inventoryTarget(
  shift: number,
  against: { readonly slope: number; readonly limitBase: number },
): number {
  const most = TARGET_LIMIT_SHARE * against.limitBase;
  return Math.min(Math.max(shift / against.slope, -most), most);
}

/**
 * Without market making, for an investor with constant absolute risk aversion and τ seconds: θ(μ−S)/(γσ²)
 * for the next instant (Merton), times 1 + θτ for the whole horizon. Long below the mean.
 */
export function investorTarget(
  reversion: MeanReversion,
  price: number,
  risk: { readonly gamma: number; readonly sigma: number; readonly secondsLeft: number },
): { myopic: number; horizon: number } {
  const drift = reversion.thetaPerS * (reversion.mean - price);
  const myopic = drift / (risk.gamma * risk.sigma * risk.sigma);
  return { myopic, horizon: myopic * (1 + reversion.thetaPerS * risk.secondsLeft) };
}

/** Where an Ornstein–Uhlenbeck price is expected after some seconds, and its variance then (price²). */
export function meanReversionForecast(
  { thetaPerS, mean }: MeanReversion,
  from: { readonly price: number; readonly sigma: number; readonly seconds: number },
): { mean: number; variance: number; expectedMove: number } {
  const { price, sigma, seconds } = from;
  // expm1 keeps the digits of a short horizon, and of one without reversion.
  const expectedMove = -(mean - price) * Math.expm1(-thetaPerS * seconds);
  const variance =
    thetaPerS === 0
      ? sigma * sigma * seconds
      : (-sigma * sigma * Math.expm1(-2 * thetaPerS * seconds)) / (2 * thetaPerS);
  return { mean: price + expectedMove, variance, expectedMove };
}
