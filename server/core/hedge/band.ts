/**
 * How much inventory to leave to the quotes. Holding Q costs s|Q| at the margin (the slope of the value
 * function), taking costs ψ per unit at once: inside the band quotes work it off more cheaply.
 */

/** Price per base, price, base, 1/quote currency, price/√s, seconds. */
export interface BandInputs {
  /** ψ: half-spread, slippage and taker fee, in price per base unit. */
  readonly takingCost: number;
  /** s: the skew slope in force. */
  readonly slope: number;
  /** σ_q²: variance that own fills add to inventory, base²/s. */
  readonly fillVariancePerS: number;
  readonly gamma: number;
  readonly sigma: number;
}

/**
 * q̄ = max(ψ/s, (3ψσ_q²/(2γσ²))^(1/3)), base units. The first is the zone without hedging of Barzykin,
 * Bergault and Guéant (2023), |∂θ/∂q| ≤ ψ; the second the reflecting barrier where hedging is so cheap
 * that the diffusion of fills decides. Infinite where nothing makes inventory costly.
 */
export function internalisationBand(inputs: BandInputs): number {
  return Math.max(linearBand(inputs), diffusionBand(inputs));
}

export function linearBand({ takingCost, slope }: BandInputs): number {
  return takingCost / slope;
}

export function diffusionBand({ takingCost, fillVariancePerS, gamma, sigma }: BandInputs): number {
  return Math.cbrt((3 * takingCost * fillVariancePerS) / (2 * gamma * sigma * sigma));
}

/** 2λ₀Δ² of balanced flow: λ₀ fills/s per side of Δ base units. One-sided flow has to be measured. */
export function balancedFillVariance(fillsPerSidePerS: number, orderSizeBase: number): number {
  return 2 * fillsPerSidePerS * orderSizeBase * orderSizeBase;
}

/** −sign(Q)·max(|Q| − q̄, 0): only the excess, to the band's edge. > 0 buys. Less than a lot waits. */
export function hedgeExcess(inventoryBase: number, bandBase: number): number {
  const excess = Math.abs(inventoryBase) - bandBase;
  if (excess <= 0) return 0;
  return inventoryBase > 0 ? -excess : excess;
}

/**
 * −sign(Q)·(s|Q| − ψ)⁺/(2η), base/s: the optimal speed where taking costs ψ|v| + ηv² per second (same
 * paper, sec. 3). η in price·s/base.
 */
export function hedgeRate(
  inventoryBase: number,
  cost: { readonly takingCost: number; readonly slope: number; readonly impact: number },
): number {
  const advantage = cost.slope * Math.abs(inventoryBase) - cost.takingCost;
  if (advantage <= 0) return 0;
  return (inventoryBase > 0 ? -advantage : advantage) / (2 * cost.impact);
}

/** (ψ/(2σ))² s: how long to try passively before taking, until the price risk σ√t is half of what taking costs. */
export function passiveWaitS(takingCost: number, sigma: number): number {
  return (takingCost / (2 * sigma)) ** 2;
}
