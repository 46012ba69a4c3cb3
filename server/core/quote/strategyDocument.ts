/**
 * The quoting rules of the strategy document with units and signs mended, as a model to compare with.
 * Its fractions are of fair value and become prices here; long inventory moves both quotes down, a market
 * that is dearer elsewhere moves both up. docs/models.md says rule by rule what was changed and why.
 */
import { MICROS_PER_SECOND, type Side } from "../../contract/units.ts";

/** The document's numbers. Fractions of fair value unless the name says otherwise. */
export const STRATEGY_DOCUMENT = {
  /** Full spread before anything is added. */
  baseSpreadFrac: 0.002,
  /** Full spread, least. Its greatest, 0.01, is the default of `halfSpreadMaxBps`. */
  minSpreadFrac: 0.0005,
  /** How far both quotes move at the inventory limit. */
  penaltyFrac: 0.001,
  /** Of the price's standard deviation over the horizon of a quote. */
  volatilityWeight: 0.5,
  /** Of the gap to the other venues. */
  arbitrageFactor: 0.3,
  /** |inventory| as a share of its limit from which operators should look, and from which quotes lean out. */
  elevatedShare: 0.3,
  highShare: 0.7,
  /** Above `highShare`: how much the reducing side comes nearer, and the adding side goes away. */
  reducingNearerFrac: 0.0005,
  addingFartherFrac: 0.0002,
  /** The market's spread, in base spreads, above and below which it counts as wide and tight. */
  wideMarket: 1.5,
  tightMarket: 0.5,
  wideSizeFactor: 1.5,
  tightSizeFactor: 0.7,
  /** Share of the size that the adding side loses per unit of inventory share above `highShare`. */
  sizeCut: 0.5,
  sizeFactorMin: 0.1,
  sizeFactorMax: 2,
  /** Inventory that has not crossed zero for so long is to be liquidated. */
  inventoryAgeMaxS: 3_600,
} as const;

/**
 * base/2 + 0.5·σ√τ, at least min/2, in price. The document adds an annual volatility to a fraction and
 * its |penalty| to both sides: volatility counts here over the seconds a quote stands, and inventory moves
 * the centre only. The greatest half-spread is the stage `bounds`': wider is not quoted, never clipped.
 */
export function documentHalfSpread(of: {
  readonly fair: number;
  readonly baseSpreadFrac: number;
  /** price/√s. */
  readonly sigma: number;
  readonly horizonS: number;
}): number {
  const { minSpreadFrac, volatilityWeight } = STRATEGY_DOCUMENT;
  const volatilityPart = volatilityWeight * of.sigma * Math.sqrt(of.horizonS);
  return Math.max((of.fair * minSpreadFrac) / 2, (of.fair * of.baseSpreadFrac) / 2 + volatilityPart);
}

/** −share·penalty·F, to add to both quotes; `share` = q/limit over all venues, −1 … 1, long > 0. */
export function documentSkew(fair: number, share: number, penaltyFrac: number): number {
  return -clampShare(share) * penaltyFrac * fair;
}

/**
 * 0.3·(other − local), to add to both quotes. Both: one that stayed would be picked off by who has seen
 * the other venues. The gap goes in whole, without costs, which belong into what is earned and not into
 * where the market is. `otherFair` is the fair value at this venue as the others have it.
 */
export function documentCrossShift(localMid: number, otherFair: number, factor: number): number {
  return factor * (otherFair - localMid);
}

export type InventoryTier = "NORMAL" | "ELEVATED" | "HIGH";

/** `ELEVATED` is for operators alone: the skew already grows with every unit. */
export function inventoryTier(share: number): InventoryTier {
  const used = Math.abs(share);
  if (used > STRATEGY_DOCUMENT.highShare) return "HIGH";
  return used > STRATEGY_DOCUMENT.elevatedShare ? "ELEVATED" : "NORMAL";
}

/**
 * What the HIGH tier adds to the price of one side: the side that reduces comes 5 bps nearer, the one that
 * adds goes 2 bps away. Together 3 bps, less than the least spread of 5: the quotes stay apart.
 */
export function documentTierShift(fair: number, share: number, side: Side): number {
  if (inventoryTier(share) !== "HIGH") return 0;
  const reducing = side === "sell" ? share > 0 : share < 0;
  const { reducingNearerFrac, addingFartherFrac } = STRATEGY_DOCUMENT;
  const shift = (reducing ? reducingNearerFrac : addingFartherFrac) * fair;
  // Nearer and away are the same direction: down when long, up when short.
  return share > 0 ? -shift : shift;
}

/** Factor on one side's size: by the market's own spread, and above the HIGH tier on the adding side alone. */
export function documentSizeFactor(of: {
  readonly side: Side;
  readonly share: number;
  readonly marketSpreadFrac: number;
  readonly baseSpreadFrac: number;
}): number {
  const { wideMarket, tightMarket, wideSizeFactor, tightSizeFactor } = STRATEGY_DOCUMENT;
  const { sizeCut, sizeFactorMin, sizeFactorMax } = STRATEGY_DOCUMENT;
  let factor = 1;
  if (of.marketSpreadFrac > wideMarket * of.baseSpreadFrac) factor = wideSizeFactor;
  else if (of.marketSpreadFrac < tightMarket * of.baseSpreadFrac) factor = tightSizeFactor;
  const adding = of.side === "buy" ? of.share > 0 : of.share < 0;
  if (adding && inventoryTier(of.share) === "HIGH") factor *= 1 - sizeCut * Math.abs(clampShare(of.share));
  return Math.min(Math.max(factor, sizeFactorMin), sizeFactorMax);
}

/** Whether inventory has been on one side of zero for longer than the document lets it; a new fill does not renew it. */
export function isInventoryTooOld(openedAtUs: number, nowUs: number): boolean {
  return nowUs - openedAtUs > STRATEGY_DOCUMENT.inventoryAgeMaxS * MICROS_PER_SECOND;
}

function clampShare(share: number): number {
  return Math.min(Math.max(share, -1), 1);
}
