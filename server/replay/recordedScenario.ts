/** From a recording to a scenario: instruments as recorded, accounts, fees, stock and rates as assumed. */
import { EngineConfig } from "../contract/config.ts";
import { UserError } from "../contract/errors.ts";
import type { Conversion } from "../contract/instrument.ts";
import type { ParameterChange } from "../contract/params.ts";
import { deskChanges } from "../core/params/resolve.ts";
import { feeSchedule } from "../lab/fees.ts";
import { recordingDriver } from "../lab/recording/driver.ts";
import { firstPrices } from "../lab/recording/firstPrices.ts";
import type { Manifest } from "../lab/recording/manifest.ts";
import type { Recording } from "../lab/recording/reader.ts";
import { LATENCY_PRESETS } from "../lab/world/latency.ts";
import { describeCapital, describeFees, type Deposit, type Scenario } from "./scenario.ts";
import { formatCount } from "./report/format.ts";
import { latencyOf, type BacktestSettings } from "./settings.ts";

export interface RecordedRun {
  readonly settings: BacktestSettings;
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  /** `USDT/USD` → how many of the second one of the first is worth. */
  readonly assumedRates: ReadonlyMap<string, number>;
}

/** Without a word from the operator; printed. */
const CAPITAL = 1_000_000;

const BASE_DECIMALS_MIN = 8;

export function recordedScenario(recording: Recording, run: RecordedRun): Scenario {
  const { settings } = run;
  const { manifest } = recording;
  const fromUs = Math.max(run.fromUs ?? manifest.fromUs, manifest.fromUs);
  const toUs = Math.min(run.toUs ?? manifest.toUs, manifest.toUs);
  if (fromUs >= toUs) {
    const span = `${iso(manifest.fromUs)} to ${iso(manifest.toUs)}`;
    throw new UserError(`nothing was recorded between --from and --to: the recording runs from ${span}`);
  }
  const definitions = manifest.instruments.map(({ definition }) => definition);
  const reportingAsset = mostCommon(definitions.filter((i) => i.quoted).map((i) => i.quote));
  const assumptions: string[] = [...manifest.assumptions];
  const note = (text: string): void => void assumptions.push(text);

  const venues = new Map(manifest.instruments.map(({ definition, venue }) => [definition.account, venue]));
  const accounts = [...venues].map(([account, venue]) => {
    const fees = settings.fees[account] ?? feeSchedule(venue, settings.feeTier);
    note(describeFees(account, fees));
    return { account, venue, fees, amend: settings.amend };
  });
  const quotes = [...new Set(definitions.map((i) => i.quote))];
  const conversions: Conversion[] = [];
  for (const quote of quotes.filter((asset) => asset !== reportingAsset)) {
    const rate = assumedRate(run.assumedRates, quote, reportingAsset);
    if (rate === undefined)
      note(
        `no rate from ${quote} to ${reportingAsset}: its venues are neither quoted nor used (--assume ${quote}/${reportingAsset}=1)`,
      );
    else {
      note(`1 ${quote} is assumed to be ${rate} ${reportingAsset} at all times`);
      conversions.push({ asset: quote, to: reportingAsset, pegged: true, source: { kind: "assumed", rate } });
    }
  }
  for (const pair of run.assumedRates.keys())
    if (!conversions.some(({ asset, to }) => pair === `${asset}/${to}` || pair === `${to}/${asset}`))
      note(`${pair} was assumed and changes nothing: no price of this recording needs that rate`);
  const capital = Number(settings.parameters.capital ?? CAPITAL);
  note(describeCapital(capital, reportingAsset));
  note(`a recorded message had been under way for ${settings.feedLatencyMs} ms when the recorder saw it`);

  const bases = [...new Set(definitions.map((i) => i.base))];
  const config = EngineConfig.parse({
    deskCode: "bkt",
    epoch: 1,
    reportingAsset,
    assets: [...new Set([...bases, ...quotes])].map((asset) => ({
      asset,
      decimals: decimalsOf(definitions, asset),
    })),
    accounts,
    markets: bases
      .filter((base) => definitions.some((i) => i.base === base && i.quoted))
      .map((base) => ({ market: base, base, reportingQuote: reportingAsset })),
    instruments: definitions,
    conversions,
    initialState: "ACTIVE",
    parameters: [
      ...deskChanges({ capital, ...settings.parameters }),
      ...setIntensities(manifest.instruments, settings, note),
      ...settings.scoped,
    ],
  });

  const prices = firstPrices(recording, fromUs);
  const sizes = assumedSizes(manifest.instruments, settings, prices, note);
  return {
    name: manifest.source.name,
    source: `${manifest.contentSha256} ${fromUs} ${toUs}`,
    config,
    driver: recordingDriver(recording, {
      fromUs,
      toUs,
      feedLatencyUs: settings.feedLatencyMs * 1e3,
      assumptions: sizes,
    }),
    latency: latencyOf(settings, LATENCY_PRESETS.internet),
    deposits: stockOf(config, settings, capital, prices),
    seed: settings.seed,
    fromUs: fromUs - settings.feedLatencyMs * 1e3,
    toUs,
    assumptions,
    close: () => recording.close(),
  };
}

/** Without trades and their sizes nothing says how flow answers to distance: what is configured is used, and said. */
function setIntensities(
  instruments: Manifest["instruments"],
  settings: BacktestSettings,
  note: (text: string) => void,
): ParameterChange[] {
  if (settings.parameters.intensitySource !== undefined) return [];
  const silent = instruments.filter(
    ({ recorded, tradeSizes }) => !recorded.includes("trades") || !tradeSizes,
  );
  if (silent.length === 0) return [];
  note(
    `fill intensity is set and not estimated where no trades with sizes are recorded: ${silent.map(({ definition }) => `${definition.account} ${definition.symbol}`).join(", ")}`,
  );
  return silent.map(({ definition: { account, symbol } }) => ({
    scope: { level: "instrument", account, symbol },
    name: "intensitySource",
    value: "set",
  }));
}

function mostCommon(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [first] = [...counts].sort((a, b) => b[1] - a[1]);
  if (first === undefined) throw new UserError("the recording holds no instrument that can be quoted");
  return first[0];
}

function assumedRate(rates: ReadonlyMap<string, number>, asset: string, to: string): number | undefined {
  const direct = rates.get(`${asset}/${to}`);
  const inverse = rates.get(`${to}/${asset}`);
  return direct ?? (inverse === undefined ? undefined : 1 / inverse);
}

/** Decimals that hold a lot of every instrument, and tick × lot of those that quote in the asset, exactly. */
function decimalsOf(
  definitions: readonly {
    base: string;
    quote: string;
    tick: string;
    lot: string;
    contractSizeBase: string;
  }[],
  asset: string,
): number {
  const places = (text: string): number => text.split(".")[1]?.length ?? 0;
  const needed = definitions.map((i) => {
    const lot = places(i.lot) + places(i.contractSizeBase);
    return Math.max(i.base === asset ? lot : 0, i.quote === asset ? lot + places(i.tick) : 0);
  });
  return Math.max(BASE_DECIMALS_MIN, ...needed);
}

function assumedSizes(
  instruments: Recording["manifest"]["instruments"],
  settings: BacktestSettings,
  prices: ReadonlyMap<string, number>,
  note: (text: string) => void,
): { topSizeBase?: number; printSizeBase?: number } {
  const price = Math.max(...prices.values());
  const sizes: { topSizeBase?: number; printSizeBase?: number } = {};
  if (
    instruments.some((i) => !i.depthSizes && (i.recorded.includes("top") || i.recorded.includes("depth")))
  ) {
    sizes.topSizeBase = settings.topSizeNotional / price;
    note(
      `no sizes were recorded at the top: ${formatCount(settings.topSizeNotional)} of notional are assumed there`,
    );
  }
  if (instruments.some((i) => !i.tradeSizes && i.recorded.includes("trades"))) {
    sizes.printSizeBase = settings.printSizeNotional / price;
    note(`trades without a size are assumed to be of ${formatCount(settings.printSizeNotional)} notional`);
  }
  if (instruments.some((i) => i.definition.quoted && !i.recorded.includes("trades")))
    note("where no trades were recorded, our order fills when the recorded book crosses its price");
  return sizes;
}

function stockOf(
  config: EngineConfig,
  settings: BacktestSettings,
  capital: number,
  prices: ReadonlyMap<string, number>,
): Deposit[] {
  const deposits: Deposit[] = [];
  for (const { account } of config.accounts) {
    const traded = config.instruments.filter((i) => i.account === account && i.quoted);
    for (const asset of new Set(traded.flatMap((i) => [i.base, i.quote]))) {
      const price = prices.get(asset) ?? 1;
      const decimals = Math.min(8, config.assets.find((spec) => spec.asset === asset)?.decimals ?? 0);
      const amount = settings.stock[account]?.[asset] ?? (capital / price).toFixed(decimals);
      deposits.push({ account, asset, amount });
    }
  }
  return deposits;
}

function iso(atUs: number): string {
  return new Date(atUs / 1e3).toISOString();
}
