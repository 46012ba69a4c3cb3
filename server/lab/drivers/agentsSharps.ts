/**
 * Takers that know more than the makers of one book. The informed know the price one second ahead; snipers
 * know it now and hit what others were too slow to withdraw. Both send IOC orders limited at what they know,
 * less their fee, and only when that reaches at least the makers' price or one shown within the last second:
 * our own quotes may be better than any of the others', and older.
 */
import type { Side } from "../../contract/units.ts";
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import type { TakeRecord } from "../ports.ts";
import type { RandomStream } from "../random.ts";
import type { BookView } from "./agentsBook.ts";
import type { AgentBook } from "./agentsParams.ts";
import { PRICE_MEMORY_S } from "./agentsParams.ts";
import type { MarketProcess } from "./agentsProcess.ts";
import { nextArrivalUs } from "./agentsProcess.ts";

const SNIPER_PERIOD_US = 100_000;

/** A resting quote may have been priced by what was true up to this many looks ago. */
const LOOKS_KEPT = (PRICE_MEMORY_S * MICROS_PER_SECOND) / SNIPER_PERIOD_US;

interface SharpOptions {
  readonly params: AgentBook;
  readonly book: BookView;
  readonly random: RandomStream;
  readonly startAtUs: number;
}

export function createInformedTakers(options: SharpOptions): MarketProcess {
  const { params, book, random, startAtUs } = options;
  let nextAtUs = nextArrivalUs(startAtUs, random.exponential(), params.informedRatePerS);
  return {
    get nextAtUs() {
      return nextAtUs;
    },
    fire() {
      const atUs = nextAtUs;
      nextAtUs = nextArrivalUs(atUs, random.exponential(), params.informedRatePerS);
      const knownBps = book.trueBpsAt(atUs + PRICE_MEMORY_S * MICROS_PER_SECOND);
      return takeIfWorth(options, atUs, { knownBps, lowBps: book.fairBps, highBps: book.fairBps });
    },
  };
}

export function createSnipers(options: SharpOptions): MarketProcess {
  const { params, book, random, startAtUs } = options;
  const looks = new Float64Array(LOOKS_KEPT).fill(book.trueBpsAt(startAtUs));
  let count = 0;
  let nextAtUs = params.sniperProbability > 0 ? startAtUs + SNIPER_PERIOD_US : Infinity;
  return {
    get nextAtUs() {
      return nextAtUs;
    },
    fire() {
      const atUs = nextAtUs;
      nextAtUs += SNIPER_PERIOD_US;
      const knownBps = book.trueBpsAt(atUs);
      let lowBps = book.fairBps;
      let highBps = lowBps;
      for (const look of looks) {
        if (look < lowBps) lowBps = look;
        if (look > highBps) highBps = look;
      }
      looks[count % LOOKS_KEPT] = knownBps;
      count += 1;
      if (random.uniform() >= params.sniperProbability) return undefined;
      return takeIfWorth(options, atUs, { knownBps, lowBps, highBps });
    },
  };
}

interface Prices {
  readonly knownBps: number;
  /** The lowest and the highest price that a resting order may have been made for. */
  readonly lowBps: number;
  readonly highBps: number;
}

/** Buys what may be too low or sells to what may be too high, whichever is further off, if it pays the fee. */
function takeIfWorth(
  { params, book, random }: SharpOptions,
  atUs: number,
  { knownBps, lowBps, highBps }: Prices,
): TakeRecord | undefined {
  const fee = params.takerFeeBps;
  const side: Side = knownBps - lowBps >= highBps - knownBps ? "buy" : "sell";
  if (Math.max(knownBps - lowBps, highBps - knownBps) <= fee) return undefined;
  const size = random.exponential() * params.sharpSizeLevels * book.meanLevelLots;
  return {
    kind: "take",
    instrument: book.instrument,
    exchangeAtUs: atUs,
    venueAtUs: atUs,
    side,
    sizeLots: Math.max(1, Math.round(size)),
    limitTicks:
      side === "buy" ? Math.floor(book.ticksOf(knownBps - fee)) : Math.ceil(book.ticksOf(knownBps + fee)),
  };
}
