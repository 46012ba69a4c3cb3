import { beforeEach, expect, it } from "vitest";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import { BudgetError } from "../../../../../server/venues/ccxt/gateway/budget.ts";
import type { CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import { SessionTokens } from "../../../../../server/venues/ccxt/gateway/sessionToken.ts";
import type { Charge, RequestClass } from "../../../../../server/venues/ccxt/ports.ts";

let asked: number;
let charged: [RequestClass, readonly Charge[]][];
let nowMs: number;
let hasRoom: boolean;

beforeEach(() => {
  [asked, charged, nowMs, hasRoom] = [0, [], 0, true];
});

const instance = (): CcxtInstance =>
  ({ authenticate: () => Promise.resolve(`token ${++asked}`) }) as unknown as CcxtInstance;

const tokensOf = (id: "kraken" | "okx") =>
  new SessionTokens({
    exchange: exchangeOf(id),
    budget: {
      takeAll(kind, charges) {
        charged.push([kind, charges]);
        return hasRoom ? Promise.resolve() : Promise.reject(new BudgetError("full"));
      },
      giveBack: () => undefined,
    },
    nowMs: () => nowMs,
  });

function using(tokens: SessionTokens): CcxtInstance {
  const made = instance();
  tokens.use(made);
  return made;
}

it("sockets that are opened together share one token, which is charged", async () => {
  const tokens = tokensOf("kraken");
  const both = await Promise.all([using(tokens).authenticate(), using(tokens).authenticate()]);
  expect(both).toEqual(["token 1", "token 1"]);
  expect(charged).toEqual([["session", [{ scope: "rest", weight: 1 }]]]);
});

it("a later one has its own, and so has one after a socket that failed", async () => {
  const tokens = tokensOf("kraken");
  await using(tokens).authenticate();
  nowMs = 60_000;
  expect(await using(tokens).authenticate()).toBe("token 2");
  tokens.forget();
  expect(await using(tokens).authenticate()).toBe("token 3");
});

it("without room in the budget the venue is not asked, and the next one tries again", async () => {
  const tokens = tokensOf("kraken");
  hasRoom = false;
  await expect(using(tokens).authenticate()).rejects.toThrow(BudgetError);
  expect(asked).toBe(0);
  hasRoom = true;
  expect(await using(tokens).authenticate()).toBe("token 1");
});

it("a venue where each socket logs in is left to it", async () => {
  const tokens = tokensOf("okx");
  const both = await Promise.all([using(tokens).authenticate(), using(tokens).authenticate()]);
  expect(both).toEqual(["token 1", "token 2"]);
  expect(charged).toEqual([]);
});
