import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  advance,
  capturedEdge,
  createMarkouts,
  giveUpPending,
  FILLS_PENDING_MAX,
  MARKOUT_HORIZONS_S,
  observeFill,
  type MarkedFill,
  type Markout,
} from "../../../../../server/core/estimate/adverse/markouts.ts";
import { encodeState } from "../../../../../server/engine/hash/canonical.ts";
import { markedFill, START_US } from "./fills.ts";

const MS = 1_000;

/** Steps of fair value at whole milliseconds, and fills in between. */
const steps = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 20_000 }),
    kind: fc.constantFrom("fair", "fair", "buy", "sell", "timer"),
    move: fc.integer({ min: -50, max: 50 }),
  }),
  { maxLength: 60 },
);

describe("markouts", () => {
  it("give the last fair value at or before each horizon, from our side", () => {
    const state = createMarkouts();
    observeFill(state, markedFill());
    expect(advance(state, START_US + 100 * MS, 100)).toEqual([]);
    // 90 was there from 0.1 s on: it counts for the first horizon; 80, half a second after the second, for none of the two.
    const first = advance(state, START_US + 1_500 * MS, 90);
    expect(first.map(({ horizonS, markout }) => [horizonS, markout])).toEqual([
      [0.1, -10],
      [1, -10],
    ]);
    const rest = advance(state, START_US + 100_000 * MS, 80);
    expect(rest.map(({ horizonS, markout }) => [horizonS, markout])).toEqual([
      [5, -20],
      [30, -20],
      [60, -20],
    ]);
    expect(state.fills).toEqual([]);
    expect(state.dueAtUs).toBeUndefined();
  });

  it("turn their sign with the side", () => {
    const state = createMarkouts([1]);
    observeFill(state, markedFill({ side: "sell", price: 100.3 }));
    expect(advance(state, START_US + 2_000 * MS, 101).map((done) => done.markout)).toEqual([-1]);
    expect(capturedEdge(markedFill({ side: "sell", price: 100.3 }))).toBeCloseTo(0.3, 12);
    expect(capturedEdge(markedFill())).toBeCloseTo(0.1, 12);
  });

  it("are what a look back over the whole path says, once each, whatever comes when", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const state = createMarkouts();
        const path: { atUs: number; fair: number }[] = [{ atUs: START_US, fair: 1_000 }];
        const fills: MarkedFill[] = [];
        const done: Markout[] = [];
        let atUs = START_US;
        let fair = 1_000;
        for (const { afterMs, kind, move } of list) {
          atUs += afterMs * MS;
          done.push(...advance(state, atUs, fair));
          if (kind === "fair") {
            fair += move;
            path.push({ atUs, fair });
          } else if (kind !== "timer") {
            const fill = markedFill({ atUs, side: kind, fair });
            fills.push(fill);
            observeFill(state, fill);
          }
        }
        const endUs = atUs + 61e6;
        done.push(...advance(state, endUs, fair));
        expect(done.length).toBe(fills.length * MARKOUT_HORIZONS_S.length);
        for (const { fill, horizonS, markout } of done) {
          const dueUs = fill.atUs + horizonS * 1e6;
          const then = path.findLast((point) => point.atUs <= dueUs)?.fair ?? NaN;
          expect(markout).toBe(fill.side === "buy" ? then - fill.fair : fill.fair - then);
        }
        expect(new Set(done.map(({ fill, horizon }) => `${fills.indexOf(fill)} ${horizon}`)).size).toBe(
          done.length,
        );
      }),
    );
  });

  it("are given up, not invented, where there was no fair value", () => {
    const state = createMarkouts();
    observeFill(state, markedFill());
    expect(advance(state, START_US + 2_000 * MS, undefined)).toEqual([]);
    expect(state.givenUp).toBe(2);
    expect(advance(state, START_US + 100_000 * MS, 101)).toHaveLength(3);
  });

  it("are given up once nobody has known fair value for a while", () => {
    const state = createMarkouts();
    observeFill(state, markedFill());
    const done = advance(state, START_US + 70_000 * MS, 101, START_US + 5_000 * MS);
    expect(done.map(({ horizonS }) => horizonS)).toEqual([0.1, 1, 5]);
    expect(state.givenUp).toBe(2);
  });

  it("that still wait can be given up all at once, and later ones go on", () => {
    const state = createMarkouts();
    observeFill(state, markedFill());
    advance(state, START_US + 2_000 * MS, 100);
    observeFill(state, markedFill({ atUs: START_US + 2_000 * MS }));
    giveUpPending(state);
    expect(state).toMatchObject({ fills: [], dueAtUs: undefined, givenUp: 3 + 5 });
    observeFill(state, markedFill({ atUs: START_US + 3_000 * MS }));
    expect(advance(state, START_US + 100_000 * MS, 101)).toHaveLength(5);
  });

  it("keep no more fills than the bound, and count what they gave up for it", () => {
    const state = createMarkouts();
    for (let i = 0; i < FILLS_PENDING_MAX + 1; i++) observeFill(state, markedFill({ atUs: START_US + i }));
    expect(state.fills.length).toBe(FILLS_PENDING_MAX / 2 + 1);
    expect(state.givenUp).toBe((FILLS_PENDING_MAX / 2) * MARKOUT_HORIZONS_S.length);
    const done = advance(state, START_US + 100e6, 100);
    expect(done.length + state.givenUp).toBe((FILLS_PENDING_MAX + 1) * MARKOUT_HORIZONS_S.length);
    expect(state.fills).toEqual([]);
  });

  it("keep a state that can be hashed", () => {
    const state = createMarkouts();
    observeFill(state, markedFill());
    advance(state, START_US + 2_000 * MS, 100);
    expect(() => encodeState(state)).not.toThrow();
  });
});
