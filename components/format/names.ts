/** Words and short forms that several screens share. */
import type { QuotingModel } from "../../server/contract/params/model.ts";
import type { Side } from "../../server/contract/units.ts";

const VENUE_NAMES: Readonly<Record<string, string>> = {
  binance: "Binance",
  okx: "OKX",
  kraken: "Kraken",
  bybit: "Bybit",
  bitfinex: "Bitfinex",
  coinbase: "Coinbase",
  bitstamp: "Bitstamp",
  gate: "Gate",
  kucoin: "KuCoin",
};

/** An account is named like its venue where a venue has one account. */
export function venueName(account: string): string {
  return VENUE_NAMES[account] ?? account;
}

/** Three letters for the bar. */
export function venueCode(account: string): string {
  const known: Readonly<Record<string, string>> = { binance: "BIN", okx: "OKX", kraken: "KRK" };
  return known[account] ?? account.slice(0, 3).toUpperCase();
}

/** The side's shape stands beside its colour: we buy below, we sell above. */
export const SIDE_MARK: Readonly<Record<Side, string>> = { buy: "▼", sell: "▲" };
export const SIDE_QUOTE: Readonly<Record<Side, string>> = { buy: "bid", sell: "ask" };

const ORDER_STATUS_WORDS: Readonly<Record<string, string>> = {
  PENDING_NEW: "new",
  OPEN: "live",
  PARTIALLY_FILLED: "part",
  PENDING_AMEND: "moving",
  PENDING_CANCEL: "leaving",
  UNKNOWN: "unknown",
  FILLED: "filled",
  CANCELED: "cancelled",
  REJECTED: "rejected",
  EXPIRED: "expired",
};

export function orderStatusWord(status: string): string {
  return ORDER_STATUS_WORDS[status] ?? status.toLowerCase();
}

/** Stages of a quote as people call them. */
const STAGE_LABELS: Readonly<Record<string, string>> = {
  mid: "venue mid",
  fairValue: "fair value",
  inventorySkew: "inventory skew",
  halfSpread: "half-spread",
  fee: "fee",
  adverseSelection: "adverse selection",
  spreadControl: "spread control",
  venueBalance: "venue balance",
  bounds: "bounds",
  hedgeBound: "hedge bound",
  level: "level",
  conversion: "currency",
  tickRounding: "tick rounding",
  postOnly: "post-only",
};

export function stageLabel(stage: string): string {
  return STAGE_LABELS[stage] ?? stage;
}

const MODEL_NAMES: Readonly<Record<QuotingModel, string>> = {
  glft: "GLFT",
  "glft-spectral": "GLFT spectral",
  "avellaneda-stoikov": "Avellaneda–Stoikov",
  symmetric: "symmetric",
  "strategy-document": "strategy document",
};

export function modelName(model: QuotingModel): string {
  return MODEL_NAMES[model];
}
