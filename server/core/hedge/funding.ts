/**
 * Funding of perpetual futures, in the form that most venues publish: the premium, drawn towards an
 * interest rate by at most a clamp. Positive: who is long pays who is short.
 */

/** P + clamp(I − P, ±clamp) per funding period, fraction of notional; the usual clamp is 0.05 %. */
export function fundingRate(premiumFrac: number, interestFrac: number, clampFrac: number): number {
  return premiumFrac + Math.max(-clampFrac, Math.min(clampFrac, interestFrac - premiumFrac));
}

/** q·mark·rate: what the holder of q pays at the funding time, quote currency; negative is received. */
export function fundingPayment(inventoryBase: number, mark: number, rateFrac: number): number {
  return inventoryBase * mark * rateFrac;
}
