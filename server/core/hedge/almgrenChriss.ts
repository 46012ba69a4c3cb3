/**
 * Selling a large residual over time (Almgren and Chriss, "Optimal execution of portfolio transactions",
 * J. Risk 3, 2000): the path that minimises expected cost + λ·variance, in N equal steps over T seconds.
 */

export interface Liquidation {
  /** X: base units to trade; its sign goes through to the path. */
  readonly sizeBase: number;
  readonly durationS: number;
  readonly steps: number;
  /** price/√s. */
  readonly sigma: number;
  /** ε: half-spread and fee per base unit, price. */
  readonly fixedCost: number;
  /** Permanent impact, price per base unit. */
  readonly permanentImpact: number;
  /** η: temporary impact, price per (base/s). */
  readonly temporaryImpact: number;
  /** λ, 1/quote currency. Half of the γ of the quoting models, which weigh variance by γ/2. */
  readonly riskAversion: number;
}

/** Base units still to trade at t₀ … t_N: x_j = X·sinh(κ(T − t_j))/sinh(κT); a straight line at κ = 0. */
export function liquidationPath(order: Liquidation): Float64Array {
  const { sizeBase, durationS, steps } = order;
  const kappa = urgency(order);
  const path = new Float64Array(steps + 1);
  for (let j = 0; j < steps; j++)
    path[j] = sizeBase * sinhRatio(kappa, durationS * (1 - j / steps), durationS);
  return path;
}

/**
 * κ of the discrete problem, 1/s: cosh(κτ) = 1 + κ̃²τ²/2 with κ̃² = λσ²/η̃ and η̃ = η − γτ/2 (paper, eq. 17).
 * Throws where η̃ ≤ 0: steps so long that the permanent impact of one exceeds its temporary impact.
 */
export function urgency(order: Liquidation): number {
  const { durationS, steps, riskAversion, sigma } = order;
  const stepS = durationS / steps;
  const y = (((riskAversion * sigma * sigma) / netTemporaryImpact(order)) * stepS * stepS) / 2;
  // arcosh(1 + y) without the cancellation at small y.
  return Math.log1p(y + Math.sqrt(y * (2 + y))) / stepS;
}

/** √(λσ²/η), 1/s: the limit of ever shorter steps. */
export function continuousUrgency({ riskAversion, sigma, temporaryImpact }: Liquidation): number {
  return sigma * Math.sqrt(riskAversion / temporaryImpact);
}

/** Expected shortfall ½γX² + εΣ|n_j| + (η̃/τ)Σn_j² (eq. 5 with 8), quote currency, and variance σ²τΣx_j². */
export function liquidationCost(
  order: Liquidation,
  path: Float64Array,
): { expected: number; variance: number } {
  const { sizeBase, durationS, steps, sigma, fixedCost, permanentImpact } = order;
  const stepS = durationS / steps;
  let traded = 0;
  let squares = 0;
  let held = 0;
  for (let j = 1; j <= steps; j++) {
    const after = path[j] ?? 0;
    const sold = (path[j - 1] ?? 0) - after;
    traded += Math.abs(sold);
    squares += sold * sold;
    held += after * after;
  }
  return {
    expected:
      (permanentImpact * sizeBase * sizeBase) / 2 +
      fixedCost * traded +
      (netTemporaryImpact(order) / stepS) * squares,
    variance: sigma * sigma * stepS * held,
  };
}

function netTemporaryImpact({ temporaryImpact, permanentImpact, durationS, steps }: Liquidation): number {
  const net = temporaryImpact - (permanentImpact * durationS) / steps / 2;
  if (!(net > 0))
    throw new RangeError(
      `the temporary impact less half a step's permanent one must be positive, not ${net}`,
    );
  return net;
}

/** sinh(κa)/sinh(κb) for 0 ≤ a ≤ b, as exponentials of non-positive numbers: no overflow at large κb. */
function sinhRatio(kappa: number, a: number, b: number): number {
  if (kappa === 0) return a / b;
  return (Math.exp(kappa * (a - b)) * Math.expm1(-2 * kappa * a)) / Math.expm1(-2 * kappa * b);
}
