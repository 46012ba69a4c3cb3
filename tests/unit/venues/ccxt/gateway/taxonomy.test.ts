import { readFileSync } from "node:fs";
import ccxt from "ccxt";
import { describe, expect, it } from "vitest";
import type { Exchange, ErrorRow, Verdict } from "../../../../../server/venues/ccxt/exchanges/exchange.ts";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import { BudgetError } from "../../../../../server/venues/ccxt/gateway/budget.ts";
import { DeadlineError } from "../../../../../server/venues/ccxt/gateway/deadline.ts";
import { SocketLostError } from "../../../../../server/venues/ccxt/gateway/entrySocket.ts";
import { createInstance } from "../../../../../server/venues/ccxt/gateway/instance.ts";
import {
  CLASS_VERDICTS,
  classify,
  NotSentError,
  SocketRefusal,
} from "../../../../../server/venues/ccxt/gateway/taxonomy.ts";
import { EXCHANGE_IDS } from "../../../../../server/venues/ccxt/ports.ts";
import type { ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";

const okx = exchangeOf("okx");
const inWords = (verdict: Verdict) =>
  verdict.kind === "refused"
    ? `refused ${verdict.reason}`
    : verdict.kind === "later"
      ? `later ${verdict.because}`
      : verdict.kind;

/** Every class of ccxt 4.5 that a call can throw, and what it says of an order. */
const CLASSES: Readonly<Record<string, string>> = {
  ExchangeError: "unknown",
  AuthenticationError: "halt",
  PermissionDenied: "halt",
  AccountNotEnabled: "halt",
  AccountSuspended: "halt",
  ArgumentsRequired: "refused OTHER",
  BadRequest: "refused OTHER",
  BadSymbol: "refused HALTED",
  OperationRejected: "refused OTHER",
  MarketClosed: "refused HALTED",
  ManualInteractionNeeded: "halt",
  RestrictedLocation: "halt",
  InsufficientFunds: "refused INSUFFICIENT_FUNDS",
  InvalidOrder: "refused OTHER",
  OrderNotFound: "refused UNKNOWN_ORDER",
  OrderImmediatelyFillable: "refused POST_ONLY_WOULD_TAKE",
  OrderNotFillable: "refused NO_LIQUIDITY",
  DuplicateOrderId: "placed",
  ContractUnavailable: "refused OTHER",
  NotSupported: "refused OTHER",
  OperationFailed: "unknown",
  NetworkError: "unknown",
  DDoSProtection: "later rate",
  RateLimitExceeded: "later rate",
  ExchangeNotAvailable: "unknown",
  OnMaintenance: "later maintenance",
  InvalidNonce: "later clock",
  ChecksumError: "later clock",
  RequestTimeout: "unknown",
  BadResponse: "unknown",
  NullResponse: "unknown",
  CancelPending: "unknown",
};

describe("an error of ccxt", () => {
  it.each(Object.entries(CLASSES))("%s is %s", (name, verdict) => {
    const Class = (ccxt as unknown as Record<string, new (text: string) => Error>)[name];
    if (Class === undefined) throw new Error(`ccxt has no ${name}`);
    expect(inWords(classify(okx, new Class("okx said so")))).toBe(verdict);
  });

  it("has a row of its own in the table, or is of a class that has", () => {
    for (const name of Object.keys(CLASS_VERDICTS)) expect(CLASSES).toHaveProperty(name);
  });
});

describe("an error that is none of ccxt's", () => {
  const fetchFailed = (why: string): string => `okx POST https://x/y fetch failed: ${why}`;
  const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
  it.each([
    [new TypeError("x is not a function"), "unknown"],
    [
      Object.assign(new Error("other side closed"), { name: "SocketError", code: "UND_ERR_SOCKET" }),
      "unknown",
    ],
    [Object.assign(new Error("Body Timeout"), { code: "UND_ERR_BODY_TIMEOUT" }), "unknown"],
    ["a text", "unknown"],
    [undefined, "unknown"],
    [new DeadlineError("late"), "unknown"],
    [new SocketLostError("lost"), "unknown"],
    [new BudgetError("full"), "later rate"],
    [new NotSentError("closed"), "later unreachable"],
    [refused, "later unreachable"],
    [new ccxt.NetworkError(fetchFailed("connect ECONNREFUSED 127.0.0.1:1")), "later unreachable"],
    [new ccxt.NetworkError(fetchFailed("getaddrinfo EAI_AGAIN www.okx.com")), "later unreachable"],
    [
      new ccxt.NetworkError(fetchFailed("Connect Timeout Error (attempted address: x:443)")),
      "later unreachable",
    ],
    [new Error("failed", { cause: refused }), "later unreachable"],
    // The route was lost while the answer was read: the request had left.
    [new ccxt.NetworkError(fetchFailed("read EHOSTUNREACH")), "unknown"],
    [new ccxt.NetworkError(fetchFailed("write ENETUNREACH")), "unknown"],
    [new ccxt.NetworkError("okx POST fetch failed: other side closed"), "unknown"],
  ])("%s is %s", (error, verdict) => {
    expect(inWords(classify(okx, error))).toBe(verdict);
  });
});

/** What the venue says, as it says it. */
function bodyOf(id: ExchangeId, { code, text = "as it is" }: ErrorRow): unknown {
  switch (id) {
    case "binance":
      return { code: Number(code), msg: text };
    case "okx":
      return { code: "1", msg: "All operations failed", data: [{ sCode: code, sMsg: text, ordId: "" }] };
    case "kraken":
      return { error: [text === "as it is" ? code : `${code}:${text}`] };
  }
}

describe.each(EXCHANGE_IDS)("a code of %s", (id) => {
  const exchange: Exchange = exchangeOf(id);

  it("says the same on the socket as in ccxt's exception, whatever class that has", async () => {
    const access = { exchange: id, credentials: undefined };
    const instance = await createInstance({ exchange, access, nowUs: () => 0 });
    for (const row of exchange.errorRows) {
      const body = bodyOf(id, row);
      expect(inWords(classify(exchange, new SocketRefusal(body)))).toBe(inWords(row.verdict));
      let thrown: unknown;
      try {
        instance.handleErrors(
          400,
          "Bad Request",
          "https://x/y",
          "POST",
          {},
          JSON.stringify(body),
          body,
          {},
          "",
        );
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(Error);
      expect(`${row.code} ${inWords(classify(exchange, thrown))}`).toBe(
        `${row.code} ${inWords(row.verdict)}`,
      );
    }
  });

  it("that nobody has listed is unknown", () => {
    const body = bodyOf(id, {
      code: id === "kraken" ? "ENew:Something" : "-99999",
      verdict: { kind: "unknown" },
    });
    expect(inWords(classify(exchange, new SocketRefusal(body)))).toBe("unknown");
  });

  it("stands in the table once for each of its texts", () => {
    const keys = exchange.errorRows.map(({ code, text = "" }) => `${code} ${text}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

it("keeps its table where the page says it is", () => {
  const page = readFileSync(new URL("../../../../../docs/venues.md", import.meta.url), "utf8");
  expect(page).toContain("gateway/taxonomy.ts");
});
