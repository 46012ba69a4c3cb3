/** How two traces of one scenario differ, in words that a row of the table can use. */
import { expect } from "vitest";
import type { OffReason } from "../../server/contract/reasons.ts";
import type { Side } from "../../server/contract/units.ts";
import type { Resting, Trace } from "./parameterDesk.ts";

/** The quotes of a side at the first venue, to which every scope of a test applies, the nearest first. */
export function levelsOf(trace: Trace, side: Side): Resting[] {
  return trace.resting
    .filter((quote) => quote.instrument === 0 && quote.side === side)
    .toSorted((a, b) => (side === "buy" ? b.priceTicks - a.priceTicks : a.priceTicks - b.priceTicks));
}

function quoteOf(trace: Trace, side: Side): Resting {
  const [nearest] = levelsOf(trace, side);
  expect(nearest, `${side} quotes that rest at the first venue`).toBeDefined();
  return nearest as Resting;
}

export const ticksOf = (trace: Trace, side: Side): number => quoteOf(trace, side).priceTicks;
export const lotsOf = (trace: Trace, side: Side): number => quoteOf(trace, side).sizeLots;

export function wider(first: Trace, second: Trace): void {
  expect(ticksOf(second, "buy")).toBeLessThan(ticksOf(first, "buy"));
  expect(ticksOf(second, "sell")).toBeGreaterThan(ticksOf(first, "sell"));
}

export const narrower = (first: Trace, second: Trace): void => wider(second, first);

export function lower(first: Trace, second: Trace): void {
  expect(ticksOf(second, "buy")).toBeLessThan(ticksOf(first, "buy"));
  expect(ticksOf(second, "sell")).toBeLessThan(ticksOf(first, "sell"));
}

export const higher = (first: Trace, second: Trace): void => lower(second, first);

export function larger(first: Trace, second: Trace): void {
  expect(lotsOf(second, "buy")).toBeGreaterThan(lotsOf(first, "buy"));
  expect(lotsOf(second, "sell")).toBeGreaterThan(lotsOf(first, "sell"));
}

export function refuses(code: OffReason): (first: Trace, second: Trace) => void {
  return (first, second) => {
    expect(first.refusals[code] ?? 0).toBe(0);
    expect(second.refusals[code]).toBeGreaterThan(0);
  };
}

export const countOf = (trace: Trace, type: "amend" | "place"): number =>
  trace.requests.filter(({ request }) => request.type === type).length;

export function amendsLess(first: Trace, second: Trace): void {
  expect(countOf(first, "amend")).toBeGreaterThan(2 * countOf(second, "amend"));
}

const takesOf = (trace: Trace): number =>
  trace.requests.filter(({ request }) => request.type === "place" && request.timeInForce === "IOC").length;

export function takes(first: Trace, second: Trace): void {
  expect(takesOf(first)).toBe(0);
  expect(takesOf(second)).toBeGreaterThan(0);
}

export const lastPlaceAtMs = (trace: Trace): number =>
  trace.requests.findLast(({ request }) => request.type === "place")?.atMs ?? NaN;

export const firstQueryAtMs = (trace: Trace): number =>
  trace.requests.find(({ request }) => request.type === "query" && request.what === "order")?.atMs ?? NaN;
