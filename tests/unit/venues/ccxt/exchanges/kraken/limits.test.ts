import { expect, it } from "vitest";
import { krakenLimits } from "../../../../../../server/venues/ccxt/exchanges/kraken/limits.ts";

const observe = (error: string) =>
  krakenLimits.observe({ status: 200, headers: {}, body: { error: [error], result: {} } });

it("a refusal for its rate says that the counter of REST is full, and no time", () => {
  expect(observe("EAPI:Rate limit exceeded")).toEqual({ fullScope: "rest" });
});

it("a lockout silences REST for as long as it lasts", () => {
  expect(observe("EGeneral:Temporary lockout")).toEqual({ silenceMs: 900_000, scope: "rest" });
});

it("other errors say nothing of limits", () => {
  expect(observe("EOrder:Insufficient funds")).toBeUndefined();
});
