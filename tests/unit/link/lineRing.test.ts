import { describe, expect, it } from "vitest";
import type { Line } from "../../../server/contract/lines.ts";
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

  it("gives every line back as it was told", () => {
    const ring = new LineRing();
    const line = { ...notice(1), text: "ä €" };
    const fill = { ...notice(2), notionalAtoms: 2n ** 80n, edgeBps: undefined, price: 0.1 } as Line;
    ring.append([line, fill]);
    expect(ring.slice(0, 2)).toStrictEqual([line, fill]);
  });

  it("keeps fewer lines of long texts, round after round, and knows which", () => {
    const ring = new LineRing();
    const text = (seq: number): string => "x".repeat((seq * 7_919) % 30_011);
    for (let round = 0; round < 20; round++) {
      const told = sequence(200 * round + 1, 200 * (round + 1)).map((seq) => ({
        ...notice(seq),
        text: text(seq),
      }));
      for (const line of told) ring.append([line]);
      const kept = ring.slice(ring.start, Infinity) ?? [];
      const first = ring.start + 1;
      expect(kept.map(({ cursor }) => cursor.seq)).toEqual(sequence(first, ring.end));
      expect(kept.every((line) => line.type === "notice" && line.text === text(line.cursor.seq))).toBe(true);
      if (round === 0) continue;
      expect(kept.length).toBeGreaterThan(100);
      expect(ring.floor).toEqual({ epoch: 1, seq: ring.start, at: 1 });
    }
  });

  it("does not keep a line that is larger than itself, and says from where on it is complete", () => {
    const ring = new LineRing();
    ring.append([notice(1), { ...notice(2), text: "x".repeat(192 * LOG_RING_MAX) }, notice(3)]);
    expect([ring.floor, ring.end, after(ring, at(2))]).toEqual([{ epoch: 1, seq: 2, at: 1 }, 3, [3]]);
  });

  it("refuses lines out of their order", () => {
    const ring = new LineRing();
    ring.append([notice(5)]);
    expect(() => ring.append([notice(5)])).toThrow(/does not come after/);
    expect(() => ring.append([notice(4)])).toThrow(/does not come after/);
    expect(() => ring.append([notice(1, 2)])).not.toThrow();
  });
});
