/**
 * What an arriving order meets, in order of price and time, before anything of it happens: market orders are
 * paid for by it, FOK orders live or die by it, and matching carries it out.
 */
import { oppositeSide } from "../../contract/units.ts";
import type { Side } from "../../contract/units.ts";
import { priceFromBest, sizeFromBest } from "../../core/book/book.ts";
import type { SelfTradeMode } from "../ports.ts";
import { remainingLots } from "./account.ts";
import type { VenueOrder } from "./account.ts";
import { betterBy, ownLevelAt, restingSide } from "./market.ts";
import type { InstrumentMarket, OwnLevel } from "./market.ts";
import { valueAtoms } from "./money.ts";
import type { SpotMoney } from "./money.ts";
import { wholeLotsAhead } from "./queue.ts";

export interface Taker {
  readonly side: Side;
  readonly sizeLots: number;
  readonly limitTicks?: number | undefined;
  /** Of an order of ours; absent for someone else's, who trades with ours like with any other. */
  readonly selfTrade?: SelfTradeMode | undefined;
}

export interface TakePlan {
  /** Best price first. */
  readonly levels: readonly LevelTake[];
  readonly tradedLots: number;
  /** Self-trade prevention ends the taker after this. */
  readonly takerExpires: boolean;
}

export interface LevelTake {
  readonly priceTicks: number;
  /** Lots of others, in one piece: who of them it was nobody says. */
  readonly othersLots: number;
  readonly tradedLots: number;
  /** Our orders at the level that the taker gets to, first come first. */
  readonly meetings: readonly Meeting[];
}

export interface Meeting {
  readonly order: VenueOrder;
  readonly outcome: "TRADE" | Exclude<SelfTradeMode, "NONE">;
  /** Lots that trade, or that DECREMENT takes off both. */
  readonly lots: number;
}

const NO_MEETINGS: readonly Meeting[] = [];

export function planTake(market: InstrumentMarket, taker: Taker): TakePlan {
  const side = restingSide(market, oppositeSide(taker.side));
  const levels: LevelTake[] = [];
  let leftLots = taker.sizeLots;
  let tradedLots = 0;
  let takerExpires = false;
  for (let rank = 0; leftLots > 0 && !takerExpires; rank++) {
    const priceTicks = priceFromBest(side.depth, rank);
    if (priceTicks === undefined) break;
    if (taker.limitTicks !== undefined && betterBy(side, priceTicks, taker.limitTicks) < 0) break;
    const own = ownLevelAt(side, priceTicks);
    if (own === undefined) {
      const othersLots = Math.min(sizeFromBest(side.depth, rank) as number, leftLots);
      levels.push({ priceTicks, othersLots, tradedLots: othersLots, meetings: NO_MEETINGS });
      leftLots -= othersLots;
      tradedLots += othersLots;
      continue;
    }
    const { level, usedLots, ends } = planOwnLevel(own, leftLots, taker.selfTrade);
    levels.push(level);
    leftLots -= usedLots;
    tradedLots += level.tradedLots;
    takerExpires = ends;
  }
  return { levels, tradedLots, takerExpires };
}

/** What everything that trades by the plan costs, in quote atoms. */
export function valueOf(plan: TakePlan, money: SpotMoney): bigint {
  let value = 0n;
  for (const { priceTicks, tradedLots } of plan.levels) value += valueAtoms(money, priceTicks, tradedLots);
  return value;
}

/** Others ahead of our first order there, that order, others ahead of the next, and so on. */
function planOwnLevel(
  own: OwnLevel,
  sizeLots: number,
  selfTrade: SelfTradeMode = "NONE",
): { readonly level: LevelTake; readonly usedLots: number; readonly ends: boolean } {
  const meetings: Meeting[] = [];
  let leftLots = sizeLots;
  let passedLots = 0;
  let metLots = 0;
  let ends = false;
  for (const order of own.orders) {
    const aheadLots = Math.max(0, Math.min(wholeLotsAhead(order.frontLots), own.othersLots) - passedLots);
    const firstLots = Math.min(aheadLots, leftLots);
    passedLots += firstLots;
    leftLots -= firstLots;
    if (leftLots === 0) break;
    const met = meet(order, leftLots, selfTrade);
    meetings.push(met);
    leftLots -= met.lots;
    if (met.outcome === "TRADE") metLots += met.lots;
    ends = met.outcome === "EXPIRE_TAKER" || met.outcome === "EXPIRE_BOTH";
    if (ends) break;
  }
  if (!ends) {
    const lots = Math.min(own.othersLots - passedLots, leftLots);
    passedLots += lots;
    leftLots -= lots;
  }
  const { priceTicks } = own;
  const level = { priceTicks, othersLots: passedLots, tradedLots: passedLots + metLots, meetings };
  return { level, usedLots: sizeLots - leftLots, ends };
}

function meet(order: VenueOrder, leftLots: number, mode: SelfTradeMode): Meeting {
  const lots = Math.min(remainingLots(order), leftLots);
  switch (mode) {
    case "NONE":
      return { order, outcome: "TRADE", lots };
    case "DECREMENT":
      return { order, outcome: mode, lots };
    case "EXPIRE_TAKER":
    case "EXPIRE_MAKER":
    case "EXPIRE_BOTH":
      return { order, outcome: mode, lots: 0 };
  }
}
