/** What a stage of a quote went by, in words and units. */
import { formatNumber } from "../format/number.ts";

interface InputWords {
  readonly label: string;
  readonly unit: "price" | "bps" | "size" | "times" | "share" | "plain";
}

const INPUTS: Readonly<Record<string, InputWords>> = {
  mid: { label: "mid of others", unit: "price" },
  fair: { label: "fair value", unit: "price" },
  basis: { label: "basis", unit: "price" },
  slope: { label: "skew per unit", unit: "price" },
  excessBase: { label: "inventory beyond target", unit: "size" },
  targetBase: { label: "inventory target", unit: "size" },
  core: { label: "core half-spread", unit: "price" },
  gamma: { label: "γ", unit: "plain" },
  sigma: { label: "σ per √s", unit: "price" },
  k: { label: "k", unit: "plain" },
  makerBps: { label: "maker fee", unit: "bps" },
  costBid: { label: "loss after our bid fills", unit: "price" },
  costAsk: { label: "loss after our ask fills", unit: "price" },
  multiplier: { label: "multiplier", unit: "times" },
  addBps: { label: "add-on", unit: "bps" },
  venueShare: { label: "share of the venue's limit", unit: "share" },
  floor: { label: "floor of the half-spread", unit: "price" },
  maxBps: { label: "maximum", unit: "bps" },
  skewMaxBps: { label: "maximum skew", unit: "bps" },
  bidMost: { label: "bid at most", unit: "price" },
  askLeast: { label: "ask at least", unit: "price" },
  level: { label: "level", unit: "plain" },
  rate: { label: "rate", unit: "plain" },
  tick: { label: "tick", unit: "plain" },
  bestBid: { label: "best bid", unit: "plain" },
  bestAsk: { label: "best ask", unit: "plain" },
};

export interface InputText {
  readonly label: string;
  readonly value: string;
}

/** `base` is the asset of sizes, `currency` that of prices. An input without words keeps its own name. */
export function inputTexts(
  inputs: Readonly<Record<string, number>>,
  { base, currency }: { readonly base: string; readonly currency: string },
): readonly InputText[] {
  return Object.entries(inputs).map(([name, value]) => {
    const { label, unit } = INPUTS[name] ?? { label: name, unit: "plain" };
    switch (unit) {
      case "price":
        return { label, value: `${plain(value)} ${currency}` };
      case "size":
        return { label, value: `${plain(value)} ${base}` };
      case "bps":
        return { label, value: `${formatNumber(value, { digits: 2 })} bps` };
      case "times":
        return { label, value: `× ${plain(value)}` };
      case "share":
        return { label, value: `${formatNumber(value * 100, { digits: 1 })} %` };
      case "plain":
        return { label, value: plain(value) };
    }
  });
}

const SIGNIFICANT = 6;
const MINUS = "−";

/** Six significant figures of whatever size; very small ones as powers of ten. */
function plain(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size < 1e-4) return value.toExponential(2).replace(/-/g, MINUS);
  const digits = Math.max(0, Math.min(8, SIGNIFICANT - 1 - Math.floor(Math.log10(size))));
  return formatNumber(value, { digits })
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}
