import { describe, expect, it } from "vitest";
import { periodOf, type PeriodFlags } from "../../../server/cli/backtestPeriod.ts";

const us = (iso: string): number => Date.parse(iso) * 1e3;

/** From an evening into the next afternoon, with a pause in between. */
const SPAN = {
  fromUs: us("2025-09-26T19:57:00Z"),
  toUs: us("2025-09-27T15:00:00Z"),
  stretches: [
    { fromUs: us("2025-09-26T19:57:00Z"), toUs: us("2025-09-26T22:00:00Z"), records: 9, instruments: 1 },
    { fromUs: us("2025-09-27T06:00:00Z"), toUs: us("2025-09-27T15:00:00Z"), records: 5, instruments: 1 },
  ],
};

function period(flags: PeriodFlags): string {
  const { fromUs, toUs } = periodOf(flags, SPAN);
  return [fromUs, toUs].map((atUs) => new Date(atUs / 1e3).toISOString().slice(0, 19)).join(" ");
}

describe("the period of a backtest", () => {
  it.each<{ name: string; flags: PeriodFlags; expected: string }>([
    { name: "the whole recording", flags: {}, expected: "2025-09-26T19:57:00 2025-09-27T15:00:00" },
    {
      name: "a time of the first day",
      flags: { from: "20:30", to: "21:00:30" },
      expected: "2025-09-26T20:30:00 2025-09-26T21:00:30",
    },
    {
      name: "a time before the start, which means the next day",
      flags: { from: "07:00" },
      expected: "2025-09-27T07:00:00 2025-09-27T15:00:00",
    },
    {
      name: "an end before the start of the period, which means the next day",
      flags: { from: "23:00", to: "01:00" },
      expected: "2025-09-26T23:00:00 2025-09-27T01:00:00",
    },
    {
      name: "a time before the start that the next day does not have either",
      flags: { from: "19:00" },
      expected: "2025-09-26T19:00:00 2025-09-27T15:00:00",
    },
    {
      name: "instants with a zone, without one, and as the summary writes them",
      flags: { from: "2025-09-26T22:00:00+02:00", to: "2025-09-26 21:00:00" },
      expected: "2025-09-26T20:00:00 2025-09-26T21:00:00",
    },
    { name: "a date", flags: { from: "2025-09-27" }, expected: "2025-09-27T00:00:00 2025-09-27T15:00:00" },
    { name: "a stretch", flags: { stretch: 1 }, expected: "2025-09-26T19:57:00 2025-09-26T22:00:00" },
    {
      name: "the longest stretch",
      flags: { stretch: "longest" },
      expected: "2025-09-27T06:00:00 2025-09-27T15:00:00",
    },
  ])("is $name", ({ flags, expected }) => {
    expect(period(flags)).toBe(expected);
  });

  it.each<{ flags: PeriodFlags; message: string }>([
    { flags: { from: "soon" }, message: "--from soon is no instant" },
    { flags: { to: "24:00" }, message: "--to 24:00 is no instant" },
    { flags: { from: "2025-02-30" }, message: "--from 2025-02-30 is no instant" },
    { flags: { from: "2025-09-26T25:00Z" }, message: "is no instant" },
    { flags: { from: "21:00", to: "2025-09-26T20:30:00Z" }, message: "does not lie before --to" },
    { flags: { from: "2025-09-28" }, message: "the recording runs from 2025-09-26T19:57:00.000Z to" },
    { flags: { to: "2025-09-26" }, message: "nothing was recorded then" },
    { flags: { stretch: 3 }, message: "there is no stretch 3: the recording has 2 of them without a pause" },
  ])("is refused for $flags", ({ flags, message }) => {
    expect(() => periodOf(flags, SPAN)).toThrow(message);
  });
});
