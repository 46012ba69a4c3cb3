import { describe, expect, it } from "vitest";
import type { StateScope } from "../../../../server/contract/commands.ts";
import { TRADING_STATES } from "../../../../server/contract/tradingStates.ts";
import {
  accountsOf,
  describeScope,
  effectiveState,
  isLatched,
  readState,
  strictest,
  writeState,
} from "../../../../server/core/risk/tradingState.ts";
import { coldDesk } from "../../../support/desk.ts";

const SCOPES: readonly { readonly scope: StateScope; readonly name: string; readonly accounts: number[] }[] =
  [
    { scope: { level: "desk" }, name: "desk", accounts: [0, 1] },
    { scope: { level: "account", account: "v1" }, name: "v1", accounts: [1] },
    { scope: { level: "market", market: "BTC" }, name: "BTC", accounts: [0, 1] },
    {
      scope: { level: "side", account: "v1", symbol: "BTC/USD", side: "sell" },
      name: "v1 BTC/USD sell",
      accounts: [1],
    },
  ];

const NOWHERE: readonly StateScope[] = [
  { level: "account", account: "v9" },
  { level: "market", market: "ETH" },
  { level: "side", account: "v0", symbol: "ETH/USD", side: "buy" },
  { level: "side", account: "v9", symbol: "BTC/USD", side: "buy" },
];

describe("trading states", () => {
  it("are ordered from ACTIVE to KILLED, and the strictest of two wins either way round", () => {
    for (const [i, a] of TRADING_STATES.entries())
      for (const [j, b] of TRADING_STATES.entries())
        expect(strictest(a, b)).toBe(TRADING_STATES[Math.max(i, j)]);
  });

  it("are latched in DISARMED and KILLED alone", () => {
    expect(TRADING_STATES.filter(isLatched)).toEqual(["DISARMED", "KILLED"]);
  });

  it.each(SCOPES)("hold at $name for what lies below it and nothing else", ({ scope, name, accounts }) => {
    const { engine, state } = coldDesk({ venues: 2 });
    expect(writeState(engine, scope, "PAUSED")).toBe(true);
    expect(readState(engine, scope)).toBe("PAUSED");
    expect(describeScope(scope)).toBe(name);
    expect(accountsOf(engine, scope)).toEqual(accounts);
    for (const inst of state.instruments)
      for (const side of ["buy", "sell"] as const) {
        const below = accounts.includes(inst.account) && (scope.level !== "side" || scope.side === side);
        expect(effectiveState(state, inst, side)).toBe(below ? "PAUSED" : "ACTIVE");
      }
  });

  it.each(SCOPES)("give way at $name to a stricter one above or below", ({ scope }) => {
    const { engine, state } = coldDesk({ venues: 2 });
    const inst = state.instruments[1];
    if (inst === undefined) throw new Error("no instrument");
    for (const other of SCOPES) writeState(engine, other.scope, "REDUCE_ONLY");
    writeState(engine, scope, "KILLED");
    expect(effectiveState(state, inst, "sell")).toBe("KILLED");
  });

  it.each(NOWHERE)("cannot be read or set where the desk has nothing: $level", (scope) => {
    const { engine } = coldDesk({ venues: 2 });
    const before = structuredClone(engine.state.trading);
    expect(readState(engine, scope)).toBeUndefined();
    expect(writeState(engine, scope, "KILLED")).toBe(false);
    expect(engine.state.trading).toEqual(before);
  });
});
