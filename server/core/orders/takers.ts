/** Venues as who takes from them sees them: for hedges, and for quotes that must pay for one. */
import {
  HEDGE_BOOK_AGE_MAX_MS,
  boundByHedge,
  createHedgedBounds,
  type HedgedBounds,
} from "../hedge/hedgedQuote.ts";
import type { TakerVenue } from "../hedge/takerVenue.ts";
import type { Engine, InstrumentState, MarketState } from "../state.ts";

/** Undefined while there is no rate or no fee to price it with. */
export function takerVenueOf({ state, config }: Engine, inst: InstrumentState): TakerVenue | undefined {
  const rate = state.rates.get(inst.definition.quote)?.value;
  const fees = config.accounts[inst.account]?.fees;
  if (rate === undefined || fees === undefined) return undefined;
  return {
    book: inst.book,
    ownBids: inst.ownBids,
    ownAsks: inst.ownAsks,
    tickReporting: inst.tickQuote * rate,
    lotBase: inst.lotBase,
    takerFrac: fees.takerFrac,
  };
}

/** The loosest bound over all venues that a fill could be hedged at; a refusal where none gives one. */
export function hedgedBoundsOf(
  engine: Engine,
  maker: InstrumentState,
  market: MarketState,
  sigma: number,
): HedgedBounds {
  const best = createHedgedBounds();
  best.bidRefusal = "HEDGE_BOOK_THIN";
  best.askRefusal = "HEDGE_BOOK_THIN";
  const bounds = createHedgedBounds();
  for (const index of market.instruments) {
    const taker = engine.state.instruments[index];
    if (taker === undefined || taker.account === maker.account || !taker.definition.quoted) continue;
    if (!boundAt(engine, maker, taker, sigma, bounds)) continue;
    if (bounds.bidMax !== undefined && bounds.bidMax > (best.bidMax ?? -Infinity))
      best.bidMax = bounds.bidMax;
    if (bounds.askMin !== undefined && bounds.askMin < (best.askMin ?? Infinity)) best.askMin = bounds.askMin;
    if (bounds.bidRefusal === "HEDGE_BOOK_STALE") best.bidRefusal = bounds.bidRefusal;
    if (bounds.askRefusal === "HEDGE_BOOK_STALE") best.askRefusal = bounds.askRefusal;
  }
  if (best.bidMax !== undefined) best.bidRefusal = undefined;
  if (best.askMin !== undefined) best.askRefusal = undefined;
  return best;
}

function boundAt(
  engine: Engine,
  maker: InstrumentState,
  taker: InstrumentState,
  sigma: number,
  out: HedgedBounds,
): boolean {
  const { state, config } = engine;
  const venue = takerVenueOf(engine, taker);
  const makerFees = config.accounts[maker.account]?.fees;
  const takerFees = config.accounts[taker.account]?.fees;
  if (venue === undefined || makerFees === undefined || takerFees === undefined) return false;
  const { channelAtUs } = taker.feed;
  const ageMs = channelAtUs === undefined ? Infinity : (state.nowUs - channelAtUs) / 1e3;
  boundByHedge(
    {
      taker: venue,
      // A book that is not usable at all is as good as one that is too old.
      takerAgeMs: taker.reason === undefined ? ageMs : 2 * HEDGE_BOOK_AGE_MAX_MS,
      takerLatencyS: taker.params.quoteLatencyMs / 1e3,
      fees: {
        makerFrac: makerFees.makerFrac,
        makerPaysInReceived: makerFees.paidIn === "received",
        takerFrac: takerFees.takerFrac,
        takerPaysInReceived: takerFees.paidIn === "received",
      },
      profitFrac: maker.params.hedgeProfitBps / 1e4,
      slippageMinFrac: maker.params.hedgeSlippageBps / 1e4,
    },
    maker.orderLots * maker.lotBase,
    sigma,
    out,
  );
  return true;
}
