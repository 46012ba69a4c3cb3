import { z } from "zod";
import { AssetSpec, Conversion, Instrument, Market, VenueAccount } from "./instrument.ts";
import { ParameterChange } from "./params.ts";

/**
 * Everything the engine starts from, apart from events. It is part of a run's manifest: the same
 * configuration and the same events give the same effects and the same state hash.
 */
export const EngineConfig = z
  .strictObject({
    /** Three base-36 characters that mark every order of this desk. */
    deskCode: z.string().regex(/^[0-9a-z]{3}$/, "must be three characters of 0-9 a-z"),
    /** Run epoch, larger than any that was ever used with this desk code. */
    epoch: z
      .int()
      .min(1)
      .max(36 ** 4 - 1),
    reportingAsset: z.string(),
    assets: z.array(AssetSpec).min(1),
    accounts: z.array(VenueAccount).min(1),
    markets: z.array(Market).min(1),
    instruments: z.array(Instrument).min(1),
    conversions: z.array(Conversion).default([]),
    /** Trading state at the start: a live desk starts DISARMED, a backtest ACTIVE. */
    initialState: z.enum(["ACTIVE", "DISARMED"]).default("DISARMED"),
    /** Real money: such a desk observes and may not be armed while a requirement of live trading is missing. */
    venues: z.enum(["simulated", "live"]).default("simulated"),
    /** Of real venues: the accounts whose venue has passed the suite with this ccxt version, when the run began. */
    certified: z.array(z.string()).optional(),
    /** Whether orders that take may hedge: only where the market is simulated, until the guard stands in front. */
    hedging: z.enum(["off", "simulated"]).default("off"),
    parameters: z.array(ParameterChange).min(1),
  })
  .superRefine((config, context) => {
    const fail = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    if (config.venues === "live" && config.initialState !== "DISARMED")
      fail(["initialState"], "a desk with real venues starts DISARMED");
    if (config.venues === "live" && config.hedging === "simulated")
      fail(["hedging"], "is for simulated venues only");
    const assets = new Set(config.assets.map((a) => a.asset));
    const accounts = new Set(config.accounts.map((a) => a.account));
    const markets = new Set(config.markets.map((m) => m.base));
    if (assets.size !== config.assets.length) fail(["assets"], "an asset is listed twice");
    if (accounts.size !== config.accounts.length) fail(["accounts"], "an account is listed twice");
    if (markets.size !== config.markets.length) fail(["markets"], "a base asset has two markets");
    if (new Set(config.markets.map((m) => m.market)).size !== config.markets.length)
      fail(["markets"], "a market name is used twice");
    if (!assets.has(config.reportingAsset)) fail(["reportingAsset"], "is not one of the assets");
    for (const [at, { fees }] of config.accounts.entries())
      for (const asset of [fees.tiers?.volumeAsset, fees.thirdAsset?.asset])
        if (asset !== undefined && !assets.has(asset)) fail(["accounts", at, "fees"], `no asset ${asset}`);
    const seen = new Set<string>();
    for (const [at, i] of config.instruments.entries()) {
      const key = `${i.account} ${i.symbol}`;
      if (seen.has(key)) fail(["instruments", at], `${key} is listed twice`);
      seen.add(key);
      if (!accounts.has(i.account)) fail(["instruments", at, "account"], `no account ${i.account}`);
      for (const asset of [i.base, i.quote, i.settle])
        if (!assets.has(asset)) fail(["instruments", at], `no asset ${asset}`);
    }
    for (const [at, m] of config.markets.entries())
      if (m.reportingQuote !== config.reportingAsset)
        fail(["markets", at, "reportingQuote"], `markets report in ${config.reportingAsset}`);
    const converted = new Set<string>();
    for (const [at, c] of config.conversions.entries()) {
      if (!assets.has(c.asset)) fail(["conversions", at, "asset"], `no asset ${c.asset}`);
      if (converted.has(c.asset)) fail(["conversions", at, "asset"], `${c.asset} is converted twice`);
      converted.add(c.asset);
      if (c.to !== config.reportingAsset)
        fail(["conversions", at, "to"], `must convert to ${config.reportingAsset}`);
      if (c.source.kind === "instrument" && !seen.has(`${c.source.account} ${c.source.symbol}`))
        fail(["conversions", at, "source"], `no instrument ${c.source.account} ${c.source.symbol}`);
    }
  });
export type EngineConfig = z.infer<typeof EngineConfig>;

/** Position of an instrument in the configuration, as `account symbol`. */
export function instrumentKey(instrument: Pick<Instrument, "account" | "symbol">): string {
  return `${instrument.account} ${instrument.symbol}`;
}
