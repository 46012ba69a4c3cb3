/**
 * A market of agents as an ordered stream: per asset an efficient price, per venue and symbol makers who
 * follow it and takers of three kinds. It is open-loop: it does not react to our orders, which meet its
 * takers at the exchange. The same parameters and seed give the same stream.
 */
import type { EngineConfig } from "../../contract/config.ts";
import { UserError } from "../../contract/errors.ts";
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import type { MarketDriver } from "../ports.ts";
import { randomStream } from "../random.ts";
import { TimeHeap } from "../world/timeHeap.ts";
import { createAgentBook } from "./agentsBook.ts";
import type { Imbalance } from "./agentsNoise.ts";
import { createImbalance, createNoiseTakers } from "./agentsNoise.ts";
import type { AgentAsset, AgentBook, AgentMarket } from "./agentsParams.ts";
import type { EfficientPrice } from "./agentsPrice.ts";
import { createEfficientPrice } from "./agentsPrice.ts";
import type { MarketProcess } from "./agentsProcess.ts";
import { createInformedTakers, createSnipers } from "./agentsSharps.ts";

/** Throws a UserError when a book has no instrument, or its currencies no price. */
export function createAgentMarket(
  market: AgentMarket,
  config: Pick<EngineConfig, "instruments" | "reportingAsset">,
): MarketDriver {
  const endUs = market.startAtUs + (market.durationS ?? Infinity) * MICROS_PER_SECOND;
  const assets = new Map(market.assets.map((params) => [params.asset, createAsset(params, market)]));
  const heap = new TimeHeap<MarketProcess>();
  for (const book of market.books)
    for (const process of createProcesses(book, market, config, assets)) schedule(process);

  function schedule(process: MarketProcess): void {
    if (process.nextAtUs < endUs) heap.push(process.nextAtUs, 0, process);
  }

  return {
    next() {
      while (heap.size > 0) {
        const process = heap.pop();
        const record = process.fire();
        schedule(process);
        if (record !== undefined) return record;
      }
      return undefined;
    },
  };
}

interface Asset {
  readonly startPrice: number;
  readonly price: EfficientPrice;
  readonly imbalance: Imbalance;
}

function createAsset(params: AgentAsset, { seed, startAtUs }: AgentMarket): Asset {
  return {
    startPrice: params.startPrice,
    price: createEfficientPrice(params, seed, startAtUs),
    imbalance: createImbalance(params, seed, startAtUs),
  };
}

function createProcesses(
  params: AgentBook,
  { seed, startAtUs }: AgentMarket,
  { instruments, reportingAsset }: Pick<EngineConfig, "instruments" | "reportingAsset">,
  assets: ReadonlyMap<string, Asset>,
): MarketProcess[] {
  const name = `${params.account} ${params.symbol}`;
  const instrument = instruments.findIndex((i) => i.account === params.account && i.symbol === params.symbol);
  const definition = instruments[instrument];
  if (definition === undefined) throw new UserError(`The market has a book of ${name}: add this instrument.`);
  const base = assets.get(definition.base);
  if (base === undefined)
    throw new UserError(`The market has no price of ${definition.base}: ${name} needs one.`);
  const quote = assets.get(definition.quote);
  if (quote === undefined && definition.quote !== reportingAsset)
    throw new UserError(`The market has no price of ${definition.quote}: ${name} needs one.`);

  const book = createAgentBook({
    params,
    instrument,
    definition,
    startPrice: base.startPrice / (quote?.startPrice ?? 1),
    logBpsAt: quote
      ? (atUs) => base.price.logBpsAt(atUs) - quote.price.logBpsAt(atUs)
      : (atUs) => base.price.logBpsAt(atUs),
    startAtUs,
    seed,
  });
  const stream = (purpose: string) => randomStream(seed, `${name} ${purpose}`);
  return [
    book,
    createNoiseTakers({
      params: params.noise,
      book,
      imbalance: base.imbalance,
      random: stream("noise takers"),
      startAtUs,
    }),
    createInformedTakers({ params, book, random: stream("informed takers"), startAtUs }),
    createSnipers({ params, book, random: stream("snipers"), startAtUs }),
  ];
}
