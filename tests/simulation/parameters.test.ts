/** No parameter is a dead knob: each changes orders or refusals under every model that it claims to act in. */
import { describe, expect, it } from "vitest";
import { fixtureConfig } from "../../server/bench/deskFixture.ts";
import {
  PARAM_NAMES,
  PARAMS,
  type ParameterChange,
  type ParamName,
  type ParamScope,
  type ParamValue,
} from "../../server/contract/params.ts";
import { QUOTING_MODELS } from "../../server/contract/params/model.ts";
import type { ParamLevel } from "../../server/contract/params/param.ts";
import { deskChanges } from "../../server/core/params/resolve.ts";
import { acts, ParameterDesk, settable, type Settings, type Trace } from "./parameterDesk.ts";
import { SCENARIOS } from "./parameterScenarios.ts";
import type { Choice, Scenario } from "./scenarios/scenario.ts";

const CHOICES: readonly Choice[] = QUOTING_MODELS.flatMap((model) =>
  (["target-inventory-sd", "direct"] as const).map((riskAversionSource) => ({ model, riskAversionSource })),
);

/** What holds where a scenario says nothing else. */
const UNLESS_GIVEN: Settings = {
  adverseSelectionSource: "set",
  inventoryTarget: "zero",
  hedgedQuoting: false,
  hedging: "none",
};

/** Whether a parameter claims to act in its own scenario under a choice. */
function claims(name: ParamName, choice: Choice): boolean {
  return acts(name, { ...UNLESS_GIVEN, ...scenarioOf(name).given, ...choice });
}

function scenarioOf(name: ParamName): Scenario<ParamValue> {
  return SCENARIOS[name];
}

function deskUnder(
  name: ParamName,
  settings: Settings,
  scoped: readonly ParameterChange[] = [],
): ParameterDesk {
  const { symbols = 1, scoped: own = [] } = scenarioOf(name);
  const config = fixtureConfig({ venues: 3, symbols });
  return new ParameterDesk(settings, {
    config: { ...config, hedging: "simulated" },
    scoped: [...own.filter((change) => acts(change.name, settings)), ...scoped],
  });
}

/** What the scenario of a parameter is played with under a choice, without what would be refused as inert. */
function settingsOf(name: ParamName, choice: Choice, value?: ParamValue): Settings {
  const own: Settings = value === undefined ? {} : { [name]: value };
  return settable({ ...scenarioOf(name).given, ...choice, ...own });
}

function play(name: ParamName, desk: ParameterDesk): Trace {
  scenarioOf(name).play(desk);
  return desk.trace();
}

/** The scenario with its one value, and with its other. */
function playBoth(name: ParamName, choice: Choice): [Trace, Trace] {
  const [one, other] = scenarioOf(name).values;
  const of = (value: ParamValue): Trace =>
    play(name, deskUnder(name, { ...settingsOf(name, choice, value), [name]: value }));
  return [of(one), of(other)];
}

/** Every choice; a parameter that is itself a part of it is varied by its scenario. */
function choicesFor(name: ParamName): readonly Choice[] {
  if (name !== "model" && name !== "riskAversionSource") return CHOICES;
  return CHOICES.filter((choice) => choice[name] === PARAMS[name].schema.parse(undefined));
}

const CELLS = PARAM_NAMES.flatMap((name) => choicesFor(name).map((choice) => ({ name, choice })));

const rowsOf = (cells: typeof CELLS) =>
  cells.map(
    ({ name, choice }) => [name, scenarioOf(name).effect, choice.model, choice.riskAversionSource] as const,
  );

function actingChoice(name: ParamName): Choice {
  const found = CHOICES.find((choice) => claims(name, choice));
  if (found === undefined) throw new Error(`${name} acts under no choice`);
  return found;
}

const SCOPES: Readonly<Record<ParamLevel, ParamScope>> = {
  desk: { level: "desk" },
  account: { level: "account", account: "venue0" },
  market: { level: "market", market: "C00" },
  instrument: { level: "instrument", account: "venue0", symbol: "C00/USDT" },
};

/** Sets values by command and returns what the engine made of it. */
function setAtDesk(desk: ParameterDesk, values: Settings): unknown {
  const { version } = desk.engine.state.layers;
  const effects = desk.command({
    type: "setParameters",
    expectedVersion: version,
    changes: deskChanges(values),
  });
  return effects.find((effect) => effect.type === "acknowledge")?.outcome;
}

describe("a parameter that matters", () => {
  const acting = CELLS.filter(({ name, choice }) => claims(name, choice));

  it.each(rowsOf(acting))(
    "%s %s under %s with risk aversion from %s",
    (name, _effect, model, riskAversionSource) => {
      const choice = { model, riskAversionSource };
      const [first, second] = playBoth(name, choice);
      expect(second).not.toEqual(first);
      scenarioOf(name).check?.(first, second, choice);
    },
  );

  const narrower = PARAM_NAMES.flatMap((name) =>
    PARAMS[name].meta.levels.filter((level) => level !== "desk").map((level) => [name, level] as const),
  );

  it.each(narrower)("%s changes orders or refusals when it is set for one %s", (name, level) => {
    const choice = actingChoice(name);
    const [first, second] = scenarioOf(name).values.map((value) => {
      const settings = { ...settingsOf(name, choice, value) };
      delete settings[name];
      return play(name, deskUnder(name, settings, [{ scope: SCOPES[level], name, value }]));
    });
    expect(second).not.toEqual(first);
  });
});

describe("a parameter that does nothing under a choice", () => {
  const inert = CELLS.filter(({ name, choice }) => !claims(name, choice)).map(
    ({ name, choice }) => [name, choice.model, choice.riskAversionSource] as const,
  );

  it.each(inert)(
    "%s is refused as INERT under %s with risk aversion from %s",
    (name, model, riskAversionSource) => {
      const desk = deskUnder(name, settingsOf(name, { model, riskAversionSource }));
      const [, value] = scenarioOf(name).values;
      expect(setAtDesk(desk, { [name]: value })).toMatchObject({ accepted: false, code: "INERT" });
    },
  );

  const dependent = PARAM_NAMES.filter((name) => !acts(name, { ...UNLESS_GIVEN, ...actingChoice(name) }));

  it.each(dependent)("%s is refused as INERT while nobody has chosen what it belongs to", (name) => {
    const [, value] = scenarioOf(name).values;
    const desk = deskUnder(name, settable({ ...UNLESS_GIVEN, ...actingChoice(name) }));
    expect(setAtDesk(desk, { [name]: value })).toMatchObject({ accepted: false, code: "INERT" });
  });

  it.each(inert)(
    "%s left over from before changes nothing under %s with risk aversion from %s",
    (name, model, riskAversionSource) => {
      const settings = settingsOf(name, actingChoice(name));
      const [first, second] = scenarioOf(name).values.map((value) => {
        const desk = deskUnder(name, { ...settings, [name]: value });
        expect(setAtDesk(desk, settable({ model, riskAversionSource }))).toMatchObject({ accepted: true });
        return play(name, desk);
      });
      expect(first?.requests.length).toBeGreaterThan(0);
      expect(second).toEqual(first);
    },
  );
});
