/**
 * What a probability p of adverse selection does to one side of a quote: the strategy document's two
 * thresholds, and the rule that follows from expected losses (docs/models.md, row 54). A calibrated p is
 * rarely beyond the thresholds, so the first one mostly does nothing.
 */

export interface SidedQuote {
  /** Distance from fair value, price. */
  readonly half: number;
  /** In any unit. */
  readonly size: number;
}

/** The document's thresholds and factors. */
const P_HIGH = 0.7;
const P_LOW = 0.3;
const HIGH = { half: 1.5, size: 0.6 };
const LOW = { half: 0.8, size: 1.2 };

export function documentRule(p: number, quote: SidedQuote): SidedQuote {
  const factor = p > P_HIGH ? HIGH : p < P_LOW ? LOW : { half: 1, size: 1 };
  return { half: quote.half * factor.half, size: quote.size * factor.size };
}

export interface ClassMeans {
  /** L₁ > 0: mean loss of the fills that lost. */
  readonly lossIfAdverse: number;
  /** G₀ > 0: mean gain of the others. Both in price, from the training sample. */
  readonly gainIfNot: number;
}

/** ℓ = p·L₁ − (1 − p)·G₀, price: < 0 is a gain. */
export function lossGiven(p: number, { lossIfAdverse, gainIfNot }: ClassMeans): number {
  return p * lossIfAdverse - (1 - p) * gainIfNot;
}

/** half + ℓ − ℓ̄, not below `halfMin`; ℓ̄ is what the half-spread already holds on average. */
export function halfGiven(
  loss: number,
  at: { readonly half: number; readonly baseline: number; readonly halfMin: number },
): number {
  return at.half + Math.max(loss - at.baseline, at.halfMin - at.half);
}

/** clip(1 − ℓ/(2·e_net), 0, 1): the whole size for an expected gain, half where the loss takes the edge. */
export function sizeGiven(loss: number, edgeNet: number): number {
  return edgeNet > 0 ? Math.min(Math.max(1 - loss / (2 * edgeNet), 0), 1) : 0;
}
