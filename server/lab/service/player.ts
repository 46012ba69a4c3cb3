/**
 * The market of others as a lab plays it: at the pace of its driver, faster, slower or not at all, with its takers or
 * without them, and from now on by another seed.
 */
import { UserError } from "../../contract/errors.ts";
import type { LabDescription, MarketPlay } from "../../contract/labControl.ts";
import type { MarketRecord } from "../ports.ts";
import type { LabMarket } from "./market.ts";

export interface Player {
  /** Of the lab's clock; infinite while the market stands still, and when it is over. */
  readonly nextAtUs: number;
  readonly hasEnded: boolean;
  /** How it is played. */
  readonly play: LabDescription["play"];
  /** What is next, which then lies behind it; undefined for a taker who is told to stay away. */
  take(): MarketRecord | undefined;
  /** Throws a UserError, and changes nothing, for a seed where none is drawn by. */
  change(play: MarketPlay): void;
}

export interface PlayerOptions {
  readonly nowUs: () => number;
  /** What the market of another seed goes on from. */
  readonly prices: () => Readonly<Record<string, number>>;
}

export function createPlayer(market: LabMarket, { nowUs, prices }: PlayerOptions): Player {
  let { driver, seed } = market;
  let record = driver.next();
  let rate = 1;
  let takers = true;
  /** This instant of the driver's time is played at this one of the lab's. */
  let anchor = { marketUs: 0, atUs: 0 };

  const marketUs = (atUs: number): number => anchor.marketUs + Math.round((atUs - anchor.atUs) * rate);
  const playedAtUs = (atUs: number): number =>
    rate === 0 ? Infinity : anchor.atUs + Math.ceil((atUs - anchor.marketUs) / rate);

  return {
    get nextAtUs() {
      return record === undefined ? Infinity : playedAtUs(record.exchangeAtUs);
    },
    get hasEnded() {
      return record === undefined;
    },
    get play() {
      return { rate, takers, seed };
    },
    take() {
      if (record === undefined) throw new Error("invariant: the market is over");
      const taken = record;
      record = driver.next();
      if (record !== undefined && record.exchangeAtUs < taken.exchangeAtUs)
        throw new Error(
          `invariant: the market went back from ${taken.exchangeAtUs} to ${record.exchangeAtUs}`,
        );
      return taken.kind === "take" && !takers ? undefined : taken;
    },
    change(play) {
      const atUs = nowUs();
      if (play.seed !== undefined) {
        if (market.reopen === undefined) throw new UserError("only a market of agents is drawn by a seed");
        seed = play.seed;
        driver = market.reopen(seed, { nowUs: marketUs(atUs), prices: prices() });
        record = driver.next();
      }
      takers = play.takers ?? takers;
      anchor = { marketUs: marketUs(atUs), atUs };
      rate = play.rate ?? rate;
    },
  };
}
