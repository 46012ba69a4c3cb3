/** A book of others that moves by one level at a time, as a delta of a few levels: each move a frame on the wire. */
import type { Instrument } from "../../contract/instrument.ts";
import type { LabCore } from "../../lab/wire/core/venueCore.ts";
import { randomStream } from "../../lab/random.ts";

const PRICE = 60_000;
const LEVELS = 25;
const LEVEL_BASE = 1;

/** Half a basis point and a bit: a price that nobody sees twice at the same place. */
const STEP = 3.1;

/** It wanders by so many levels, and comes back. */
const AWAY_MAX = 20;

/** Of an order that a benchmark places. */
export const SIZE_BASE = 0.01;

export interface Walk {
  move(): void;
}

/** Where a bid rests in peace: far below everything that the book shows. */
export function restingTicks({ tick }: Pick<Instrument, "tick">): number {
  return Math.round((PRICE * 0.98) / Number(tick));
}

/** In the core's first instrument. */
export function startWalk(core: LabCore, seed: number): Walk {
  const [listing] = core.listings;
  if (listing === undefined) throw new Error(`invariant: ${core.venue} lists nothing`);
  const { instrument, definition } = listing;
  const midTicks = Math.round(PRICE / Number(definition.tick));
  const stepTicks = Math.round(STEP / Number(definition.tick));
  const levelLots = Math.round(LEVEL_BASE / Number(definition.lot));
  const random = randomStream(seed, "wire walk");
  let at = 0;
  const bid = (n: number): number => midTicks + (at - n) * stepTicks;
  const ask = (n: number): number => midTicks + (at + n) * stepTicks;
  const levels = (price: (n: number) => number): number[] =>
    Array.from({ length: LEVELS }, (_, n) => [price(n + 1), levelLots]).flat();
  const start = { kind: "snapshot", instrument, exchangeAtUs: core.nowUs() } as const;
  core.applyMarket({ ...start, bids: levels(bid), asks: levels(ask) });
  return {
    move() {
      const up = at <= -AWAY_MAX || (at < AWAY_MAX && random.uniform() < 0.5);
      const [gone, come] = up ? [ask, bid] : [bid, ask];
      const [goneBest, comeWorst] = [gone(1), come(LEVELS)];
      at += up ? 1 : -1;
      const goneSide = [goneBest, 0, gone(LEVELS), levelLots];
      const comeSide = [come(1), levelLots, comeWorst, 0];
      const [bids, asks] = up ? [comeSide, goneSide] : [goneSide, comeSide];
      core.applyMarket({ kind: "delta", instrument, exchangeAtUs: core.nowUs(), bids, asks });
    },
  };
}
