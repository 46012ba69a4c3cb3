/**
 * Whether a quoting obligation was met: shares of a period, weighted by time, as market-maker programmes
 * count them.
 */
export interface QuoteInterval {
  readonly startS: number;
  readonly endS: number;
  /** Both sides live, each of at least the size that the obligation asks for. */
  readonly twoSided: boolean;
  readonly spreadBps: number;
}

export interface ObligationShares {
  /** Both sides live and no wider than asked. */
  readonly met: number;
  readonly twoSided: number;
}

/** Time that no interval covers counts as not quoted; `totalS` > 0. */
export function obligationShares(
  intervals: readonly QuoteInterval[],
  obligation: { readonly spreadMaxBps: number; readonly totalS: number },
): ObligationShares {
  let metS = 0;
  let twoSidedS = 0;
  for (const { startS, endS, twoSided, spreadBps } of intervals) {
    if (!twoSided) continue;
    twoSidedS += endS - startS;
    if (spreadBps <= obligation.spreadMaxBps) metS += endS - startS;
  }
  return { met: metS / obligation.totalS, twoSided: twoSidedS / obligation.totalS };
}
