/** The mean markout by horizon and the mean edge, for the page; and from where on the curve says nothing new. */
import type { Estimate } from "../estimate.ts";
import { readSigned, type SignedGate } from "../flow/signedReading.ts";
import { fillsAt, meanOf, stderrOf, type LossAverage } from "./lossAverage.ts";
import type { SideLosses } from "./expectedLoss.ts";

/** Below this many fills the curve's noise is as large as what it shows. */
const N_CURVE = 100;
/** Standard errors that are a difference: up to four horizons are compared, and none should differ by chance. */
const Z = 3;

/** One mean of fills: trusted like the loss of models §3, nothing once the fills behind it count for less than one. */
const GATE: SignedGate = { nCold: 1, nTrusted: N_CURVE, staleAfterS: 3_600 };

export interface CurvePoint extends Estimate {
  readonly horizonS: number;
}

/** Maker-signed, in price at the present volatility: < 0 is adverse. */
export function readMarkoutCurve(
  side: SideLosses,
  horizonsS: readonly number[],
  now: { readonly atUs: number; readonly halfLifeS: number; readonly sigmaPerSqrtS: number },
): CurvePoint[] {
  return side.curve.map((average, at) => {
    const horizonS = horizonsS[at] ?? 0;
    return { horizonS, ...readMean(average, -now.sigmaPerSqrtS * Math.sqrt(horizonS), now) };
  });
}

/** e_net: mean captured edge less fees, price at the present fair value. */
export function readNetEdge(
  side: SideLosses,
  now: { readonly atUs: number; readonly halfLifeS: number; readonly fair: number },
): Estimate {
  return readMean(side.edgeFrac, now.fair, now);
}

function readMean(
  average: LossAverage,
  scale: number,
  now: { readonly atUs: number; readonly halfLifeS: number },
): Estimate {
  const mean = meanOf(average);
  const stderr = stderrOf(average);
  return readSigned(
    {
      value: mean === undefined ? undefined : mean * scale,
      stderr: stderr === undefined ? undefined : stderr * Math.abs(scale),
      nEff: fillsAt(average, now.atUs, now.halfLifeS),
      updatedAtUs: average.updatedAtUs,
    },
    GATE,
    now.atUs,
  );
}

/**
 * The shortest horizon after which no longer one differs: the market has taken in what the fill knew. A difference
 * between horizons h < h' has the standard error σ√((h' − h)/n), the walk of fair value in between. Undefined below
 * 100 fills, and when the curve still moves at its end.
 */
export function flatFromS(side: SideLosses, horizonsS: readonly number[]): number | undefined {
  for (let at = 0; at < horizonsS.length - 1; at++) if (flatAfter(side, horizonsS, at)) return horizonsS[at];
  return undefined;
}

function flatAfter(side: SideLosses, horizonsS: readonly number[], at: number): boolean {
  const from = inSigmas(side, horizonsS, at);
  if (from === undefined) return false;
  for (let later = at + 1; later < horizonsS.length; later++) {
    const to = inSigmas(side, horizonsS, later);
    if (to === undefined) return false;
    const stderr = Math.sqrt(((horizonsS[later] ?? 0) - (horizonsS[at] ?? 0)) / Math.min(from.n, to.n));
    if (Math.abs(to.loss - from.loss) > Z * stderr) return false;
  }
  return true;
}

/** Mean loss in units of σ·√(1 s), the same at every horizon. */
function inSigmas(
  side: SideLosses,
  horizonsS: readonly number[],
  at: number,
): { loss: number; n: number } | undefined {
  const average = side.curve[at];
  const mean = average === undefined ? undefined : meanOf(average);
  if (average === undefined || mean === undefined || average.n < N_CURVE) return undefined;
  return { loss: mean * Math.sqrt(horizonsS[at] ?? 0), n: average.n };
}
