import { describe, expect, it } from "vitest";
import type { TradingState } from "../../../../server/contract/tradingStates.ts";
import type { ParamValue } from "../../../../server/contract/params.ts";
import type { DeskView } from "../../../../server/contract/views.ts";
import { Promises, type Contact } from "../../../../server/bench/soak/promises.ts";

interface Said {
  readonly epoch: number;
  readonly desk?: TradingState;
  readonly account?: TradingState;
  readonly version?: number;
  readonly value?: ParamValue;
  readonly latched?: TradingState;
}

function contact({
  epoch,
  desk = "DISARMED",
  account = "ACTIVE",
  version = 1,
  value = 1,
  latched,
}: Said): Contact {
  const view: Pick<DeskView, "state"> & { accounts: unknown[]; markets: unknown[] } = {
    state: desk,
    accounts: [{ account: "binance", state: account }],
    markets: [{ market: "BTC", state: "ACTIVE" }],
  };
  return {
    epoch,
    desk: view as unknown as DeskView,
    parameters: {
      version,
      settings: [{ level: "market", scope: "BTC", name: "spreadMultiplier", value }],
    },
    latched: new Map(latched === undefined ? [] : [["desk", latched]]),
  };
}

const CHANGE = {
  scope: { level: "market", market: "BTC" },
  name: "spreadMultiplier",
  value: 2,
} as const;

/** What an engine says after one that had said `contact({ epoch: 1 })`, and an act in between. */
const CASES: readonly {
  readonly name: string;
  readonly act?: (promises: Promises) => void;
  readonly said: Said;
  readonly found: readonly string[];
}[] = [
  { name: "the same again", said: { epoch: 2 }, found: [] },
  { name: "an older epoch", said: { epoch: 0 }, found: ["epoch 0 came after epoch 1"] },
  {
    name: "an acknowledged change",
    act: (promises) => {
      promises.sendParameters([CHANGE]);
      promises.acknowledge();
    },
    said: { epoch: 2, version: 2, value: 2 },
    found: [],
  },
  {
    name: "an acknowledged change that is gone",
    act: (promises) => {
      promises.sendParameters([CHANGE]);
      promises.acknowledge();
    },
    said: { epoch: 2 },
    found: [expect.stringContaining("promised at version 2 (market BTC spreadMultiplier: 2 → 1)")],
  },
  {
    name: "a change without an answer that happened",
    act: (promises) => promises.sendParameters([CHANGE]),
    said: { epoch: 2, version: 2, value: 2 },
    found: [],
  },
  {
    name: "a change without an answer that did not",
    act: (promises) => promises.sendParameters([CHANGE]),
    said: { epoch: 2 },
    found: [],
  },
  {
    name: "a change that was refused and happened",
    act: (promises) => {
      promises.sendParameters([CHANGE]);
      promises.refuse();
    },
    said: { epoch: 2, version: 2, value: 2 },
    found: [expect.stringContaining("promised at version 1")],
  },
  {
    name: "an armed desk after a crash",
    act: (promises) => {
      promises.sendState({ level: "desk" }, "ACTIVE");
      promises.acknowledge();
    },
    said: { epoch: 2, desk: "ACTIVE" },
    found: ["desk was promised DISARMED, run 2 has it ACTIVE"],
  },
  {
    name: "a stop that is gone",
    act: (promises) => {
      promises.sendState({ level: "desk" }, "KILLED");
      promises.acknowledge();
    },
    said: { epoch: 2 },
    found: ["desk was promised KILLED, run 2 has it DISARMED"],
  },
  {
    name: "a latch that the engine has passed over",
    act: (promises) => promises.sendState({ level: "desk" }, "KILLED"),
    said: { epoch: 2, latched: "KILLED" },
    found: ["desk is latched as KILLED, run 2 has it DISARMED"],
  },
  {
    name: "an account's pause that is gone",
    act: (promises) => {
      promises.sendState({ level: "account", account: "binance" }, "PAUSED");
      promises.acknowledge();
    },
    said: { epoch: 2 },
    found: ["account binance was promised PAUSED, run 2 has it ACTIVE"],
  },
];

describe("what a soak holds an engine to", () => {
  it.each(CASES)("$name", ({ act, said, found }) => {
    const findings: string[] = [];
    const promises = new Promises((text) => findings.push(text));
    promises.meet(contact({ epoch: 1 }));
    act?.(promises);
    promises.meet(contact(said));
    expect(findings).toEqual(found);
  });
});
