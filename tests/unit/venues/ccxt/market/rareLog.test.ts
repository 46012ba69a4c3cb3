import { expect, it } from "vitest";
import { createRareLog } from "../../../../../server/venues/ccxt/market/rareLog.ts";

it("says the first at once, and with the next after a while how many were not said", () => {
  let nowUs = 0;
  const said: [string, number][] = [];
  const log = createRareLog({ nowUs: () => nowUs, log: ({ text, unsaid }) => said.push([text, unsaid]) });
  log("a");
  log("b");
  log("c");
  nowUs = 9_999_999;
  log("d");
  nowUs = 10_000_000;
  log("e");
  nowUs = 20_000_000;
  log("f");
  expect(said).toEqual([
    ["a", 0],
    ["e", 3],
    ["f", 0],
  ]);
});
