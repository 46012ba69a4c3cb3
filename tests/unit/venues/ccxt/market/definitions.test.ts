import { expect, it } from "vitest";
import { adoptTerms, differences } from "../../../../../server/venues/ccxt/market/definitions.ts";
import type { VenueTerms } from "../../../../../server/venues/ccxt/market/protocols/protocol.ts";
import { instrument } from "./samples.ts";

const current = instrument({ notionalMinQuote: "5", sizeMinLots: 10 });
const terms: VenueTerms = {
  tick: "0.01",
  lot: "0.001",
  sizeMin: "0.01",
  notionalMinQuote: "5.00",
  priceBandFrac: undefined,
  status: "TRADING",
};

it("changes nothing where the venue says the same in other words", () => {
  expect(adoptTerms(current, terms)).toBeUndefined();
  expect(adoptTerms(instrument({ ...current, tick: "0.010" }), terms)).toBeUndefined();
});

it.each([
  ["a tick", { tick: "0.1" }, { tick: "0.1" }],
  ["a lot, and the minimum in it", { lot: "0.0001" }, { lot: "0.0001", sizeMinLots: 100 }],
  ["a minimum that is no whole lot, rounded up", { sizeMin: "0.0105" }, { sizeMinLots: 11 }],
  ["a minimum of value", { notionalMinQuote: "10" }, { notionalMinQuote: "10" }],
  ["a band", { priceBandFrac: 0.2 }, { priceBandFrac: 0.2 }],
  ["a halt", { status: "HALTED" as const }, { status: "HALTED" }],
])("adopts %s as a new version", (_, change, expected) => {
  expect(adoptTerms(current, { ...terms, ...change })).toEqual({ ...current, ...expected, version: 2 });
});

it("keeps what the venue does not state", () => {
  expect(adoptTerms(current, { ...terms, notionalMinQuote: undefined })).toBeUndefined();
});

it("takes an instrument that is not listed for delisted, once", () => {
  const delisted = adoptTerms(current, undefined);
  expect(delisted).toEqual({ ...current, status: "DELISTED", version: 2 });
  expect(delisted && adoptTerms(delisted, undefined)).toBeUndefined();
});

it("names the differences", () => {
  expect(differences(current, instrument({ ...current, tick: "0.1", status: "HALTED" }))).toEqual([
    "tick 0.01 → 0.1",
    "status TRADING → HALTED",
  ]);
});
