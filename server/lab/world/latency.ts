/** How long messages take between the desk and a venue: three routes, with an override per account. */
import { z } from "zod";
import type { RandomStream } from "../random.ts";
import { randomStream } from "../random.ts";

/** Longer than any venue's request expiry; a larger figure is a mistake of unit. */
const LATENCY_US_MAX = 60_000_000;

const Micros = z.int().min(0).max(LATENCY_US_MAX);

const LatencyModel = z.union([
  z.strictObject({ constantUs: Micros }),
  z
    .strictObject({ medianUs: Micros.min(1), p99Us: Micros })
    .refine((l) => l.p99Us >= l.medianUs, "the 99th percentile must not be below the median"),
]);
type LatencyModel = z.infer<typeof LatencyModel>;

const LatencyRoutes = z.strictObject({
  feed: LatencyModel.describe("public data, venue to desk"),
  entry: LatencyModel.describe("requests, desk to venue"),
  response: LatencyModel.describe("answers and order reports, venue to desk"),
});
type LatencyRoutes = z.infer<typeof LatencyRoutes>;

export const LatencyProfile = z.strictObject({
  ...LatencyRoutes.shape,
  accounts: z.record(z.string(), LatencyRoutes.partial()).default({}).describe("by name of the account"),
});
export type LatencyProfile = z.infer<typeof LatencyProfile>;

export const LATENCY_PRESETS = {
  zero: same({ constantUs: 0 }),
  colocated: same({ medianUs: 250, p99Us: 1_500 }),
  internet: same({ medianUs: 20_000, p99Us: 150_000 }),
} as const satisfies Record<string, LatencyProfile>;

export type LatencyPreset = keyof typeof LATENCY_PRESETS;

/** Draws of one account, integer µs. Each route has a stream of its own: orders never shift the feed. */
export interface LatencySampler {
  readonly feed: () => number;
  readonly entry: () => number;
  readonly response: () => number;
}

export function createLatencySampler(profile: LatencyProfile, account: string, seed: number): LatencySampler {
  const route = (name: keyof LatencyRoutes) =>
    sampler(
      profile.accounts[account]?.[name] ?? profile[name],
      randomStream(seed, `latency ${account} ${name}`),
    );
  return { feed: route("feed"), entry: route("entry"), response: route("response") };
}

/** Standard normal quantile of 0.99: the p99 of a lognormal is median × exp(2.326… σ). */
const NORMAL_P99 = 2.3263478740408408;

function sampler(model: LatencyModel, random: RandomStream): () => number {
  if ("constantUs" in model) return () => model.constantUs;
  const draw = random.lognormal(
    Math.log(model.medianUs),
    Math.log(model.p99Us / model.medianUs) / NORMAL_P99,
  );
  return () => Math.min(LATENCY_US_MAX, Math.round(draw()));
}

function same(model: LatencyModel): LatencyProfile {
  return { feed: model, entry: model, response: model, accounts: {} };
}
