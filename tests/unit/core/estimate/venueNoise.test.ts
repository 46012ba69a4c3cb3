import { describe, expect, it } from "vitest";
import { fuse, type FusionInputs, type FusionOutput } from "../../../../server/core/estimate/fairValue.ts";
import {
  createVenueNoise,
  observeVenueNoise,
  readVenueNoise,
  reviseVenueNoise,
  type VenueNoise,
} from "../../../../server/core/estimate/venueNoise.ts";
import { stateHash } from "../../../../server/engine/hash/canonical.ts";
import { randomStream } from "../../../../server/lab/random.ts";

const START_US = 1.7e15;
const STEP_S = 0.02;
const FAIR = 60_000;
const BP = FAIR * 1e-4;
const USING = { sigma: BP, horizonS: 1_800 };

interface World {
  readonly noiseBps: readonly number[];
  readonly lagS: readonly number[];
  readonly perS: readonly number[];
  readonly priorBps: readonly number[];
  readonly seconds: number;
  /** Of each venue, in bps per √s: a basis that wanders and that nobody has learned. */
  readonly driftBps?: number;
}

/** Venues that show a random walk late, at random times, through noise of their own. */
function observed(world: World, seed = 1): { state: VenueNoise; atUs: number } {
  const { noiseBps, lagS, perS, priorBps, seconds, driftBps = 0 } = world;
  const members = noiseBps.length;
  const { normal, uniform } = randomStream(seed, "venues");
  const inputs: FusionInputs = {
    mid: new Float64Array(members),
    basis: new Float64Array(members),
    noiseVar: Float64Array.from(priorBps, (bps) => (bps * BP) ** 2),
    ageLagS: new Float64Array(members),
    usable: new Uint8Array(members),
  };
  const out: FusionOutput = { fair: undefined, sd: undefined, weights: new Float64Array(members) };
  const drifts = randomStream(seed, "drifts");
  const drift = new Float64Array(members);
  const changedS = new Float64Array(members);
  const state = createVenueNoise(members);
  const walk = [FAIR];
  let atUs = START_US;
  for (let step = 0; step * STEP_S < seconds; step++) {
    walk.push((walk.at(-1) ?? NaN) + BP * Math.sqrt(STEP_S) * normal());
    const nowS = step * STEP_S;
    for (let v = 0; v < members; v++)
      drift[v] = (drift[v] ?? 0) + driftBps * BP * Math.sqrt(STEP_S) * drifts.normal();
    atUs = START_US + Math.round(nowS * 1e6);
    for (let v = 0; v < members; v++) {
      if (uniform() >= (perS[v] ?? 0) * STEP_S) continue;
      const seen = walk[Math.max(0, walk.length - 1 - Math.round((lagS[v] ?? 0) / STEP_S))] ?? NaN;
      inputs.mid[v] = seen + (drift[v] ?? 0) + (noiseBps[v] ?? NaN) * BP * normal();
      inputs.usable[v] = 1;
      changedS[v] = nowS;
      for (let u = 0; u < members; u++) inputs.ageLagS[u] = nowS - (changedS[u] ?? 0) + (lagS[u] ?? 0);
      fuse(inputs, USING.sigma, out);
      observeVenueNoise(state, v, { atUs, fair: out.fair ?? NaN, weights: out.weights, inputs }, USING);
    }
    if (step % 500 === 0) reviseVenueNoise(state, priorBps, atUs);
  }
  reviseVenueNoise(state, priorBps, atUs);
  return { state, atUs };
}

const THREE: World = {
  noiseBps: [0.3, 0.5, 0.8],
  lagS: [0, 0.2, 0.5],
  perS: [8, 5, 4],
  priorBps: [0.5, 0.5, 0.5],
  seconds: 900,
};

describe("venue noise", () => {
  it("comes out for each of three venues, with their lags and ages taken out of it", () => {
    const { state, atUs } = observed(THREE);
    for (const [v, truth] of THREE.noiseBps.entries()) {
      const reading = readVenueNoise(state, v, atUs);
      // Beside what fair value moves within the lags of the others, the leader's noise is a small difference.
      expect(reading?.state).toBe(v === 0 ? "WARM" : "TRUSTED");
      expect(Math.abs((reading?.value ?? NaN) - truth)).toBeLessThan(0.08);
      expect(reading?.stderr).toBeLessThan(0.15);
    }
    expect(stateHash(state)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("comes out nearly the same from other priors, which moved the weights besides", () => {
    const { state, atUs } = observed({ ...THREE, priorBps: [1.5, 1, 0.2], seconds: 1_500 });
    for (const [v, truth] of THREE.noiseBps.entries())
      expect(Math.abs((readVenueNoise(state, v, atUs)?.value ?? NaN) - truth)).toBeLessThan(0.12);
  });

  it("is not what lasts longer than seconds: a basis that wanders by bps is none of it", () => {
    const { state, atUs } = observed({ ...THREE, driftBps: 0.05, seconds: 1_800 });
    for (const [v, truth] of THREE.noiseBps.entries())
      expect(Math.abs((readVenueNoise(state, v, atUs)?.value ?? NaN) - truth)).toBeLessThan(0.1);
  });

  it("of two venues is shared out by the priors, and never TRUSTED", () => {
    const { state, atUs } = observed({
      noiseBps: [0.4, 0.8],
      lagS: [0, 0],
      perS: [6, 6],
      priorBps: [0.4, 0.8],
      seconds: 900,
    });
    expect(readVenueNoise(state, 0, atUs)).toMatchObject({ state: "WARM", value: expect.closeTo(0.4, 1) });
    expect(readVenueNoise(state, 1, atUs)).toMatchObject({ state: "WARM", value: expect.closeTo(0.8, 1) });
  });

  it("is COLD for a venue that is alone, or was seen too little, and STALE after ten minutes", () => {
    const alone = observed({ noiseBps: [0.5], lagS: [0], perS: [5], priorBps: [0.5], seconds: 100 });
    expect(readVenueNoise(alone.state, 0, alone.atUs)?.state).toBe("COLD");
    const short = observed({ ...THREE, seconds: 10 });
    expect(readVenueNoise(short.state, 0, short.atUs)?.state).toBe("COLD");
    const { state, atUs } = observed({ ...THREE, seconds: 300 });
    reviseVenueNoise(state, THREE.priorBps, atUs + 6.1e8);
    expect(readVenueNoise(state, 0, atUs + 6.1e8)?.state).toBe("STALE");
  });

  it("counts a venue at most five times a second", () => {
    const { state } = observed({ ...THREE, perS: [40, 40, 40], seconds: 20 });
    expect(state.weight[0]).toBeLessThan(100);
  });
});
