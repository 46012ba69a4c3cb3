import { describe, expect, it } from "vitest";
import {
  createMidGrid,
  sampleMids,
  windowOf,
  type MidGrid,
} from "../../../../../server/core/estimate/informationShare/midGrid.ts";
import {
  advanceInformationShare,
  createInformationShare,
  type InformationShareState,
} from "../../../../../server/core/estimate/informationShare/vecm.ts";
import { stateHash } from "../../../../../server/engine/hash/canonical.ts";
import { randomStream } from "../../../../../server/lab/random.ts";

const START_US = 1.7e15;

/** The first venue is the random walk; each other is what it was a second ago, and noise. */
function gridOf(
  members: number,
  seconds: number,
  missing: (second: number, venue: number) => boolean,
): MidGrid {
  const { normal } = randomStream(3, "grid");
  const grid = createMidGrid(members);
  let price = 60_000;
  for (let second = 0; second < seconds; second++) {
    const before = price;
    price += 5 * normal();
    const mids = Float64Array.from({ length: members }, (_, v) =>
      v === 0 ? price : before + v + 2 * normal(),
    );
    const usable = Uint8Array.from({ length: members }, (_, v) => (missing(second, v) ? 0 : 1));
    sampleMids(grid, START_US + second * 1e6, mids, usable);
  }
  return grid;
}

function worked(grid: MidGrid): { state: InformationShareState; slices: number } {
  const state = createInformationShare();
  let slices = 1;
  while (!advanceInformationShare(state, grid, START_US)) slices += 1;
  return { state, slices };
}

const never = () => false;

describe("the information share of venues", () => {
  it("goes to the venue that the others follow", () => {
    const { state } = worked(gridOf(3, 600, never));
    expect(state.latest?.venues).toEqual([0, 1, 2]);
    expect(state.latest?.gonzaloGranger[0]).toBeGreaterThan(0.6);
    expect(state.latest?.mid[0]).toBeGreaterThan(0.85);
    expect(state.latest?.lower[0]).toBeGreaterThan(state.latest?.upper[1] ?? NaN);
    expect(state.fit).toBeUndefined();
    expect(stateHash(state)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("leaves out a venue that is hardly there, and rows in which one is missing", () => {
    const { state } = worked(
      gridOf(3, 600, (second, v) => (v === 1 && second % 2 === 0) || (v === 2 && second === 300)),
    );
    expect(state.latest?.venues).toEqual([0, 2]);
    // Each row needs the five instants up to it.
    expect(state.latest?.rows).toBe(600 - 4 - 5);
  });

  it.each([
    { name: "one venue alone", grid: gridOf(1, 600, never) },
    { name: "a minute", grid: gridOf(2, 60, never) },
    { name: "two venues of which one never moves", grid: frozen() },
  ])("says nothing of $name", ({ grid }) => {
    expect(worked(grid).state.latest).toBeUndefined();
  });

  it("keeps what it said when the next window says nothing", () => {
    const { state } = worked(gridOf(2, 600, never));
    const said = state.latest;
    while (!advanceInformationShare(state, gridOf(2, 30, never), START_US + 6e7));
    expect(state.latest).toBe(said);
  });

  it("sees the window as it was when it began, and can be hashed between slices", () => {
    const grid = gridOf(5, 600, never);
    const state = createInformationShare();
    advanceInformationShare(state, grid, START_US);
    const copy = structuredClone(state);
    expect(stateHash(copy)).toBe(stateHash(state));
    while (!advanceInformationShare(state, grid, START_US));
    for (let second = 0; second < 10; second++)
      sampleMids(
        grid,
        START_US + (600 + second) * 1e6,
        new Float64Array(5).fill(1),
        new Uint8Array(5).fill(1),
      );
    while (!advanceInformationShare(copy, grid, START_US));
    expect(copy.latest).toEqual(state.latest);
    expect(worked(grid).slices).toBeGreaterThan(3);
  });
});

describe("the grid of mids", () => {
  it("holds the latest ten minutes and starts over at a break", () => {
    const grid = gridOf(2, 700, never);
    expect(windowOf(grid).rows).toBe(600);
    sampleMids(grid, START_US + 705e6, Float64Array.of(1, 2), Uint8Array.of(1, 1));
    expect(windowOf(grid)).toMatchObject({ rows: 1, venues: [0, 1] });
    expect([...windowOf(grid).bps]).toEqual([0, 1e4]);
  });
});

function frozen(): MidGrid {
  const grid = createMidGrid(2);
  const { normal } = randomStream(1, "grid");
  for (let second = 0; second < 600; second++)
    sampleMids(grid, START_US + second * 1e6, Float64Array.of(100, 100 + normal()), Uint8Array.of(1, 1));
  return grid;
}
