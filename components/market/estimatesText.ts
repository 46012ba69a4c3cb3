/** Estimates as people read them: digits by unit, and what each waits for while it is unknown. */
import type { EstimateView, EstimatorStatus } from "../../server/contract/estimates.ts";
import { formatNumber } from "../format/number.ts";
import { formatAgeMs } from "../format/time.ts";
import type { Tone } from "../ui/tag.tsx";

interface Status {
  readonly word: string;
  readonly mark: string;
  readonly tone: Tone;
  readonly text: string;
}

/** What can be relied on is quiet. */
export const STATUS: Readonly<Record<EstimatorStatus, Status>> = {
  TRUSTED: { word: "trusted", mark: "●", tone: "quiet", text: "enough was seen, and its error is small" },
  WARM: {
    word: "warm",
    mark: "◐",
    tone: "attention",
    text: "blended with its prior, or its error is still large",
  },
  COLD: { word: "cold", mark: "○", tone: "quiet", text: "not known yet, and nothing comes from it" },
  STALE: { word: "stale", mark: "◌", tone: "danger", text: "nothing was seen for too long" },
};

/** Fixed per unit, so that the figures of a row stand under each other. */
const DIGITS: Readonly<Record<string, number>> = {
  "bps/√s": 2,
  bps: 2,
  "1/s": 4,
  "1/min": 1,
  ms: 0,
  depths: 2,
  ticks: 2,
};
const DIGITS_ELSE = 2;

/** Figures with a direction show it on both sides of zero. */
const SIGNED: ReadonlySet<string> = new Set([
  "trade imbalance",
  "order flow, 1 s",
  "order flow, 10 s",
  "micro-price − mid",
]);

interface EstimateText {
  readonly value: string | undefined;
  readonly stderr: string | undefined;
}

/** `priceDigits` are those of the market's finest tick. */
export function estimateText(estimate: EstimateView, priceDigits: number): EstimateText {
  const { name, unit, value, stderr } = estimate;
  if (value === undefined) return { value: undefined, stderr: undefined };
  const digits = unit === "price" ? priceDigits : (DIGITS[unit] ?? DIGITS_ELSE);
  return {
    value: formatNumber(value, { digits, signed: SIGNED.has(name) }),
    stderr: stderr === undefined ? undefined : formatNumber(stderr, { digits }),
  };
}

/** Of an estimate without a value: what has to be seen first. */
const APPEARS_AFTER: Readonly<Record<string, string>> = {
  "volatility σ": "twenty one-second returns of fair value",
  "mean reversion θ": "fair value has returned to a mean for minutes; a random walk never does",
  "mean μ": "the mean reversion is known",
  "fill decay 1/k": "five sweeps of the tape, unless the parameters set it",
  "fill rate A": "five sweeps of the tape or twenty fills of ours",
  "fill rate of the tape": "five sweeps of the tape",
  "noise ω": "a hundred changes of the book beside the other venues'",
  lag: "some minutes of mids on two venues that move together",
  "trade imbalance": "twenty trades within a minute",
  "order flow, 1 s": "ten changes of the best quotes",
  "order flow, 10 s": "ten changes of the best quotes",
  "micro-price − mid": "some thousand changes of the best quotes",
  VPIN: "fifty complete buckets of volume",
  "expected loss c": "this side is priced",
};

export function appearsAfter(name: string): string {
  return APPEARS_AFTER[name] ?? "more has been seen";
}

/** Everything about an estimate in lines: for who hovers, focuses or listens. */
export function estimateLines(estimate: EstimateView, priceDigits: number): readonly string[] {
  const { name, help, unit, status, nEff, ageMs } = estimate;
  const { value, stderr } = estimateText(estimate, priceDigits);
  const { word, text } = STATUS[status];
  return [
    `${name}: ${help}`,
    value === undefined
      ? `appears after ${appearsAfter(name)}`
      : joined(value, stderr === undefined ? "" : `± ${stderr}`, unit === "price" ? "" : unit),
    `${word}: ${text}`,
    `n ${formatNumber(nEff, { digits: nEff < 10 ? 1 : 0 })}${ageMs === undefined ? "" : `, ${formatAgeMs(ageMs)} old`}`,
  ];
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}
