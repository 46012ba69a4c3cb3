import { describe, expect, it } from "vitest";
import { INERT_UNLESS } from "../../../../server/contract/paramRules.ts";
import { PARAM_NAMES, PARAMS, type ParameterChange } from "../../../../server/contract/params.ts";
import {
  applyChanges,
  createLayers,
  deskChanges,
  findSetting,
  resolveParams,
  type ParamAddress,
  type ParamLayers,
} from "../../../../server/core/params/resolve.ts";

const V0 = { account: "v0", market: "BTC", symbol: "BTC/USD" };
const V1 = { account: "v1", market: "BTC", symbol: "BTC/USD" };
const ETH = { account: "v0", market: "ETH", symbol: "ETH/USD" };
const ADDRESSES: readonly ParamAddress[] = [{}, { market: "BTC" }, { market: "ETH" }, V0, V1, ETH];

const DESK = { level: "desk" } as const;
const ACCOUNT = { level: "account", account: "v0" } as const;
const MARKET = { level: "market", market: "BTC" } as const;
const INSTRUMENT = { level: "instrument", account: "v0", symbol: "BTC/USD" } as const;

function layersOf(...changes: readonly ParameterChange[]): ParamLayers {
  const result = applyChanges(createLayers(), [...deskChanges({ capital: 1_000 }), ...changes], ADDRESSES);
  if (!result.ok) throw new Error(result.refusal.text);
  return result.layers;
}

function valueAt(
  layers: ParamLayers,
  at: ParamAddress,
  name: "skewMaxBps" | "collarBps" = "skewMaxBps",
): number {
  const resolved = resolveParams(layers, at);
  if (!resolved.ok) throw new Error(`missing ${resolved.missing.join()}`);
  return resolved.values[name];
}

function refusalOf(...changes: readonly ParameterChange[]): { code: string; text: string } | undefined {
  const result = applyChanges(layersOf(), changes, ADDRESSES);
  return result.ok ? undefined : result.refusal;
}

describe("a parameter", () => {
  it("has the value of the most specific scope that sets it, else its default", () => {
    const name = "skewMaxBps";
    const all = [DESK, ACCOUNT, MARKET, INSTRUMENT].map(
      (scope, i) => ({ scope, name, value: 31 + i }) as const,
    );
    const expected = [20, 31, 32, 33, 34];
    for (const [count, value] of expected.entries())
      expect(valueAt(layersOf(...all.slice(0, count)), V0)).toBe(value);
  });

  it("reaches only what lies below its scope", () => {
    const at = (scope: ParameterChange["scope"]) => {
      const layers = layersOf({ scope, name: "skewMaxBps", value: 31 });
      return [V0, V1, ETH].map((address) => valueAt(layers, address));
    };
    expect(at(DESK)).toEqual([31, 31, 31]);
    expect(at(ACCOUNT)).toEqual([31, 20, 31]);
    expect(at(MARKET)).toEqual([31, 31, 20]);
    expect(at(INSTRUMENT)).toEqual([31, 20, 20]);
  });

  it("shows the wider scope again when it is taken back", () => {
    const layers = layersOf(
      { scope: DESK, name: "skewMaxBps", value: 31 },
      { scope: INSTRUMENT, name: "skewMaxBps", value: 34 },
    );
    const back = applyChanges(layers, [{ scope: INSTRUMENT, name: "skewMaxBps" }], ADDRESSES);
    if (!back.ok) throw new Error(back.refusal.text);
    expect(valueAt(back.layers, V0)).toBe(31);
    expect(findSetting(back.layers, "skewMaxBps", V0)).toEqual({ level: "desk", value: 31 });
    expect(findSetting(back.layers, "collarBps", V0)).toBeUndefined();
  });

  it("without a setting or a default is named when it is missing", () => {
    const resolved = resolveParams(createLayers(), V0);
    expect(resolved).toEqual({ ok: false, missing: ["capital"] });
  });
});

describe("a change", () => {
  it("counts the version up by one, however much it changes, and leaves the layers before it alone", () => {
    const before = layersOf({ scope: DESK, name: "skewMaxBps", value: 31 });
    const changes = [
      { scope: DESK, name: "skewMaxBps", value: 32 },
      { scope: MARKET, name: "skewMaxBps", value: 33 },
    ] as const;
    const result = applyChanges(before, changes, ADDRESSES);
    if (!result.ok) throw new Error(result.refusal.text);
    expect(result.layers.version).toBe(before.version + 1);
    expect(valueAt(before, V0)).toBe(31);
    expect(valueAt(result.layers, V0)).toBe(33);
  });

  it.each([
    { name: "above its bound", code: "BOUNDS", change: { scope: DESK, name: "skewMaxBps", value: 501 } },
    { name: "of the wrong type", code: "BOUNDS", change: { scope: DESK, name: "skewMaxBps", value: "20" } },
    { name: "of an unknown choice", code: "BOUNDS", change: { scope: DESK, name: "model", value: "seed" } },
    {
      name: "at a level that it does not have",
      code: "BOUNDS",
      change: { scope: INSTRUMENT, name: "capital", value: 1 },
    },
    { name: "that takes back what is required", code: "BOUNDS", change: { scope: DESK, name: "capital" } },
    {
      name: "at an account that is not there",
      code: "UNKNOWN_SCOPE",
      change: { scope: { level: "account", account: "v9" }, name: "skewMaxBps", value: 1 },
    },
    {
      name: "at a market that is not there",
      code: "UNKNOWN_SCOPE",
      change: { scope: { level: "market", market: "DOGE" }, name: "skewMaxBps", value: 1 },
    },
    {
      name: "at a symbol that the account does not trade",
      code: "UNKNOWN_SCOPE",
      change: {
        scope: { level: "instrument", account: "v1", symbol: "ETH/USD" },
        name: "skewMaxBps",
        value: 1,
      },
    },
    {
      name: "that nothing below its scope reads",
      code: "INERT",
      change: { scope: MARKET, name: "sessionSeconds", value: 60 },
    },
    {
      name: "with a net limit above the gross limit",
      code: "CONTRADICTION",
      change: { scope: DESK, name: "netMaxPct", value: 31 },
    },
    {
      name: "with one order above the limit of its asset",
      code: "CONTRADICTION",
      change: { scope: INSTRUMENT, name: "orderNotionalPct", value: 11 },
    },
    {
      name: "with one order above the limit of its venue",
      code: "CONTRADICTION",
      change: { scope: ACCOUNT, name: "venueMaxPct", value: 1 },
    },
    {
      name: "with one order above the net limit",
      code: "CONTRADICTION",
      change: { scope: DESK, name: "netMaxPct", value: 1 },
    },
    {
      name: "with quotes wider than the collar",
      code: "CONTRADICTION",
      change: { scope: ACCOUNT, name: "collarBps", value: 49 },
    },
  ] as const)("$name is refused: $code", ({ code, change }) => {
    expect(refusalOf(change as ParameterChange)?.code).toBe(code);
  });

  it("is refused whole when any part of it is", () => {
    const good = { scope: DESK, name: "skewMaxBps", value: 31 } as const;
    const bad = { scope: DESK, name: "collarBps", value: 49 } as const;
    expect(refusalOf(good, bad)?.code).toBe("CONTRADICTION");
    expect(refusalOf(good)).toBeUndefined();
  });

  it("may contradict itself on the way: only what results is judged", () => {
    const wider = { scope: DESK, name: "halfSpreadMaxBps", value: 150 } as const;
    expect(refusalOf(wider)?.code).toBe("CONTRADICTION");
    expect(refusalOf(wider, { scope: DESK, name: "collarBps", value: 200 })).toBeUndefined();
  });

  it("says in its refusal where the contradiction lies", () => {
    expect(refusalOf({ scope: INSTRUMENT, name: "orderNotionalPct", value: 11 })?.text).toBe(
      "v0 BTC/USD: one order (11 %) exceeds the asset's limit (10 %)",
    );
  });

  it("of a dependent parameter passes together with the choice that makes it act, at any scope above", () => {
    const session = { scope: DESK, name: "sessionSeconds", value: 60 } as const;
    expect(refusalOf(session)?.text).toContain("does nothing unless model is avellaneda-stoikov");
    expect(refusalOf(session, { scope: MARKET, name: "model", value: "avellaneda-stoikov" })).toBeUndefined();
  });

  it("can always take an inert setting back", () => {
    for (const name of PARAM_NAMES.filter((candidate) => INERT_UNLESS[candidate] !== undefined))
      expect(refusalOf({ scope: DESK, name })).toBeUndefined();
  });
});

describe("a flat record of parameters", () => {
  it("becomes one desk-wide change for each value that is there", () => {
    expect(deskChanges({ collarBps: 80, capital: 1_000, skewMaxBps: undefined })).toEqual([
      { scope: DESK, name: "capital", value: 1_000 },
      { scope: DESK, name: "collarBps", value: 80 },
    ]);
  });

  it("sets at a level that every parameter has", () => {
    for (const name of PARAM_NAMES) expect(PARAMS[name].meta.levels[0]).toBe("desk");
  });
});
