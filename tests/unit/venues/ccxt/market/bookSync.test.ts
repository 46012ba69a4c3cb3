import { describe, expect, it } from "vitest";
import { BookSync } from "../../../../../server/venues/ccxt/market/bookSync.ts";
import type { BookLink } from "../../../../../server/venues/ccxt/market/messages.ts";
import { UNCOUNTED, after, range } from "./samples.ts";

function follow(start: BookLink, links: readonly BookLink[]): string[] {
  const sync = new BookSync();
  sync.restart(start);
  return links.map((link) => sync.follow(link));
}

describe("by ranges of update ids", () => {
  it.each([
    ["the one right behind", range(11, 15), "next"],
    ["one that reaches over the snapshot's end", range(5, 12), "next"],
    ["one that the snapshot holds", range(8, 10), "old"],
    ["one that leaves an update out", range(12, 13), "hole"],
  ])("behind a snapshot at 10 comes %s", (_, link, fit) => {
    expect(follow(range(10, 10), [link])).toEqual([fit]);
  });

  it("sees a repeated message, and the hole behind it", () => {
    const links = [range(11, 12), range(11, 12), range(13, 13), range(15, 16)];
    expect(follow(range(10, 10), links)).toEqual(["next", "old", "next", "hole"]);
  });
});

describe("by the name of the message before", () => {
  it("follows the chain through heartbeats and numbers that begin again", () => {
    const links = [after(10, 15), after(15, 15), after(15, 3), after(3, 5)];
    expect(follow(after(-1, 10), links)).toEqual(["next", "next", "next", "next"]);
  });

  it("drops what came twice and stops at a hole", () => {
    expect(follow(after(-1, 10), [after(10, 12), after(10, 12), after(13, 14)])).toEqual([
      "next",
      "old",
      "hole",
    ]);
  });
});

it("leaves it to the checksum where nothing is counted", () => {
  expect(follow(UNCOUNTED, [UNCOUNTED, UNCOUNTED])).toEqual(["next", "next"]);
});

it("knows nothing before a snapshot", () => {
  expect(new BookSync().follow(range(1, 2))).toBe("hole");
});
