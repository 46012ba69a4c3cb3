import { readFileSync } from "node:fs";
import ccxt from "ccxt";
import { describe, expect, it } from "vitest";
import {
  LISTED_EXCHANGES,
  NEEDS,
  provisionsOf,
  refusalsOf,
} from "../../../../../server/venues/ccxt/exchanges/capabilities.ts";
import type { ListedExchange, Need } from "../../../../../server/venues/ccxt/exchanges/capabilities.ts";
import { EXCHANGE_IDS } from "../../../../../server/venues/ccxt/ports.ts";

const has = (id: ListedExchange) => new ccxt.pro[id]().has as Readonly<Record<string, unknown>>;
const page = readFileSync(new URL("../../../../../docs/venues.md", import.meta.url), "utf8");

/** One line of the page's table: yes, what stands in for it, or why not. */
function row(need: Need): string {
  const cells = LISTED_EXCHANGES.map((id) => {
    const { kind } = provisionsOf(id, has(id))[need];
    return kind === "yes" ? "yes" : kind === "compensated" ? "(ours)" : "**no**";
  });
  return `| ${NEEDS[need]} | ${cells.join(" | ")} |`;
}

function lacks(id: ListedExchange): string[] {
  return Object.entries(provisionsOf(id, has(id))).flatMap(([need, provision]) => {
    if (provision.kind === "yes") return [];
    const what = NEEDS[need as Need];
    return [
      provision.kind === "compensated"
        ? `- ${what}: ${provision.by}`
        : `- ${what}: **refused**, ${provision.because}`,
    ];
  });
}

const plain = (text: string) => text.replaceAll(/[ \t]+/g, " ");

describe("the table of docs/venues.md", () => {
  it.each(Object.keys(NEEDS) as Need[])("says of %s what the code says", (need) => {
    expect(plain(page)).toContain(plain(row(need)));
  });

  it.each(LISTED_EXCHANGES)("names what stands in for what %s lacks", (id) => {
    const section = page.split(/^### /m).find((text) => text.startsWith(`${id}\n`));
    expect(section?.split("\n").filter((line) => line.startsWith("- "))).toEqual(lacks(id));
  });
});

describe("the check at the start", () => {
  const TERMS = { requestExpiryMs: 1_500 };
  const SLOW = { requestExpiryMs: 30_000 };

  it.each(EXCHANGE_IDS)("lets %s trade", (id) => {
    expect(refusalsOf(id, has(id), TERMS)).toEqual([]);
  });

  it("refuses an exchange without a stream of fills, with the reason", () => {
    expect(refusalsOf("coinbase", has("coinbase"), SLOW)).toEqual([
      "streams our fills: ccxt streams no fills there",
    ]);
  });

  it("refuses an exchange whose ccxt lost what nothing stands in for", () => {
    expect(refusalsOf("okx", { ...has("okx"), fetchMyTrades: false }, TERMS)).toEqual([
      "lists our trades: ccxt has no fetchMyTrades there",
    ]);
  });

  it("refuses terms by which a request would be dead sooner than 30 s where the venue lets none expire", () => {
    expect(refusalsOf("kucoin", has("kucoin"), SLOW)).toEqual([]);
    expect(refusalsOf("kucoin", has("kucoin"), { requestExpiryMs: 29_999 })).toEqual([
      "takes an expiry with each request: an unanswered request is taken to be alive for 30 s, so the account's " +
        "requestExpiryMs has to be at least 30000, and is 29999",
    ]);
  });
});
