/** What a form is told of parameters, against the engine that decides on them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkChanges, reverting, statesAt, type ParamState } from "../../../server/api/parameters.ts";
import { Command } from "../../../server/contract/commands.ts";
import type { CommandOutcome } from "../../../server/contract/link.ts";
import type { ParametersLine } from "../../../server/contract/lines.ts";
import {
  PARAM_NAMES,
  PARAMS,
  type ParameterChange,
  type ParamName,
  type ParamScope,
} from "../../../server/contract/params.ts";
import type { Engine } from "../../../server/core/state.ts";
import { viewParameters, viewShape } from "../../../server/engine/service/views.ts";
import { Projection } from "../../../server/projection/projection.ts";
import { coldDesk, type Desk } from "../../support/desk.ts";

const DESK = { level: "desk" } as const;
const MARKET = { level: "market", market: "BTC" } as const;

let commands = 0;

function set(desk: Desk, changes: readonly ParameterChange[]): CommandOutcome {
  const expectedVersion = desk.state.layers.version;
  const command = Command.parse({ type: "setParameters", expectedVersion, changes });
  const effects = desk.send({
    type: "command",
    commandId: `command-${++commands}`,
    actor: "ann",
    reason: "a test",
    command,
  });
  const outcome = effects.find((effect) => effect.type === "acknowledge")?.outcome;
  if (outcome === undefined) throw new Error("the engine did not acknowledge");
  return outcome;
}

function check(engine: Engine, changes: readonly unknown[]) {
  return checkChanges(viewShape(engine, "demo"), viewParameters(engine), changes);
}

function stateOf(engine: Engine, name: ParamName, scope: ParamScope): ParamState {
  const found = statesAt(viewShape(engine, "demo"), viewParameters(engine), scope);
  const state = found.find((one) => one.name === name);
  if (state === undefined) throw new Error(`no state of ${name}`);
  return state;
}

const Scope = fc.constantFrom<ParamScope>(
  DESK,
  MARKET,
  { level: "market", market: "XRP" },
  { level: "account", account: "v0" },
  { level: "account", account: "v9" },
  { level: "instrument", account: "v1", symbol: "BTC/USD" },
  { level: "instrument", account: "v1", symbol: "XRP/USD" },
);
const Change = fc.record(
  {
    scope: Scope,
    name: fc.constantFrom(...PARAM_NAMES),
    value: fc.oneof(
      fc.constantFrom(0, 0.5, 1, 5, 20, 100, 250, 1_000),
      fc.constantFrom("glft", "direct", "avellaneda-stoikov", "target-inventory-sd"),
      fc.boolean(),
    ),
  },
  { requiredKeys: ["scope", "name"] },
);

describe("checked changes", () => {
  it("are refused exactly as the engine refuses them, and accepted when it accepts", () => {
    let [accepted, refused] = [0, 0];
    fc.assert(
      fc.property(fc.array(fc.array(Change, { minLength: 1, maxLength: 3 }), { maxLength: 6 }), (sets) => {
        const desk = coldDesk({ venues: 2 });
        for (const changes of sets) {
          const { problems, diff } = check(desk.engine, changes);
          // What is no value at all does not reach the engine.
          if (!Command.safeParse({ type: "setParameters", expectedVersion: 0, changes }).success) {
            expect(problems.length).toBeGreaterThan(0);
            expect(problems.every(({ code }) => code === "BOUNDS")).toBe(true);
            continue;
          }
          const outcome = set(desk, changes as readonly ParameterChange[]);
          if (outcome.accepted) {
            accepted += 1;
            expect(problems).toEqual([]);
            expect(diff).toHaveLength(changes.length);
            for (const [at, { scope, name }] of changes.entries())
              expect(diff[at]?.after).toBe(stateOf(desk.engine, name, scope).value);
          } else {
            refused += 1;
            expect(problems.map(({ code, text }) => ({ accepted: false, code, text }))).toEqual([outcome]);
          }
        }
      }),
    );
    expect(Math.min(accepted, refused)).toBeGreaterThan(0);
  });

  it("name the change that is refused, also where another one sets the same parameter", () => {
    const { engine } = coldDesk();
    const changes = [
      { scope: DESK, name: "spreadMultiplier", value: 2 },
      { scope: { level: "market", market: "XRP" }, name: "spreadMultiplier", value: 2 },
    ];
    expect(check(engine, changes).problems).toMatchObject([{ index: 1, code: "UNKNOWN_SCOPE" }]);
  });
});

describe("a version taken back", () => {
  it("leaves what was set before it, values that were set nowhere included", () => {
    const desk = coldDesk();
    set(desk, [{ scope: DESK, name: "spreadMultiplier", value: 2 }]);
    const before = viewParameters(desk.engine).settings;
    const projection = new Projection(desk.engine, 1);
    const changes: ParameterChange[] = [
      { scope: DESK, name: "spreadMultiplier" },
      { scope: MARKET, name: "spreadMultiplier", value: 3 },
      { scope: { level: "instrument", account: "v0", symbol: "BTC/USD" }, name: "collarBps", value: 90 },
    ];
    const command = { type: "setParameters", expectedVersion: 2, changes } as const;
    const event = { type: "command", commandId: "set-it", actor: "ann", reason: "a test", command } as const;
    const effects = desk.send(event);
    const lines = projection.after(1, { ...event, atUs: desk.nowUs }, effects);
    const line = lines.find((one): one is ParametersLine => one.type === "parameters" && one.version === 3);
    expect(line?.settings).toHaveLength(3);
    expect(set(desk, reverting(line?.settings ?? [])).accepted).toBe(true);
    expect(viewParameters(desk.engine).settings).toEqual(before);
  });
});

describe("a parameter at a scope", () => {
  it("says its value, where it comes from, and what would hold without it", () => {
    const desk = coldDesk();
    set(desk, [
      { scope: DESK, name: "spreadMultiplier", value: 2 },
      { scope: MARKET, name: "spreadMultiplier", value: 3 },
    ]);
    expect(stateOf(desk.engine, "spreadMultiplier", MARKET)).toMatchObject({
      value: 3,
      from: "market",
      own: 3,
      inherited: 2,
      inheritedFrom: "desk",
      settableHere: true,
    });
    const at = { level: "instrument", account: "v0", symbol: "BTC/USD" } as const;
    expect(stateOf(desk.engine, "spreadMultiplier", at)).toMatchObject({
      value: 3,
      from: "market",
      own: undefined,
    });
    expect(stateOf(desk.engine, "capital", at)).toMatchObject({ from: "desk", settableHere: false });
  });

  it("says why it would do nothing, exactly when the engine would refuse it", () => {
    const desk = coldDesk();
    for (const [name, value] of [
      ["sessionSeconds", 3_600],
      ["targetInventorySdPct", 10],
      ["riskAversionPerQuote", 0.001],
    ] as const) {
      const { inert } = stateOf(desk.engine, name, DESK);
      const { problems } = check(desk.engine, [{ scope: DESK, name, value }]);
      const isRefused = problems.some(({ code }) => code === "INERT");
      expect({ name, isRefused }).toEqual({ name, isRefused: inert !== undefined });
      if (inert !== undefined) expect(inert).toContain(" is ");
      expect(PARAMS[name].meta.levels).toContain("desk");
    }
  });
});
