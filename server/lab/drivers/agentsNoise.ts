/**
 * Uninformed takers of one book: a bivariate Hawkes process, simulated exactly by thinning (Ogata 1981), with
 * a slow leaning of all of an asset's takers to one side. Each is willing to go a distance D ~ Exp(k) from
 * the makers' price and takes what a book of mean density holds within D, so that an order of ours at
 * distance δ meets takers at the rate λ(δ) = A·exp(−k·δ).
 */
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import type { TakeRecord } from "../ports.ts";
import type { RandomStream } from "../random.ts";
import { randomStream } from "../random.ts";
import type { BookView } from "./agentsBook.ts";
import type { AgentAsset, NoiseTakers } from "./agentsParams.ts";
import type { MarketProcess } from "./agentsProcess.ts";
import { nextArrivalUs } from "./agentsProcess.ts";

/** Share of their base rate by which buyers outnumber: −frac, 0 or frac. */
export type Imbalance = (atUs: number) => number;

export function createImbalance(params: AgentAsset, seed: number, startAtUs: number): Imbalance {
  const random = randomStream(seed, `imbalance ${params.asset}`);
  const wait = () => nextArrivalUs(0, random.exponential(), 1 / params.imbalanceMeanS);
  let leaning = 0;
  let endsAtUs = startAtUs + wait();
  return (atUs) => {
    for (; atUs >= endsAtUs; endsAtUs += wait())
      // One of the two other states of −1, 0, 1, evenly.
      leaning = ((leaning + 2 + Math.floor(random.uniform() * 2)) % 3) - 1;
    return leaning * params.imbalanceFrac;
  };
}

interface NoiseOptions {
  readonly params: NoiseTakers;
  readonly book: BookView;
  readonly imbalance: Imbalance;
  readonly random: RandomStream;
  readonly startAtUs: number;
}

export function createNoiseTakers(options: NoiseOptions): MarketProcess {
  const { params, book, imbalance, random, startAtUs } = options;
  const { baseRatePerS, decayPerS } = params;
  const selfJump = params.selfExcitation * decayPerS;
  const crossJump = params.crossExcitation * decayPerS;
  let buyExcess = 0;
  let sellExcess = 0;
  let lastAtUs = startAtUs;
  /** Intensity right after the last instant; until the next it only decays, so it bounds the future. */
  let boundPerS = 2 * baseRatePerS;
  let nextAtUs = nextArrivalUs(startAtUs, random.exponential(), boundPerS);

  function decayTo(atUs: number): void {
    const kept = Math.exp((-decayPerS * (atUs - lastAtUs)) / MICROS_PER_SECOND);
    buyExcess *= kept;
    sellExcess *= kept;
    lastAtUs = atUs;
  }

  function take(side: "buy" | "sell", atUs: number): TakeRecord {
    const reachBps = random.exponential() / params.reachDecayPerBp;
    const sizeLots = Math.max(1, Math.round(book.lotsPerBp * reachBps));
    const limitTicks =
      side === "buy"
        ? Math.floor(book.ticksOf(book.fairBps + reachBps))
        : Math.ceil(book.ticksOf(book.fairBps - reachBps));
    return {
      kind: "take",
      instrument: book.instrument,
      exchangeAtUs: atUs,
      venueAtUs: atUs,
      side,
      sizeLots,
      limitTicks,
    };
  }

  return {
    get nextAtUs() {
      return nextAtUs;
    },
    fire() {
      const atUs = nextAtUs;
      decayTo(atUs);
      const leaning = imbalance(atUs);
      const draw = random.uniform() * boundPerS;
      const buyPerS = baseRatePerS * (1 + leaning) + buyExcess;
      const sellPerS = baseRatePerS * (1 - leaning) + sellExcess;
      const side = draw < buyPerS ? "buy" : draw < buyPerS + sellPerS ? "sell" : undefined;
      if (side !== undefined) {
        buyExcess += side === "buy" ? selfJump : crossJump;
        sellExcess += side === "sell" ? selfJump : crossJump;
      }
      boundPerS = 2 * baseRatePerS + buyExcess + sellExcess;
      nextAtUs = nextArrivalUs(atUs, random.exponential(), boundPerS);
      return side === undefined ? undefined : take(side, atUs);
    },
  };
}
