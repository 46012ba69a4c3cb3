/**
 * Vector error correction of the venues' mids by least squares, in slices. Prices of one asset are tied
 * together by known relations, p_1 − p_v constant, so only the speeds α are unknown:
 *
 *   Δp_t = c + α·(p_1 − p_v)_{t−1} + Σ_{i≤L} Γ_i·Δp_{t−i} + e_t,  Ω = Cov(e).
 */
import { factorCholesky, solveCholesky } from "../../linear/cholesky.ts";
import { windowOf, type MidGrid, type MidWindow } from "./midGrid.ts";
import { informationShares, type InformationShares } from "./shares.ts";

export const INFORMATION_SHARE_EVERY_S = 60;

/** Seconds of memory in the differences: venues trail each other by less. */
const LAGS = 3;

/** Multiplications that a slice may take, at some 3 ns each: a third of a millisecond. */
const WORK_PER_SLICE = 100_000;

/** Fewer whole rows for each coefficient say nothing. */
const ROWS_PER_COEFFICIENT_MIN = 10;

export interface InformationShareReading extends InformationShares {
  /** Positions in the market of the venues that took part, in the order of the shares. */
  readonly venues: readonly number[];
  readonly rows: number;
  readonly computedAtUs: number;
}

export interface VecmFit {
  readonly window: MidWindow;
  /** Regressors and, behind them, what they explain: one row of the data. */
  readonly row: Float64Array;
  /** Σ row·rowᵀ, the lower triangle. */
  readonly moments: Float64Array;
  nextRow: number;
  used: number;
}

export interface InformationShareState {
  fit: VecmFit | undefined;
  /** The latest result; undefined until there is one. */
  latest: InformationShareReading | undefined;
}

export function createInformationShare(): InformationShareState {
  return { fit: undefined, latest: undefined };
}

/**
 * One slice; true when the window has been worked off. A window that says nothing leaves the latest result as
 * it is.
 */
export function advanceInformationShare(state: InformationShareState, grid: MidGrid, atUs: number): boolean {
  if (state.fit === undefined) {
    const window = windowOf(grid);
    const width = regressorsOf(window) + window.venues.length;
    if (window.venues.length < 2) return true;
    state.fit = {
      window,
      row: new Float64Array(width),
      moments: new Float64Array(width * width),
      nextRow: LAGS + 1,
      used: 0,
    };
    return false;
  }
  const { fit } = state;
  if (fit.nextRow < fit.window.rows) {
    addRows(fit);
    return false;
  }
  state.fit = undefined;
  const shares = solve(fit);
  if (shares !== undefined)
    state.latest = { ...shares, venues: fit.window.venues, rows: fit.used, computedAtUs: atUs };
  return true;
}

function regressorsOf({ venues }: MidWindow): number {
  return 1 + (venues.length - 1) + LAGS * venues.length;
}

function addRows(fit: VecmFit): void {
  const { window, row, moments } = fit;
  const width = row.length;
  const rowsNow = Math.max(1, Math.floor((2 * WORK_PER_SLICE) / (width * width)));
  const end = Math.min(window.rows, fit.nextRow + rowsNow);
  for (; fit.nextRow < end; fit.nextRow++) {
    if (!fillRow(window, fit.nextRow, row)) continue;
    fit.used += 1;
    for (let i = 0; i < width; i++) {
      const value = row[i] ?? 0;
      for (let j = 0; j <= i; j++)
        moments[i * width + j] = (moments[i * width + j] ?? 0) + value * (row[j] ?? 0);
    }
  }
}

/** False where a price that the row needs is missing. */
function fillRow({ bps, whole, venues }: MidWindow, t: number, row: Float64Array): boolean {
  for (let back = 0; back <= LAGS + 1; back++) if (whole[t - back] !== 1) return false;
  const members = venues.length;
  const price = (rowAt: number, member: number): number => bps[rowAt * members + member] ?? 0;
  let at = 0;
  row[at++] = 1;
  for (let member = 1; member < members; member++) row[at++] = price(t - 1, 0) - price(t - 1, member);
  for (let back = 1; back <= LAGS; back++)
    for (let member = 0; member < members; member++)
      row[at++] = price(t - back, member) - price(t - back - 1, member);
  for (let member = 0; member < members; member++) row[at++] = price(t, member) - price(t - 1, member);
  return true;
}

function solve(fit: VecmFit): InformationShares | undefined {
  const { window, moments, row, used } = fit;
  const members = window.venues.length;
  const width = row.length;
  const k = width - members;
  if (used < ROWS_PER_COEFFICIENT_MIN * k) return undefined;
  const factor = new Float64Array(k * k);
  for (let i = 0; i < k; i++) for (let j = 0; j <= i; j++) factor[i * k + j] = moments[i * width + j] ?? 0;
  if (!factorCholesky(factor, k)) return undefined;
  const coefficients = Array.from({ length: members }, (_, member) => {
    const b = new Float64Array(k);
    for (let i = 0; i < k; i++) b[i] = moments[(k + member) * width + i] ?? 0;
    solveCholesky(factor, k, b);
    return b;
  });
  const alpha = new Float64Array(members * (members - 1));
  const omega = new Float64Array(members * members);
  for (const [member, b] of coefficients.entries()) {
    for (let r = 0; r < members - 1; r++) alpha[member * (members - 1) + r] = b[1 + r] ?? 0;
    for (let other = 0; other < members; other++) {
      const [low, high] = other < member ? [other, member] : [member, other];
      let explained = 0;
      for (let i = 0; i < k; i++) explained += (b[i] ?? 0) * (moments[(k + other) * width + i] ?? 0);
      omega[member * members + other] = ((moments[(k + high) * width + k + low] ?? 0) - explained) / used;
    }
  }
  return informationShares(alpha, omega, members);
}
