/** What a run stands on: a market with an end to its trouble, and exchanges with stock in them. */
import type { ExchangeOutput, MarketDriver, SimulatedExchange } from "../../lab/ports.ts";
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import type { SwarmCase } from "./draw.ts";

/** Outages end, accounts reconcile and quotes come back before the stop. */
export const CALM_US = 5 * MICROS_PER_SECOND;

/** The longest outage, the longest request expiry, both margins of the seal, and room for some questions. */
const SETTLE_US = 20 * MICROS_PER_SECOND;

const NOBODY: ExchangeOutput = { public: () => undefined, private: () => undefined };

export interface StagedMarket extends MarketDriver {
  /** Where the trouble ends, once that many records have come. */
  readonly healsAtUs: number | undefined;
}

/** The market of the case: so many records of trouble, then on until the desk must have come to rest. */
export function stageMarket(driver: MarketDriver, ticks: number): StagedMarket {
  let served = 0;
  let healsAtUs: number | undefined;
  return {
    get healsAtUs() {
      return healsAtUs;
    },
    next() {
      const record = driver.next();
      if (record === undefined) return undefined;
      served += 1;
      if (served === ticks) healsAtUs = record.exchangeAtUs;
      if (healsAtUs !== undefined && record.exchangeAtUs > healsAtUs + CALM_US + SETTLE_US) return undefined;
      return record;
    },
  };
}

export function balancesOf(exchange: SimulatedExchange, account: number): Map<string, bigint> {
  return new Map(exchange.balances(account).map(({ asset, totalAtoms }) => [asset, totalAtoms]));
}

/** Orders of a run before this one rest before anyone is connected. */
export function placeLeftovers(
  { leftovers, agents }: SwarmCase,
  exchanges: readonly SimulatedExchange[],
): void {
  for (const order of leftovers)
    exchanges[order.account]?.place(order.account, order, agents.startAtUs, NOBODY);
}
