/** Mids of a market's venues on a grid of one second, for the slow loop: the latest ten minutes. */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";

/** Ten minutes by the second: the window of the slow loop. */
const ROWS = 600;

/** A missed second is a break; the timer that samples may be late by less. */
const STEP_MAX_US = 1.5 * MICROS_PER_SECOND;

export interface MidGrid {
  readonly members: number;
  /** ROWS × members, a ring of rows. */
  readonly mids: Float64Array;
  /** 1 where the venue was usable. */
  readonly usable: Uint8Array;
  next: number;
  count: number;
  sampledAtUs: number | undefined;
}

export function createMidGrid(members: number): MidGrid {
  return {
    members,
    mids: new Float64Array(ROWS * members),
    usable: new Uint8Array(ROWS * members),
    next: 0,
    count: 0,
    sampledAtUs: undefined,
  };
}

/** The mids as they stand at an instant of the grid, in one currency. A break starts the grid over. */
export function sampleMids(grid: MidGrid, atUs: number, mids: Float64Array, usable: Uint8Array): void {
  const { members, sampledAtUs } = grid;
  const stepUs = atUs - (sampledAtUs ?? atUs);
  if (stepUs < 0 || stepUs > STEP_MAX_US) grid.count = 0;
  grid.sampledAtUs = atUs;
  for (let member = 0; member < members; member++) {
    grid.mids[grid.next * members + member] = usable[member] === 1 ? (mids[member] ?? 0) : 0;
    grid.usable[grid.next * members + member] = usable[member] === 1 ? 1 : 0;
  }
  grid.next = (grid.next + 1) % ROWS;
  grid.count = Math.min(grid.count + 1, ROWS);
}

/** A copy, oldest row first, of the venues that were there in all but a few rows. */
export interface MidWindow {
  /** The venues that take part, by their position in the market. */
  readonly venues: readonly number[];
  readonly rows: number;
  /** In bps of the first price, from it: rows × venues. */
  readonly bps: Float64Array;
  /** 1 where every venue that takes part was there. */
  readonly whole: Uint8Array;
}

/** A venue that is there less often is left out, so that it does not void the rows of the others. */
const PRESENT_MIN_FRAC = 0.9;

export function windowOf(grid: MidGrid): MidWindow {
  const { members, mids, usable, count, next } = grid;
  const rowAt = (row: number): number => ((next - count + row + ROWS) % ROWS) * members;
  const venues: number[] = [];
  for (let member = 0; member < members; member++) {
    let present = 0;
    for (let row = 0; row < count; row++) present += usable[rowAt(row) + member] ?? 0;
    if (present > 0 && present >= PRESENT_MIN_FRAC * count) venues.push(member);
  }
  const bps = new Float64Array(count * venues.length);
  const whole = new Uint8Array(count);
  let origin: number | undefined;
  for (let row = 0; row < count; row++) {
    if (!venues.every((member) => usable[rowAt(row) + member] === 1)) continue;
    whole[row] = 1;
    for (const [at, member] of venues.entries()) {
      const mid = mids[rowAt(row) + member] ?? 0;
      origin ??= mid;
      bps[row * venues.length + at] = (mid / origin - 1) * 1e4;
    }
  }
  return { venues, rows: count, bps, whole };
}
