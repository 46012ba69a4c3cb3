/**
 * The quoting core of models §0 as a list of stages. Each moves bid and ask of the context; deciding a
 * quote runs the list, explaining one runs the same list and writes down what every stage moved.
 */
import { bpsOf } from "../../contract/units.ts";
import { ceilToTicks, floorToTicks } from "../decimal.ts";
import { sessionSkewSlope } from "./avellanedaStoikov.ts";
import { stalenessFloor } from "./bounds.ts";
import type { QuoteContext } from "./context.ts";
import { clampPostOnlyTicks } from "./postOnly.ts";
import {
  documentCrossShift,
  documentSkew,
  documentTierShift,
  STRATEGY_DOCUMENT,
} from "./strategyDocument.ts";

export interface Stage {
  readonly name: string;
  apply(context: QuoteContext): void;
  /** What the stage went by, for the explanation. */
  inputs(context: QuoteContext): Readonly<Record<string, number>>;
}

function widen(c: QuoteContext, byPrice: number): void {
  c.bid -= byPrice;
  c.ask += byPrice;
}

function shift(c: QuoteContext, byPrice: number): void {
  c.bid += byPrice;
  c.ask += byPrice;
}

const mid: Stage = {
  name: "mid",
  apply(c) {
    c.bid = c.mid;
    c.ask = c.mid;
  },
  inputs: (c) => ({ mid: c.mid }),
};

/** Both quotes move to fair value where they stand; the strategy document goes only a part of the way. */
const fairValue: Stage = {
  name: "fairValue",
  apply(c) {
    const gap = c.fair + c.basis - c.mid;
    shift(
      c,
      c.model.name === "strategy-document"
        ? documentCrossShift(c.mid, c.fair + c.basis, STRATEGY_DOCUMENT.arbitrageFactor)
        : gap,
    );
  },
  inputs: (c) => ({ fair: c.fair, basis: c.basis }),
};

/** What inventory moves, kept apart from everything else that moves the centre: it alone is capped. */
function byInventory(c: QuoteContext, move: (c: QuoteContext) => void): void {
  const before = (c.bid + c.ask) / 2;
  move(c);
  c.inventoryShift += (c.bid + c.ask) / 2 - before;
}

/** Long inventory moves both quotes down: −s·(Q−q*), or −γσ²τ·(Q−q*) over a finite horizon. */
const inventorySkew: Stage = {
  name: "inventorySkew",
  apply(c) {
    byInventory(c, c.model.name === "strategy-document" ? skewByDocument : skewByRisk);
  },
  inputs: (c) => ({ slope: slopeOf(c), excessBase: c.excessBase, targetBase: c.targetBase }),
};

function skewByRisk(c: QuoteContext): void {
  shift(c, c.spectral?.shift ?? -slopeOf(c) * c.excessBase);
}

function skewByDocument(c: QuoteContext): void {
  const share = c.excessBase / c.model.limitBase;
  shift(c, documentSkew(c.fair, share, c.params.documentPenaltyBps / 1e4));
  c.bid += documentTierShift(c.fair, share, "buy");
  c.ask += documentTierShift(c.fair, share, "sell");
}

function slopeOf(c: QuoteContext): number {
  const { name, gamma, slope, sigmaPerSqrtS } = c.model;
  if (name !== "avellaneda-stoikov" || gamma === undefined) return slope;
  return sessionSkewSlope({ gamma, sigma: sigmaPerSqrtS, secondsLeft: c.secondsLeft });
}

/** c₁ + s·Δ/2 (GLFT), ln(1+γΔ/k)/(γΔ) + γσ²τΔ/2 (Avellaneda–Stoikov eq. 30): the same form, another slope. */
const halfSpread: Stage = {
  name: "halfSpread",
  apply(c) {
    const ofOrder = c.model.name === "strategy-document" ? 0 : (slopeOf(c) * c.orderBase) / 2;
    widen(c, c.coreHalfSpread + (c.spectral?.halfBeyondCore ?? ofOrder));
  },
  inputs: (c) => ({
    core: c.coreHalfSpread,
    ...(c.model.gamma === undefined ? {} : { gamma: c.model.gamma }),
    sigma: c.model.sigmaPerSqrtS,
    k: c.k,
  }),
};

const fee: Stage = {
  name: "fee",
  apply(c) {
    widen(c, c.makerFrac * c.fair);
  },
  inputs: (c) => ({ makerBps: c.makerFrac * 1e4 }),
};

/** Added in full, to the side that is exposed (Cartea, Jaimungal and Penalva 2015, ch. 10). */
const adverseSelection: Stage = {
  name: "adverseSelection",
  apply(c) {
    c.bid -= c.costBid;
    c.ask += c.costAsk;
  },
  inputs: (c) => ({ costBid: c.costBid, costAsk: c.costAsk }),
};

const spreadControl: Stage = {
  name: "spreadControl",
  apply(c) {
    const half = (c.ask - c.bid) / 2;
    widen(c, (c.params.spreadMultiplier - 1) * half + bpsOf(c.fair, c.params.spreadAddBps));
  },
  inputs: (c) => ({ multiplier: c.params.spreadMultiplier, addBps: c.params.spreadAddBps }),
};

const venueBalance: Stage = {
  name: "venueBalance",
  apply(c) {
    byInventory(c, balanceVenue);
  },
  inputs: (c) => ({ venueShare: c.venueShare }),
};

function balanceVenue(c: QuoteContext): void {
  shift(c, -bpsOf(c.fair, c.params.venueSkewBps) * c.venueShare);
}

/**
 * Bounds on the half-spread and on the skew, not on the two prices: a clamp must not undo the skew. Nor may a c that is
 * larger on one side: what it moves the centre by is no skew.
 */
const bounds: Stage = {
  name: "bounds",
  apply(c) {
    const half = (c.ask - c.bid) / 2;
    const centre = (c.ask + c.bid) / 2;
    const skewMax = bpsOf(c.fair, c.params.skewMaxBps);
    const halfMax = bpsOf(c.fair, c.params.halfSpreadMaxBps);
    const boundedHalf = Math.max(half, halfSpreadFloor(c));
    const boundedCentre = centre - c.inventoryShift + Math.max(-skewMax, Math.min(skewMax, c.inventoryShift));
    c.atObligation = boundedHalf > halfMax && c.params.obligation;
    if (boundedHalf > halfMax && !c.params.obligation) c.off = "WIDER_THAN_MAX";
    // A rebate or a negative add-on may ask for less than nothing: half a tick keeps bid below ask.
    const finalHalf = Math.max(c.atObligation ? halfMax : boundedHalf, (c.tickQuote * c.rate) / 2);
    c.bid = boundedCentre - finalHalf;
    c.ask = boundedCentre + finalHalf;
  },
  inputs: (c) => ({
    floor: halfSpreadFloor(c),
    maxBps: c.params.halfSpreadMaxBps,
    skewMaxBps: c.params.skewMaxBps,
  }),
};

/**
 * f·F + max(c, z·σ√τ − the sniper's fee), c the mean of both sides: their difference is in the centre, so below it a
 * fill of either side is expected to lose.
 */
function halfSpreadFloor(c: QuoteContext): number {
  const { params } = c;
  const pickOff = stalenessFloor({
    z: params.pickOffZ,
    sigma: c.model.sigmaPerSqrtS,
    latencyS: c.exposedS,
    sniperFee: bpsOf(c.fair, params.sniperFeeBps),
  });
  return c.makerFrac * c.fair + Math.max((c.costBid + c.costAsk) / 2, pickOff, 0);
}

/** A fill must pay for the hedge that it asks for, models §5.2: the bid not above, the ask not below. */
const hedgeBound: Stage = {
  name: "hedgeBound",
  apply(c) {
    if (c.hedgeBid !== undefined) c.bid = Math.min(c.bid, c.hedgeBid);
    if (c.hedgeAsk !== undefined) c.ask = Math.max(c.ask, c.hedgeAsk);
  },
  inputs: (c) => ({
    ...(c.hedgeBid === undefined ? {} : { bidMost: c.hedgeBid }),
    ...(c.hedgeAsk === undefined ? {} : { askLeast: c.hedgeAsk }),
  }),
};

/** Each level stands one step behind the one before it. */
const level: Stage = {
  name: "level",
  apply(c) {
    if (c.level > 0) widen(c, c.level * Math.max(c.params.levelStepOfDecay / c.k, c.tickQuote * c.rate));
  },
  inputs: (c) => ({ level: c.level }),
};

const conversion: Stage = {
  name: "conversion",
  apply(c) {
    c.bid /= c.rate;
    c.ask /= c.rate;
  },
  inputs: (c) => ({ rate: c.rate }),
};

/** Outward to the tick: a bid down, an ask up. */
const tickRounding: Stage = {
  name: "tickRounding",
  apply(c) {
    c.bidTicks = floorToTicks(c.bid, c.tickQuote);
    c.askTicks = ceilToTicks(c.ask, c.tickQuote);
    c.bid = c.bidTicks * c.tickQuote;
    c.ask = c.askTicks * c.tickQuote;
  },
  inputs: (c) => ({ tick: c.tickQuote }),
};

/** One tick short of the other side: the quote must rest. */
const postOnly: Stage = {
  name: "postOnly",
  apply(c) {
    if (c.externalAskTicks !== undefined)
      c.bidTicks = clampPostOnlyTicks("buy", c.bidTicks, c.externalAskTicks);
    if (c.externalBidTicks !== undefined)
      c.askTicks = clampPostOnlyTicks("sell", c.askTicks, c.externalBidTicks);
    c.bid = c.bidTicks * c.tickQuote;
    c.ask = c.askTicks * c.tickQuote;
  },
  inputs: (c) => ({
    bestBid: (c.externalBidTicks ?? 0) * c.tickQuote,
    bestAsk: (c.externalAskTicks ?? 0) * c.tickQuote,
  }),
};

/** The quote of the model: the same for every level. */
const MODEL_STAGES: readonly Stage[] = [
  mid,
  fairValue,
  inventorySkew,
  halfSpread,
  fee,
  adverseSelection,
  spreadControl,
  venueBalance,
  bounds,
  hedgeBound,
];

/** From the model's quote to what one level of it rests at. */
const LEVEL_STAGES: readonly Stage[] = [level, conversion, tickRounding, postOnly];

export const STAGES: readonly Stage[] = [...MODEL_STAGES, ...LEVEL_STAGES];

/** The model's quote in the reporting currency, not yet rounded. */
export function runModelStages(context: QuoteContext): void {
  for (const stage of MODEL_STAGES) stage.apply(context);
}

/** What stands in the context afterwards is the quote of `context.level`. */
export function runLevelStages(context: QuoteContext): void {
  for (const stage of LEVEL_STAGES) stage.apply(context);
}
