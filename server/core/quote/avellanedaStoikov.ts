/**
 * Avellaneda and Stoikov (Quantitative Finance 8(3), 2008) for sessions with an end, with orders of Δ
 * base units in place of one share. Price units, seconds, base units, γ in 1/quote currency.
 */
import { halfSpreadCore } from "./glft.ts";

/** What remains of a session, and how risk is valued in it. `sigma` in price/√s. */
export interface Session {
  readonly gamma: number;
  readonly sigma: number;
  /** τ = T − t. */
  readonly secondsLeft: number;
}

/** Sessions of one length follow each other from the epoch, so from midnight UTC where they divide a day. */
export function sessionSecondsLeft(sessionSeconds: number, nowUs: number): number {
  const sessionUs = sessionSeconds * 1e6;
  return (sessionUs - (nowUs % sessionUs)) / 1e6;
}

/** Whether quotes stay out until the next session begins. */
export function isSessionEnding(
  params: {
    readonly model: string;
    readonly sessionSeconds: number;
    readonly sessionFlattenPct: number;
  },
  nowUs: number,
): boolean {
  const { model, sessionSeconds, sessionFlattenPct } = params;
  if (model !== "avellaneda-stoikov") return false;
  return sessionSecondsLeft(sessionSeconds, nowUs) <= (sessionSeconds * sessionFlattenPct) / 100;
}

/** γσ²τ, price per base: how far the quotes' centre moves for one unit of inventory, down when long. */
export function sessionSkewSlope(session: Session): number {
  return session.gamma * session.sigma * session.sigma * session.secondsLeft;
}

/** r = S − q·γσ²τ (eq. 29 with both sides averaged). Both quotes stand around it. */
export function reservationPrice(price: number, q: number, session: Session): number {
  return price - q * sessionSkewSlope(session);
}

/** δ* = γΔσ²τ/2 + ln(1 + γΔ/k)/(γΔ), half of the spread of eq. 30. */
export function sessionHalfSpread(orderSize: number, k: number, session: Session): number {
  return (orderSize * sessionSkewSlope(session)) / 2 + halfSpreadCore(session.gamma, orderSize, k);
}

/** Prices at which one more order of Δ sold (ask) or bought (bid) leaves utility unchanged (eq. 6–7). */
export function indifferencePrices(
  price: number,
  inventory: { readonly q: number; readonly orderSize: number },
  session: Session,
): { bid: number; ask: number } {
  const reservation = reservationPrice(price, inventory.q, session);
  const halfOrder = (inventory.orderSize * sessionSkewSlope(session)) / 2;
  return { bid: reservation - halfOrder, ask: reservation + halfOrder };
}

/** ½γq²σ²τ: what holding q to the end costs in certainty equivalent, quote currency (sec. 2.2). */
export function inventoryPenalty(q: number, session: Session): number {
  return (q * q * sessionSkewSlope(session)) / 2;
}
