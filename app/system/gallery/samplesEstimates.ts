/** What the estimators of the gallery's market know: one of every state, and a side that was withdrawn. */
import type {
  EstimatesView,
  EstimateView,
  EstimatorStatus,
  SideFlowView,
  VenueEstimatesView,
} from "../../../server/contract/estimates.ts";
import { QUOTING_MODELS } from "../../../server/contract/params/model.ts";
import { DESK, SHAPE } from "./samples.ts";

const HORIZONS_S = [0.1, 1, 5, 30, 60];

function estimate(
  name: string,
  unit: string,
  value: number,
  stderr: number,
  status: EstimatorStatus = "TRUSTED",
): EstimateView {
  const isCold = status === "COLD";
  return {
    name,
    help: "as the engine says it",
    unit,
    status,
    value: isCold ? undefined : value,
    stderr: isCold ? undefined : stderr,
    nEff: isCold ? 0 : 240,
    ageMs: isCold ? undefined : 400,
  };
}

function side(name: "buy" | "sell", at: number): SideFlowView {
  const isToxic = name === "sell" && at === 1;
  const fills = at === 2 ? 0 : 70 - at * 15;
  return {
    side: name,
    cost: estimate(
      "expected loss c",
      "bps",
      0.3 + at * 0.2 + (isToxic ? 1.1 : 0),
      0.08,
      fills === 0 ? "WARM" : "TRUSTED",
    ),
    markouts: HORIZONS_S.map((horizonS, horizon) => ({
      horizonS,
      bps: fills === 0 ? undefined : -(isToxic ? 0.5 : 0.08) * (horizon + 1) + (name === "buy" ? 0.05 : 0),
      stderrBps: fills === 0 ? undefined : 0.06 * Math.sqrt(1 + horizonS),
      nEff: fills,
    })),
    toxicity: fills === 0 ? undefined : isToxic ? 1.34 : 0.22 + at * 0.4,
    verdict: isToxic ? "WITHDRAWN" : at === 1 ? "WIDE" : "NORMAL",
    fills,
    untilUs: isToxic ? DESK.atUs + 18_200_000 : undefined,
  };
}

function venue(at: number): VenueEstimatesView {
  const { account = "", symbol = "" } = SHAPE.instruments[at] ?? {};
  const fair = 61_842.71;
  return {
    account,
    symbol,
    law: at === 1 ? "power" : "exponential",
    estimates: [
      estimate("fill decay 1/k", "bps", 2.04, 0.12, at === 2 ? "STALE" : "TRUSTED"),
      estimate("fill rate A", "1/min", 28.4, 3.1, at === 1 ? "WARM" : "TRUSTED"),
      estimate("lag", "ms", 52, 4, at === 0 ? "COLD" : "TRUSTED"),
      estimate("trade imbalance", "", at === 1 ? -0.31 : 0.12, 0.08),
      estimate("micro-price − mid", "ticks", 0.31, 0.2, "COLD"),
    ],
    sides: [side("buy", at), side("sell", at)],
    models: QUOTING_MODELS.map((model, place) => {
      const half = model === "strategy-document" ? 10.02 : 1.72 + place * 0.03;
      const shift = model === "symmetric" ? 0 : -0.27 - place * 0.1;
      const isOff = at === 2;
      return {
        model,
        bid: isOff ? undefined : fair * (1 + (shift - half) / 1e4),
        ask: isOff ? undefined : fair * (1 + (shift + half) / 1e4),
        halfSpreadBps: isOff ? undefined : half,
        centreBps: isOff ? undefined : shift,
        off: isOff ? "STALE_CHANNEL" : model === "strategy-document" ? "WIDER_THAN_MAX" : undefined,
      };
    }),
  };
}

export const ESTIMATES: EstimatesView = {
  atUs: DESK.atUs,
  market: "BTC",
  estimates: [
    estimate("volatility σ", "bps/√s", 1.12, 0.09),
    estimate("mean reversion θ", "1/s", 0.0123, 0.0041, "WARM"),
    estimate("mean μ", "price", 61_838.4, 6.2, "WARM"),
  ],
  reversionSignificant: true,
  venues: [0, 1, 2].map((at) => venue(at)),
  informationShares: [0.58, 0.31, 0.11].map((mid, at) => {
    const { account = "", symbol = "" } = SHAPE.instruments[at] ?? {};
    return {
      account,
      symbol,
      lower: mid * 0.8,
      upper: Math.min(1, mid * 1.2),
      mid,
      gonzaloGranger: mid * 1.05,
    };
  }),
  correlations: [{ market: "ETH", correlation: 0.62, stderr: 0.04 }],
  shrinkage: 0.12,
  arbitrage: {
    buyAt: "okx",
    sellAt: "kraken",
    edgeBps: 3.4,
    sizeBase: 0.18,
    profit: 2.61,
    legRiskBps: 1.9,
    worthwhile: true,
  },
};
