import { describe, expect, it } from "vitest";
import {
  advanceLeadLag,
  createLeadLag,
  readLag,
  type LeadLag,
  type VenueLag,
} from "../../../../../server/core/estimate/leadLag/leadLag.ts";
import {
  createMidHistory,
  observeMid,
  type MidHistory,
} from "../../../../../server/core/estimate/leadLag/midHistory.ts";
import { stateHash } from "../../../../../server/engine/hash/canonical.ts";
import { randomStream } from "../../../../../server/lab/random.ts";

const START_US = 1.7e15;
const STEP_S = 0.01;
const SECONDS = 600;
const END_US = START_US + SECONDS * 1e6;

interface Venue {
  readonly lagS: number;
  readonly perS: number;
  /** From the venue's stamp to our receipt. */
  readonly feedS: number;
}

/** Mids that follow one random walk, each late by its lag, at random times. */
function historiesOf(seed: number, venues: readonly Venue[], common = true): MidHistory[] {
  const { normal, exponential } = randomStream(seed, "venues");
  const walkOf = () => {
    let price = 60_000;
    return Array.from({ length: SECONDS / STEP_S + 300 }, () => (price += 0.5 * normal()));
  };
  const shared = walkOf();
  return venues.map(({ lagS, perS, feedS }) => {
    const walk = common ? shared : walkOf();
    const history = createMidHistory();
    for (let atS = 2.5; atS < SECONDS + 2.4; atS += exponential() / perS) {
      const venueAtUs = START_US + Math.round((atS - 2.5) * 1e6);
      const mid = walk[Math.floor((atS - lagS) / STEP_S)] ?? NaN;
      observeMid(history, { venueAtUs, receivedAtUs: venueAtUs + Math.round(feedS * 1e6), mid });
    }
    return history;
  });
}

function searched(
  histories: readonly MidHistory[],
  priorsMs: readonly number[],
): { state: LeadLag; slices: number } {
  const state = createLeadLag(histories.length);
  let slices = 1;
  while (!advanceLeadLag(state, histories, priorsMs, END_US)) slices += 1;
  return { state, slices };
}

const LEADER: Venue = { lagS: 0, perS: 6, feedS: 0 };
const FOLLOWER: Venue = { lagS: 0.3, perS: 4, feedS: 0 };
const LAST: Venue = { lagS: 0.5, perS: 3, feedS: 0 };
const THREE = [FOLLOWER, LEADER, LAST];

function lagOf(state: LeadLag, venue: number): VenueLag {
  const lag = state.lags[venue];
  if (lag === undefined) throw new Error(`there is no venue ${venue}`);
  return lag;
}

describe("lead and lag", () => {
  it("finds how far each venue trails the leader, whichever venue that is", () => {
    for (let seed = 1; seed <= 3; seed++) {
      const { state } = searched(historiesOf(seed, THREE), [100, 100, 100]);
      expect(state.receivedReference).toBe(1);
      for (const [v, { lagS }] of THREE.entries()) {
        const reading = readLag(lagOf(state, v), END_US);
        expect(Math.abs((reading.value ?? NaN) - lagS * 1e3)).toBeLessThan(90);
        expect(reading.state).not.toBe("COLD");
      }
      expect(state.received[0]?.likelihoodRatio).toBeGreaterThan(2);
      expect(state.received[2]?.likelihoodRatio).toBeGreaterThan(4);
      expect(state.received[0]?.correlation).toBeGreaterThan(0.9);
    }
  });

  it("covers the truth with its errors in most runs", () => {
    let covered = 0;
    const runs = 30;
    for (let seed = 0; seed < runs; seed++) {
      const { state } = searched(historiesOf(seed, [LEADER, FOLLOWER]), [0, 0]);
      const found = state.received[1];
      if (Math.abs((found?.lagUs ?? NaN) - 300_000) <= 1.96 * (found?.stderrUs ?? NaN)) covered += 1;
    }
    expect(covered).toBeGreaterThanOrEqual(0.7 * runs);
  });

  it("tells our receipt from the venues' own clocks", () => {
    const [leader, slowFeed] = [
      { lagS: 0, perS: 6, feedS: 0.4 },
      { lagS: 0.2, perS: 4, feedS: 0 },
    ];
    const { state } = searched(historiesOf(5, [leader, slowFeed]), [0, 0]);
    expect(Math.abs((state.venue[1]?.lagUs ?? NaN) - 200_000)).toBeLessThan(80_000);
    expect(Math.abs((state.received[1]?.lagUs ?? NaN) + 200_000)).toBeLessThan(80_000);
    expect(state.lags[1]?.valueMs).toBe(0);
    expect(Math.abs((state.lags[0]?.valueMs ?? NaN) - 200)).toBeLessThan(80);
  });

  it("says nothing of prices that have nothing in common, and keeps what was known", () => {
    const { state } = searched(historiesOf(6, THREE, false), [100, 100, 100]);
    expect(state.received).toEqual([undefined, undefined, undefined]);
    expect(state.lags.map((lag) => readLag(lag, END_US).state)).toEqual(["COLD", "COLD", "COLD"]);
  });

  it("says nothing of a venue that hardly changes", () => {
    const { state } = searched(
      historiesOf(7, [FOLLOWER, LEADER, { lagS: 0.1, perS: 0.1, feedS: 0 }]),
      [0, 0, 0],
    );
    expect(state.received[2]).toBeUndefined();
    expect(state.received[0]).toBeDefined();
  });

  it("works in many slices, can be hashed between them, and goes on alike from a copy", () => {
    const histories = historiesOf(8, THREE);
    const state = createLeadLag(3);
    for (let slice = 0; slice < 20; slice++)
      expect(advanceLeadLag(state, histories, [0, 0, 0], END_US)).toBe(false);
    const copy = structuredClone(state);
    expect(stateHash(copy)).toBe(stateHash(state));
    const fresh = historiesOf(9, THREE);
    while (!advanceLeadLag(state, histories, [0, 0, 0], END_US));
    // Nothing that arrives during a search changes what it sees: only the venues' clocks are copied later.
    while (copy.clock === "received") advanceLeadLag(copy, fresh, [0, 0, 0], END_US);
    expect(copy.received).toEqual(state.received);
    expect(searched(histories, [0, 0, 0]).slices).toBeGreaterThan(30);
  });

  it("blends with its prior on few changes, and moves by a fifth or 50 ms a minute at most", () => {
    const few = searched(historiesOf(10, [LEADER, { lagS: 0.5, perS: 0.5, feedS: 0 }]), [0, 100]).state;
    const changes = few.received[1]?.changes ?? NaN;
    const trust = changes / (changes + 300);
    const relative = ((few.received[1]?.lagUs ?? NaN) - Math.min(0, few.received[1]?.lagUs ?? 0)) / 1e3;
    expect(few.lags[1]?.valueMs).toBeCloseTo(trust * relative + (1 - trust) * 100, 9);

    const { state } = searched(historiesOf(1, THREE), [0, 0, 0]);
    const before = state.lags[2]?.valueMs ?? NaN;
    const swapped = historiesOf(2, [LAST, LEADER, FOLLOWER]);
    while (!advanceLeadLag(state, swapped, [0, 0, 0], END_US + 60_000_000));
    expect(state.lags[2]?.valueMs).toBeGreaterThanOrEqual(before * 0.8 - 1e-9);
  });

  it("goes STALE when no search finds anything for ten minutes", () => {
    const { state } = searched(historiesOf(1, THREE), [0, 0, 0]);
    expect(readLag(lagOf(state, 0), END_US + 601e6).state).toBe("STALE");
  });
});
