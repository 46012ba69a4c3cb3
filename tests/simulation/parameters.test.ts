/** No parameter is a dead knob: each changes orders or refusals under every model that it claims to act in. */
import { describe, expect, it } from "vitest";
import { fixtureConfig } from "../../server/bench/deskFixture.ts";
import {
  INERT_UNLESS,
  PARAM_NAMES,
  PARAMS,
  QUOTING_MODELS,
  type ParameterChange,
  type ParamLevel,
  type ParamName,
  type ParamScope,
  type ParamValue,
} from "../../server/contract/params.ts";
import { deskChanges } from "../../server/core/params/resolve.ts";
import { ParameterDesk, type Settings, type Trace } from "./parameterDesk.ts";
import { SCENARIOS, type Scenario } from "./parameterScenarios.ts";

interface Choice {
  readonly model: (typeof QUOTING_MODELS)[number];
  readonly riskAversionSource: "target-inventory-sd" | "direct";
}

const CHOICES: readonly Choice[] = QUOTING_MODELS.flatMap((model) =>
  (["target-inventory-sd", "direct"] as const).map((riskAversionSource) => ({ model, riskAversionSource })),
);

function acts(name: ParamName, choice: Choice): boolean {
  const rules = INERT_UNLESS[name];
  return rules === undefined || rules.some((rule) => choice[rule.name] === rule.is);
}

function scenarioOf(name: ParamName): Scenario<ParamValue> {
  return SCENARIOS[name];
}

function deskUnder(
  name: ParamName,
  settings: Settings,
  scoped: readonly ParameterChange[] = [],
): ParameterDesk {
  const config = fixtureConfig({ venues: 3, symbols: scenarioOf(name).symbols ?? 1 });
  return new ParameterDesk(settings, { config, scoped });
}

/** What the scenario of a parameter is played with under a choice, before the parameter itself is set. */
function settingsOf(name: ParamName, choice: Choice): Settings {
  const given = Object.entries(scenarioOf(name).given ?? {}) as [ParamName, ParamValue][];
  return { ...Object.fromEntries(given.filter(([other]) => acts(other, choice))), ...choice };
}

function play(name: ParamName, desk: ParameterDesk): Trace {
  scenarioOf(name).play(desk);
  return desk.trace();
}

/** Every choice; a parameter that is itself a part of it is varied by its scenario. */
function choicesFor(name: ParamName): readonly Choice[] {
  if (name !== "model" && name !== "riskAversionSource") return CHOICES;
  return CHOICES.filter((choice) => choice[name] === PARAMS[name].schema.parse(undefined));
}

const CELLS = PARAM_NAMES.flatMap((name) => choicesFor(name).map((choice) => ({ name, choice })));

function actingChoice(name: ParamName): Choice {
  const found = CHOICES.find((choice) => acts(name, choice));
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
  const acting = CELLS.filter(({ name, choice }) => acts(name, choice)).map(
    ({ name, choice }) => [name, scenarioOf(name).effect, choice.model, choice.riskAversionSource] as const,
  );

  it.each(acting)("%s %s under %s with risk aversion from %s", (name, _effect, model, riskAversionSource) => {
    const { values, check } = scenarioOf(name);
    const settings = settingsOf(name, { model, riskAversionSource });
    const [first, second] = values.map((value) =>
      play(name, deskUnder(name, { ...settings, [name]: value })),
    ) as [Trace, Trace];
    expect(second).not.toEqual(first);
    check?.(first, second);
  });

  const narrower = PARAM_NAMES.flatMap((name) =>
    PARAMS[name].meta.levels.filter((level) => level !== "desk").map((level) => [name, level] as const),
  );

  it.each(narrower)("%s changes orders or refusals when it is set for one %s", (name, level) => {
    const settings = settingsOf(name, actingChoice(name));
    const [first, second] = scenarioOf(name).values.map((value) =>
      play(name, deskUnder(name, settings, [{ scope: SCOPES[level], name, value }])),
    );
    expect(second).not.toEqual(first);
  });
});

describe("a parameter that does nothing under a choice", () => {
  const inert = CELLS.filter(({ name, choice }) => !acts(name, choice)).map(
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

  it.each(inert)(
    "%s left over from before changes nothing under %s with risk aversion from %s",
    (name, model, riskAversionSource) => {
      const settings = settingsOf(name, actingChoice(name));
      const [first, second] = scenarioOf(name).values.map((value) => {
        const desk = deskUnder(name, { ...settings, [name]: value });
        expect(setAtDesk(desk, { model, riskAversionSource })).toMatchObject({ accepted: true });
        return play(name, desk);
      });
      expect(first?.requests.length).toBeGreaterThan(0);
      expect(second).toEqual(first);
    },
  );
});
