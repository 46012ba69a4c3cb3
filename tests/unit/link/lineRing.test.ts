import { describe, expect, it } from "vitest";
import { LOG_RING_MAX } from "../../../server/contract/link.ts";
import { BEFORE_ALL, LineRing } from "../../../server/link/lineRing.ts";
import { notice, notices, sequence } from "./fixture.ts";

const at = (seq: number, epoch = 1) => ({ epoch, seq, at: 0 });

function after(ring: LineRing, cursor: ReturnType<typeof at>): number[] {
  return (ring.slice(ring.positionAfter(cursor), ring.end) ?? []).map((line) => line.cursor.seq);
}

describe("a ring of lines", () => {
  it("finds the lines after a cursor, be it a line's own or between two", () => {
    const ring = new LineRing();
    ring.append([notice(2), notice(4), notice(6)]);
    for (const [cursor, expected] of [
      [at(1), [2, 4, 6]],
      [at(2), [4, 6]],
      [at(3), [4, 6]],
      [at(5), [6]],
      [at(6), []],
      [at(9), []],
      [at(9, 0), [2, 4, 6]],
      [at(1, 2), []],
    ] as const)
      expect(after(ring, cursor)).toEqual(expected);
  });

  it("that has lost nothing reaches back to the desk's beginning", () => {
    const ring = new LineRing();
    ring.append([notice(5)]);
    expect(ring.reaches(BEFORE_ALL)).toBe(true);
  });

  it("keeps at least its maximum, little more, and knows where it begins", () => {
    const ring = new LineRing();
    for (const line of notices(1, 2 * LOG_RING_MAX + 1)) ring.append([line]);
    const kept = ring.end - ring.start;
    expect(kept).toBeGreaterThanOrEqual(LOG_RING_MAX);
    expect(kept).toBeLessThan(1.1 * LOG_RING_MAX);
    const lastDropped = 2 * LOG_RING_MAX + 1 - kept;
    expect(ring.reaches(at(lastDropped))).toBe(true);
    expect(ring.reaches(at(lastDropped - 1))).toBe(false);
    expect(after(ring, at(lastDropped))).toEqual(sequence(lastDropped + 1, 2 * LOG_RING_MAX + 1));
  });

  it("counts positions on when lines are dropped, and gives no dropped ones", () => {
    const ring = new LineRing();
    ring.append(notices(1, LOG_RING_MAX));
    const position = ring.positionAfter(at(LOG_RING_MAX - 1));
    ring.append(notices(LOG_RING_MAX + 1, 2 * LOG_RING_MAX));
    expect(ring.slice(0, 1)).toBeUndefined();
    const later = ring.positionAfter(at(2 * LOG_RING_MAX - 1));
    expect(later - position).toBe(LOG_RING_MAX);
    expect(ring.slice(later, 1)?.[0]?.cursor.seq).toBe(2 * LOG_RING_MAX);
  });

  it("takes an append that is larger than itself", () => {
    const ring = new LineRing();
    ring.append(notices(1, 3 * LOG_RING_MAX));
    expect(ring.end - ring.start).toBe(LOG_RING_MAX);
    expect(ring.end).toBe(3 * LOG_RING_MAX);
  });

  it("knows among the lines of one event which it has dropped", () => {
    const ring = new LineRing();
    const lines = notices(1, 2 * LOG_RING_MAX).map((line, at) => ({
      ...line,
      cursor: { epoch: 1, seq: 1, at },
    }));
    ring.append(lines);
    const lastDropped = LOG_RING_MAX - 1;
    expect(ring.reaches({ epoch: 1, seq: 1, at: lastDropped })).toBe(true);
    expect(ring.reaches({ epoch: 1, seq: 1, at: lastDropped - 1 })).toBe(false);
  });

  it("refuses lines out of their order", () => {
    const ring = new LineRing();
    ring.append([notice(5)]);
    expect(() => ring.append([notice(5)])).toThrow(/does not come after/);
    expect(() => ring.append([notice(4)])).toThrow(/does not come after/);
    expect(() => ring.append([notice(1, 2)])).not.toThrow();
  });
});
