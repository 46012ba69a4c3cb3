import { describe, expect, it } from "vitest";
import { joinLines } from "../../../../components/desk/recent.ts";
import { line, seqs } from "../stream/fixtures.ts";

describe("stored and live lines", () => {
  it("are one list, oldest first, each line once", () => {
    expect(seqs(joinLines([5, 4, 3, 2].map(line), [4, 5, 6].map(line)))).toEqual([2, 3, 4, 5, 6]);
  });

  it("are what there is of them", () => {
    expect(joinLines(undefined, undefined)).toEqual([]);
    expect(seqs(joinLines([2, 1].map(line), undefined))).toEqual([1, 2]);
    expect(seqs(joinLines(undefined, [1, 2].map(line)))).toEqual([1, 2]);
  });

  it("are the newest sixty", () => {
    const many = Array.from({ length: 70 }, (_, at) => line(at));
    expect(seqs(joinLines(undefined, many))[0]).toBe(10);
  });
});
