import { describe, expect, it } from "vitest";
import {
  changedBy,
  editPath,
  EditSchema,
  inertWhy,
  isNoChange,
  theirsFor,
  valueAfter,
  versionsBetween,
  type Edits,
} from "../../../../components/parameters/edits.ts";
import { mergePast } from "../../../../components/parameters/past.ts";
import { revertOf } from "../../../../components/parameters/revert.ts";
import { scopeId, scopeOfId, scopeOfSetting, scopesOf } from "../../../../components/parameters/scopes.ts";
import type { ParamState } from "../../../../server/api/parameters.ts";
import type { ParametersLine } from "../../../../server/contract/lines.ts";
import { ParameterChange, type ParamScope } from "../../../../server/contract/params.ts";

const DESK: ParamScope = { level: "desk" };
const ODD: ParamScope = { level: "instrument", account: "o'kx.main", symbol: "1INCH.S/USD[T]" };

function state(part: Partial<ParamState> & Pick<ParamState, "name">): ParamState {
  return {
    value: 1,
    from: "default",
    own: undefined,
    inherited: 1,
    inheritedFrom: "default",
    settableHere: true,
    inert: undefined,
    ...part,
  };
}

function version(number: number, part: Partial<ParametersLine> = {}): ParametersLine {
  return {
    type: "parameters",
    cursor: { epoch: 1, seq: number * 10, at: 0 },
    atUs: number * 1e6,
    version: number,
    commandId: `command-${number}`,
    actor: "anna",
    reason: "because",
    settings: [{ level: "desk", scope: "desk", name: "spreadMultiplier", before: 1, after: 1.5 }],
    ...part,
  };
}

const MULTIPLIER = state({ name: "spreadMultiplier" });
const statesOf = (): readonly ParamState[] => [
  MULTIPLIER,
  state({ name: "skewMaxBps", value: 15, own: 15, inherited: 20 }),
];

describe("addresses of scopes", () => {
  it("survive the way into a form's field name and back, whatever a venue calls things", () => {
    for (const scope of [DESK, { level: "account", account: "a b|c" } as const, ODD])
      expect(scopeOfId(scopeId(scope))).toEqual(scope);
    // A field's path has exactly three parts.
    expect(editPath(ODD, "capital").split(/[.[\]'"]/)).toHaveLength(3);
  });

  it("are read from recorded settings", () => {
    expect(scopeOfSetting("instrument", "okx BTC/USDT")).toEqual({
      level: "instrument",
      account: "okx",
      symbol: "BTC/USDT",
    });
    expect(scopeOfSetting("desk", "desk")).toEqual(DESK);
  });

  it("leave out instruments that belong to no market: nothing is quoted or priced there", () => {
    const instrument = { account: "okx", base: "USDT", quote: "USD", tick: "1", lot: "1", quoted: false };
    const shape = {
      profile: "demo",
      deskCode: "dmo",
      epoch: 1,
      hedging: "off" as const,
      reportingAsset: "USD",
      accounts: [{ account: "okx", venue: "okx" }],
      markets: [{ market: "BTC", base: "BTC" }],
      instruments: [
        { ...instrument, symbol: "USDT/USD", market: undefined },
        { ...instrument, symbol: "BTC/USDT", market: "BTC" },
      ],
    };
    expect(scopesOf(shape).map(scopeId)).toEqual([
      "desk",
      "account|okx",
      "market|BTC",
      "instrument|okx|BTC%2FUSDT",
    ]);
  });
});

describe("edits", () => {
  it("are changes only where they differ from what holds", () => {
    const edits: Edits = { desk: { spreadMultiplier: "1.0", skewMaxBps: "15.5" } };
    expect(changedBy(edits, statesOf).map(({ name, change }) => [name, change])).toEqual([
      ["skewMaxBps", { scope: DESK, name: "skewMaxBps", value: 15.5 }],
    ]);
  });

  it("count without being a change while their text is no value", () => {
    const [changed] = changedBy({ desk: { spreadMultiplier: "" } }, statesOf);
    expect(changed).toMatchObject({ name: "spreadMultiplier", change: undefined });
  });

  it("take a setting back as a change without a value, which the engine's schema takes", () => {
    const [changed] = changedBy({ desk: { skewMaxBps: null } }, statesOf);
    expect(changed?.change).toEqual({ scope: DESK, name: "skewMaxBps" });
    expect(ParameterChange.safeParse(changed?.change).success).toBe(true);
    expect(changed && valueAfter(changed)).toBe(20);
    expect(isNoChange("spreadMultiplier", null, MULTIPLIER)).toBe(true);
  });

  it("stay what they are while a push moves the value below them", () => {
    const edits: Edits = { desk: { spreadMultiplier: "2" } };
    const before = changedBy(edits, statesOf);
    const after = changedBy(edits, () => [
      state({ name: "spreadMultiplier", value: 1.5, own: 1.5, from: "desk" }),
    ]);
    expect(after.map(({ edit, change }) => ({ edit, change }))).toEqual(
      before.map(({ edit, change }) => ({ edit, change })),
    );
    expect(after[0]?.state?.value).toBe(1.5);
  });

  it("of scopes that have not been read yet count all the same", () => {
    expect(changedBy({ "market|BTC": { spreadMultiplier: "1" } }, () => undefined)).toHaveLength(1);
  });

  it("are checked one by one against the schema of their parameter", () => {
    const parsed = EditSchema.safeParse({
      edits: { desk: { spreadMultiplier: "21", skewMaxBps: null, capital: "5" } },
    });
    expect(parsed.error?.issues.map(({ path }) => path.join("."))).toEqual(["edits.desk.spreadMultiplier"]);
  });

  it("of a choice open the fields that depend on it", () => {
    const inert = state({ name: "sessionSeconds", inert: "does nothing unless …" });
    expect(inertWhy(inert, {})).toBe("does nothing unless …");
    expect(inertWhy(inert, { "market|BTC": { model: "glft" } })).toBe("does nothing unless …");
    expect(inertWhy(inert, { "market|BTC": { model: "avellaneda-stoikov" } })).toBeUndefined();
  });
});

describe("versions that came meanwhile", () => {
  it("are those after the one that the edits began from, oldest first", () => {
    const past = [version(5), version(4), version(3)];
    expect(versionsBetween(past, 3, 5).map((line) => line.version)).toEqual([4, 5]);
    expect(versionsBetween(past, undefined, 5)).toEqual([]);
  });

  it("stand beside the edit of the same parameter at the same scope", () => {
    const meanwhile = [version(4), version(5, { settings: [] })];
    expect(theirsFor(DESK, "spreadMultiplier", meanwhile).map(({ line }) => line.version)).toEqual([4]);
    expect(theirsFor({ level: "market", market: "BTC" }, "spreadMultiplier", meanwhile)).toEqual([]);
    expect(theirsFor(DESK, "skewMaxBps", meanwhile)).toEqual([]);
  });

  it("are listed once, newest first, whether the stream or the database said them", () => {
    expect(mergePast([version(2), version(1)], [version(2), version(3)]).map((line) => line.version)).toEqual(
      [3, 2, 1],
    );
  });
});

describe("a revert", () => {
  it("asks for what was there before, and takes back what had not been set", () => {
    const line = version(4, {
      settings: [
        { level: "desk", scope: "desk", name: "spreadMultiplier", before: 1.2, after: 1.5 },
        { level: "market", scope: "BTC", name: "skewMaxBps", before: undefined, after: 10 },
      ],
    });
    const review = revertOf(line, 9);
    expect(review.expectedVersion).toBe(9);
    expect(review.changes).toEqual([
      { scope: DESK, name: "spreadMultiplier", value: 1.2 },
      { scope: { level: "market", market: "BTC" }, name: "skewMaxBps" },
    ]);
    expect(review.rows.map(({ before, after }) => [before, after])).toEqual([
      ["1.5 ×", "1.2 ×"],
      ["10 bps", "taken back"],
    ]);
  });
});
