/** Fair value of a market over its venues: which of them may be used, and what they say together. */
import type { OffReason } from "../../contract/reasons.ts";
import { MICROS_PER_SECOND, SECONDS_PER_YEAR } from "../../contract/units.ts";
import { isCrossed } from "../book/book.ts";
import { readExternalTop } from "../book/ownOrders.ts";
import type { Engine, InstrumentState, MarketState } from "../state.ts";
import { updateBasis } from "./basis.ts";
import { FAIR_AGE_MAX_US, fuse } from "./fairValue.ts";
import { observeVenueMid, venueWeighting } from "./marketEstimates.ts";
import { microPriceOffsetTicks } from "./flow/microPrice.ts";
import { conversionReason, freshRate } from "./rates.ts";

/** Reads the top of others out of the book; true when it moved. */
export function refreshTop(inst: InstrumentState): boolean {
  const { external } = inst;
  const { bidTicks, askTicks, bidLots, askLots } = external;
  readExternalTop(inst.book, inst.ownBids, inst.ownAsks, external);
  // What lies behind our own quote is not shown: the last that was seen of others still stands.
  if (external.bid === "hidden") {
    external.bidTicks = bidTicks;
    external.bidLots = bidLots;
  }
  if (external.ask === "hidden") {
    external.askTicks = askTicks;
    external.askLots = askLots;
  }
  return external.bidTicks !== bidTicks || external.askTicks !== askTicks;
}

/** Fuses the usable venues; the instrument that changed, if any, also teaches its basis. */
export function updateFair(engine: Engine, market: MarketState, changed?: InstrumentState): void {
  const { state } = engine;
  const { fusion, fused } = market;
  let uncapped = 0;
  for (const index of market.instruments) {
    const inst = state.instruments[index];
    if (inst === undefined) continue;
    inst.reason = classify(engine, inst, market);
    const usable = inst.reason === undefined && inst.midReporting !== undefined;
    fusion.usable[inst.member] = usable ? 1 : 0;
    if (!usable || inst.midReporting === undefined) continue;
    seedBasis(engine, inst, market, inst.midReporting);
    fusion.mid[inst.member] = inst.midReporting;
    fusion.basis[inst.member] = inst.basis.valuePrice;
    const { noiseVar, lagS } = venueWeighting(inst, market, inst.midReporting);
    fusion.noiseVar[inst.member] = noiseVar;
    fusion.ageLagS[inst.member] =
      (state.nowUs - (inst.feed.changedAtUs ?? state.nowUs)) / MICROS_PER_SECOND + lagS;
    if (inst.basis.capped) inst.reason = "BASIS_CAPPED";
    else uncapped += 1;
  }
  // A venue with too large a basis is not quoted, and informs fair value only when no other can: then as it stands,
  // or a difference that was learned once would hold fair value off the only market there is.
  for (const index of market.instruments) {
    const inst = state.instruments[index];
    if (inst?.reason !== "BASIS_CAPPED") continue;
    if (uncapped > 0) fusion.usable[inst.member] = 0;
    else fusion.basis[inst.member] = 0;
  }
  fuse(fusion, sigmaOrPrior(market), fused);
  if (fused.fair === undefined) return;
  market.fair = fused.fair;
  market.fairAtUs = state.nowUs;
  if (
    changed?.midReporting !== undefined &&
    (changed.reason === undefined || changed.reason === "BASIS_CAPPED")
  )
    learnVenue(market, changed, { atUs: state.nowUs, mid: changed.midReporting, fair: fused.fair });
}

function learnVenue(
  market: MarketState,
  venue: InstrumentState,
  seen: { readonly atUs: number; readonly mid: number; readonly fair: number },
): void {
  updateBasis(venue.basis, seen, market.params.basisHalfLifeMinutes * 60);
  if (venue.reason === undefined) observeVenueMid(market, venue.member, seen.atUs, sigmaOrPrior(market));
}

/**
 * A venue that joins brings its lasting difference with it: it must not pull fair value by it first.
 * While volatility is cold nothing is quoted, and the first venues settle together where fair value lies.
 */
function seedBasis(engine: Engine, inst: InstrumentState, market: MarketState, mid: number): void {
  if (inst.basis.heldAtUs !== undefined || market.fair === undefined) return;
  if (market.volatility.valuePerSqrtS === undefined) return;
  // Against a fair value that nobody confirms any more, a move of the market would pass for a difference.
  if (engine.state.nowUs - market.fairAtUs > FAIR_AGE_MAX_US) return;
  updateBasis(
    inst.basis,
    { atUs: engine.state.nowUs, mid, fair: market.fair },
    market.params.basisHalfLifeMinutes * 60,
  );
}

/** Why a venue's book may not be used, in the order in which an operator would ask; sets its mid on the way. */
function classify(engine: Engine, inst: InstrumentState, market: MarketState): OffReason | undefined {
  const { state } = engine;
  const { feed, external, params } = inst;
  inst.midReporting = undefined;
  if (inst.definition.status !== "TRADING") return "INSTRUMENT_HALTED";
  if (inst.nextDefinition !== undefined) return "REBASING";
  if (feed.void) return feed.changedAtUs === undefined ? "NO_BOOK" : "FEED_GAP";
  if (feed.channelAtUs === undefined || feed.changedAtUs === undefined) return "NO_BOOK";
  if (isCrossed(inst.book)) return "CROSSED_BOOK";
  if (external.bidTicks === undefined || external.askTicks === undefined) return "NO_BOOK";
  if (external.bidTicks >= external.askTicks) return "CROSSED_BOOK";
  if (state.nowUs - feed.channelAtUs > params.channelSilenceMaxMs * 1e3) return "STALE_CHANNEL";
  const rate = freshRate(engine, inst.definition.quote);
  const converted = conversionReason(engine, inst);
  if (converted !== undefined || rate === undefined) return converted ?? "NO_CONVERSION";
  const offsetTicks =
    params.venuePrice === "mid" ? 0 : (microPriceOffsetTicks(inst.estimates.flow.microPrice) ?? 0);
  inst.midReporting = ((external.bidTicks + external.askTicks) / 2 + offsetTicks) * inst.tickQuote * rate;
  return isFrozen(engine, inst, market) ? "STALE_BOOK" : undefined;
}

/**
 * A book that does not change on a live channel is stale only once fair value has moved by more than
 * z·(σ√age + ω + a tick) and away from it: a venue that led the others is where they have come to.
 */
function isFrozen(engine: Engine, inst: InstrumentState, market: MarketState): boolean {
  const { changedAtUs, fairAtChange } = inst.feed;
  if (market.fair === undefined || changedAtUs === undefined || fairAtChange === undefined) return false;
  const ageS = (engine.state.nowUs - changedAtUs) / MICROS_PER_SECOND;
  const tick = inst.tickQuote * (engine.state.rates.get(inst.definition.quote)?.value ?? 1);
  const noise = Math.sqrt(venueWeighting(inst, market, market.fair).noiseVar) + tick;
  const allowed = inst.params.quietBookZ * (sigmaOrPrior(market) * Math.sqrt(ageS) + noise);
  const away = (inst.midReporting ?? 0) - inst.basis.valuePrice - market.fair;
  return Math.abs(market.fair - fairAtChange) > allowed && Math.abs(away) > allowed;
}

/** Weights and ages need a scale while volatility is cold; quotes do not come from it (NO_VOLATILITY). */
function sigmaOrPrior(market: MarketState): number {
  return market.volatility.valuePerSqrtS ?? priorVolatility(market);
}

export function priorVolatility(market: MarketState): number {
  return ((market.fair ?? 0) * market.params.volatilityPriorPct) / 100 / Math.sqrt(SECONDS_PER_YEAR);
}
