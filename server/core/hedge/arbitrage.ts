/**
 * Buying at one venue and selling at another at once. An edge between mids is no signal: both books are
 * walked with both taker fees, and what can go wrong between the legs is asked of the edge on top.
 */
import { externalLots } from "../book/ownOrders.ts";
import { nextLevel, type TakerVenue } from "./takerVenue.ts";

/** Kept by the caller and written anew by each walk. */
export interface Arbitrage {
  sizeBase: number;
  /** Σ size·(bid(1−ft_sell) − ask(1+ft_buy)), reporting currency. */
  profit: number;
  /** Worst prices walked: the limits of the two IOC legs. 0 when there is nothing to do. */
  buyLimitTicks: number;
  sellLimitTicks: number;
}

export function createArbitrage(): Arbitrage {
  return { sizeBase: 0, profit: 0, buyLimitTicks: 0, sellLimitTicks: 0 };
}

export interface ArbitrageTerms {
  /** Least marginal edge per base unit, price: smaller steps are left. */
  readonly edgeMin: number;
  /** What balances and limits allow. */
  readonly sizeMaxBase: number;
}

/** One match of two levels, for explanations. Prices before fees, `edge` per base unit after them. */
export type ArbitrageStep = (buyPrice: number, sellPrice: number, sizeBase: number, edge: number) => void;

/**
 * Takes while the marginal edge bid_i(1−ft_sell) − ask_j(1+ft_buy) exceeds `edgeMin`. The size is in base
 * units, not yet in lots: the coarser lot of the two venues decides what can be sent.
 */
export function sizeArbitrage(
  buy: TakerVenue,
  sell: TakerVenue,
  terms: ArbitrageTerms,
  out: Arbitrage,
  onStep?: ArbitrageStep,
): void {
  const { asks } = buy.book;
  const { bids } = sell.book;
  out.sizeBase = 0;
  out.profit = 0;
  out.buyLimitTicks = 0;
  out.sellLimitTicks = 0;
  let askAt = nextLevel(asks, buy.ownAsks, asks.depth - 1);
  let bidAt = nextLevel(bids, sell.ownBids, bids.depth - 1);
  let askLeft = askAt < 0 ? 0 : externalLots(asks, buy.ownAsks, askAt) * buy.lotBase;
  let bidLeft = bidAt < 0 ? 0 : externalLots(bids, sell.ownBids, bidAt) * sell.lotBase;
  while (askAt >= 0 && bidAt >= 0) {
    const room = terms.sizeMaxBase - out.sizeBase;
    if (!(room > 0)) return;
    const askTicks = asks.priceTicks[askAt] ?? 0;
    const bidTicks = bids.priceTicks[bidAt] ?? 0;
    const buyPrice = askTicks * buy.tickReporting;
    const sellPrice = bidTicks * sell.tickReporting;
    const edge = sellPrice * (1 - sell.takerFrac) - buyPrice * (1 + buy.takerFrac);
    if (!(edge > terms.edgeMin)) return;
    const sizeBase = Math.min(askLeft, bidLeft, room);
    out.sizeBase += sizeBase;
    out.profit += sizeBase * edge;
    out.buyLimitTicks = askTicks;
    out.sellLimitTicks = bidTicks;
    onStep?.(buyPrice, sellPrice, sizeBase, edge);
    askLeft -= sizeBase;
    bidLeft -= sizeBase;
    if (askLeft <= 0) {
      askAt = nextLevel(asks, buy.ownAsks, askAt - 1);
      askLeft = askAt < 0 ? 0 : externalLots(asks, buy.ownAsks, askAt) * buy.lotBase;
    }
    if (bidLeft <= 0) {
      bidAt = nextLevel(bids, sell.ownBids, bidAt - 1);
      bidLeft = bidAt < 0 ? 0 : externalLots(bids, sell.ownBids, bidAt) * sell.lotBase;
    }
  }
}

/** Price per base unit, price/√s, seconds. */
export interface ArbitrageRisk {
  /** Of bringing the balances back. */
  readonly rebalanceCost: number;
  /** Standard deviations of the price between the legs that the edge must cover; about 1. */
  readonly z: number;
  readonly sigma: number;
  /** τ₁ + τ₂: until both legs are done. */
  readonly legsS: number;
  /** Probability that one leg alone fills. */
  readonly failFrac: number;
  /** ψ of the other venue plus the expected adverse move. */
  readonly unwindCost: number;
}

/** c_rebalance + z·σ√(τ₁+τ₂) + p_fail·unwind: the mean net edge per base unit has to be more. */
export function arbitrageThreshold(risk: ArbitrageRisk): number {
  const { rebalanceCost, z, sigma, legsS, failFrac, unwindCost } = risk;
  return rebalanceCost + z * sigma * Math.sqrt(legsS) + failFrac * unwindCost;
}

export function isWorthwhile({ sizeBase, profit }: Arbitrage, risk: ArbitrageRisk): boolean {
  return sizeBase > 0 && profit / sizeBase > arbitrageThreshold(risk);
}
