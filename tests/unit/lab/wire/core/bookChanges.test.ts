import { expect, test } from "vitest";
import { changesOf } from "../../../../../server/lab/wire/core/bookChanges.ts";

const cases: {
  name: string;
  before: number[];
  after: number[];
  direction: 1 | -1;
  depth?: number;
  changes: number[];
}[] = [
  { name: "nothing", before: [9, 1, 8, 2], after: [9, 1, 8, 2], direction: 1, changes: [] },
  { name: "a new best bid", before: [9, 1], after: [10, 5, 9, 1], direction: 1, changes: [10, 5] },
  {
    name: "a best ask that is gone",
    before: [10, 5, 11, 1],
    after: [11, 1],
    direction: -1,
    changes: [10, 0],
  },
  { name: "a size", before: [9, 1, 8, 2], after: [9, 1, 8, 3], direction: 1, changes: [8, 3] },
  {
    name: "all of a side",
    before: [9, 1, 8, 2],
    after: [7, 4],
    direction: 1,
    changes: [9, 0, 8, 0, 7, 4],
  },
  { name: "the last level", before: [9, 1, 8, 2], after: [9, 1], direction: 1, changes: [8, 0] },
  {
    name: "not what fell out behind a full depth",
    before: [9, 1, 8, 2],
    after: [10, 5, 9, 1],
    direction: 1,
    depth: 2,
    changes: [10, 5],
  },
];

test.each(cases)("tells $name", ({ before, after, direction, depth, changes }) => {
  expect(changesOf(before, after, direction, depth)).toEqual(changes);
});
