/**
 * Balances between venues. Fills that are hedged elsewhere leave the aggregate flat and let each venue's
 * balance walk; a transfer is for what the venue skew, which costs nothing, does not bring back in time.
 */

/** B²/(2λΔ²): mean time until balanced flow, λ fills/s per direction, has moved a balance by B either way. */
export function exhaustionByFillsS(
  bufferBase: number,
  fillsPerSidePerS: number,
  orderSizeBase: number,
): number {
  return (bufferBase * bufferBase) / (2 * fillsPerSidePerS * orderSizeBase * orderSizeBase);
}

/** B/|d|: with flow that runs one way. Infinite without drift. */
export function exhaustionByDriftS(bufferBase: number, driftBasePerS: number): number {
  return bufferBase / Math.abs(driftBasePerS);
}

/** Below this share of its stock, in either currency, a venue is running out. */
const STOCK_SHARE_LOW = 0.2;

/** Transfers are sometimes late: there should be time for three. */
const TRANSFER_TIMES_AHEAD = 3;

export interface VenueStock {
  /** Balance as a share of its working stock, the smaller of base and quote. */
  readonly shareLeft: number;
  /** The shorter of the two expectations above. */
  readonly exhaustionS: number;
  readonly transferS: number;
}

export function isTransferDue({ shareLeft, exhaustionS, transferS }: VenueStock): boolean {
  return shareLeft < STOCK_SHARE_LOW && exhaustionS < TRANSFER_TIMES_AHEAD * transferS;
}
