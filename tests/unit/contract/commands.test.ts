import { expect, it } from "vitest";
import { Command } from "../../../server/contract/commands.ts";

const DESK = { level: "desk" };
const CHANGE = { scope: DESK, name: "capital", value: 1_000 };

it.each([
  { type: "setTradingState", scope: DESK, state: "PAUSED" },
  {
    type: "setTradingState",
    scope: { level: "side", account: "a", symbol: "s", side: "buy" },
    state: "ACTIVE",
  },
  { type: "arm", scope: { level: "account", account: "a" } },
  { type: "setParameters", expectedVersion: 0, changes: [CHANGE] },
  { type: "flatten", market: "BTC", slippageMaxBps: 500 },
  { type: "setBaseline", account: "a", asset: "BTC", baselineAtoms: 0n },
])("accepts $type", (command) => {
  expect(Command.parse(command)).toEqual(command);
});

it.each([
  { why: "no such command", command: { type: "disarm", scope: DESK } },
  { why: "no such state", command: { type: "setTradingState", scope: DESK, state: "STOPPED" } },
  {
    why: "a side without its side",
    command: { type: "arm", scope: { level: "side", account: "a", symbol: "s" } },
  },
  { why: "a change of nothing", command: { type: "setParameters", expectedVersion: 0, changes: [] } },
  { why: "no version to change", command: { type: "setParameters", changes: [CHANGE] } },
  {
    why: "a parameter out of bounds",
    command: { type: "setParameters", expectedVersion: 0, changes: [{ ...CHANGE, value: 0 }] },
  },
  { why: "a flatten at any price", command: { type: "flatten", market: "BTC", slippageMaxBps: 501 } },
  { why: "a flatten at no price", command: { type: "flatten", market: "BTC", slippageMaxBps: 0 } },
  {
    why: "a baseline that passed through a float",
    command: { type: "setBaseline", account: "a", asset: "BTC", baselineAtoms: 1 },
  },
  { why: "a key too many", command: { type: "arm", scope: DESK, force: true } },
])("refuses $why", ({ command }) => {
  expect(Command.safeParse(command).error?.issues).toHaveLength(1);
});
