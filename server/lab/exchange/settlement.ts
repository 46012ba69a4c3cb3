/**
 * What an order sets aside, and what its fills move. A hold always covers what its order can still cost: it
 * reckons with the dearest rates, and with the ordinary fee where a third asset is to pay.
 */
import type { Liquidity } from "../../contract/units.ts";
import { remainingLots, tryHold } from "./account.ts";
import type { AccountState, VenueOrder } from "./account.ts";
import { ratioOf } from "./conversion.ts";
import { countVolume, dearestRates, ratesAt } from "./feeTiers.ts";
import { freeAtoms, post } from "./ledger.ts";
import type { InstrumentMarket } from "./market.ts";
import { discountedParts, paysInBase, sizeAtoms, valueAtoms, wholeAtoms, wholeAtomsAt } from "./money.ts";
import type { SpotMoney } from "./money.ts";

export interface Fill {
  readonly order: VenueOrder;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly liquidity: Liquidity;
  readonly tradeId: string;
}

export interface Fee {
  readonly feeAsset: string;
  readonly feeAtoms: bigint;
}

/** What an order with its price and total size still needs to have set aside. */
export function holdNeeded(account: AccountState, money: SpotMoney, order: VenueOrder): bigint {
  if (order.side === "sell") return sizeAtoms(money, remainingLots(order));
  return buyHold(account, order, valueAtoms(money, order.priceTicks, remainingLots(order)));
}

/** What a buy for this value, in quote atoms, needs to have set aside. */
export function buyHold(account: AccountState, order: VenueOrder, value: bigint): bigint {
  if (paysInBase(account.terms.fees, "buy")) return value;
  const fee = wholeAtoms(order.feeParts + value * dearestRate(account, order)) - order.feeAtoms;
  return fee > 0n ? value + fee : value;
}

/** Moves the balances for a fill that is already counted in the order, and returns its fee. */
export function settleFill(market: InstrumentMarket, money: SpotMoney, fill: Fill, atUs: number): Fee {
  const { account, instrument } = market;
  const { ledger } = account;
  const { order, tradeId: refId } = fill;
  const size = sizeAtoms(money, fill.sizeLots);
  const value = valueAtoms(money, fill.priceTicks, fill.sizeLots);
  const isBuy = order.side === "buy";
  const { base, quote } = money;
  post(ledger, { atUs, asset: base, kind: "trade", amountAtoms: isBuy ? size : -size, refId, instrument });
  post(ledger, { atUs, asset: quote, kind: "trade", amountAtoms: isBuy ? -value : value, refId, instrument });
  spendHold(account, money, order, isBuy ? value : size);
  const paidBeforeAtoms = order.feeAtoms;
  const fee = chargeFee(market, money, { order, liquidity: fill.liquidity, size, value }, atUs);
  const { feeAsset, feeAtoms } = fee;
  post(ledger, { atUs, asset: feeAsset, kind: "fee", amountAtoms: -feeAtoms, refId, instrument });
  count(market, value, atUs);

  // What a third asset pays, or what comes out of the base, was never set aside.
  const ordinaryAtoms = feeAsset === quote ? order.feeAtoms - paidBeforeAtoms : 0n;
  if (order.status === "ARRIVING") {
    if (isBuy && ordinaryAtoms > 0n) spendHold(account, money, order, ordinaryAtoms);
  } else if (!tryHold(account, money, order, holdNeeded(account, money, order)))
    throw new Error(`invariant: the hold of ${order.clientId} did not cover its fill`);
  return fee;
}

/** What rests can only be hit; what came to take pays as a taker, and once what is left of it rests as a maker. */
function dearestRate(account: AccountState, order: VenueOrder): bigint {
  const { maker, taker } = dearestRates(account.feeTiers);
  if (order.status === "OPEN" || order.timeInForce === "POST_ONLY") return maker;
  return order.timeInForce === "GTC" && maker > taker ? maker : taker;
}

function spendHold(account: AccountState, money: SpotMoney, order: VenueOrder, atoms: bigint): void {
  const left = order.holdAtoms - atoms;
  if (left < 0n || !tryHold(account, money, order, left))
    throw new Error(`invariant: the hold of ${order.clientId} did not cover its fill`);
}

/** What the fill pays, and in which asset. Fees of an order in its ordinary asset are rounded up once over all of them. */
function chargeFee(
  { account, routes }: InstrumentMarket,
  money: SpotMoney,
  fill: Pick<Fill, "order" | "liquidity"> & { readonly size: bigint; readonly value: bigint },
  atUs: number,
): Fee {
  const { order, size, value, liquidity } = fill;
  const { fees } = account.terms;
  const rate = ratesAt(account.feeTiers, atUs)[liquidity];
  const ratio = routes.thirdAsset === undefined ? undefined : ratioOf(routes.thirdAsset);
  if (fees.thirdAsset !== undefined && ratio !== undefined) {
    const feeAsset = fees.thirdAsset.asset;
    const feeAtoms = wholeAtomsAt(discountedParts(value * rate, fees.thirdAsset.discountFrac), ratio);
    if (feeAtoms <= 0n || feeAtoms <= freeAtoms(account.ledger, feeAsset)) return { feeAsset, feeAtoms };
  }
  const inBase = paysInBase(fees, order.side);
  order.feeParts += (inBase ? size : value) * rate;
  const feeSoFarAtoms = wholeAtoms(order.feeParts);
  const feeAtoms = feeSoFarAtoms - order.feeAtoms;
  order.feeAtoms = feeSoFarAtoms;
  return { feeAsset: inBase ? money.base : money.quote, feeAtoms };
}

/** Towards the tier of the fills to come. Volume that nothing prices at this instant does not count. */
function count({ account, routes }: InstrumentMarket, value: bigint, atUs: number): void {
  const ratio = routes.volume === undefined ? undefined : ratioOf(routes.volume);
  if (ratio !== undefined) countVolume(account.feeTiers, (value * ratio.numerator) / ratio.denominator, atUs);
}
