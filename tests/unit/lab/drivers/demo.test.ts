import { describe, expect, it } from "vitest";
import { EngineConfig, instrumentKey } from "../../../../server/contract/config.ts";
import type { Effect } from "../../../../server/contract/effects.ts";
import type { EngineEvent } from "../../../../server/contract/events.ts";
import type { Book } from "../../../../server/core/book/book.ts";
import { applyDelta, applySnapshot, createBook, flatLevels } from "../../../../server/core/book/book.ts";
import { compileScales, decimalToScaled } from "../../../../server/core/decimal.ts";
import { createAgentMarket } from "../../../../server/lab/drivers/agents.ts";
import { demoMarket } from "../../../../server/lab/drivers/demo.ts";
import { createExchange } from "../../../../server/lab/exchange/exchange.ts";
import type { PublicEvent } from "../../../../server/lab/ports.ts";
import { FaultPlan } from "../../../../server/lab/world/faults.ts";
import { runWorld } from "../../../../server/lab/world/world.ts";

const demo = demoMarket(1);
const config = EngineConfig.parse({
  ...demo.config,
  deskCode: "abc",
  epoch: 1,
  parameters: [{ scope: { level: "desk" }, name: "capital", value: 1_000_000 }],
});

describe("the demo market", () => {
  it("is a complete configuration of three venues that differ", () => {
    expect(config.accounts.map((a) => a.venue)).toEqual(["binance", "okx", "kraken"]);
    expect(config.instruments.map(instrumentKey)).toEqual([
      "binance BTC/USDT",
      "binance ETH/USDT",
      "okx BTC/USDT",
      "okx ETH/USDT",
      "kraken BTC/USD",
      "kraken ETH/USD",
      "kraken USDT/USD",
    ]);
    expect(new Set(config.accounts.map((a) => a.fees.name)).size).toBe(3);
    expect(new Set(demo.agents.books.map((b) => b.lagS)).size).toBe(3);
  });

  it("has assets fine enough for a tick of every lot", () => {
    const decimals = new Map(config.assets.map((a) => [a.asset, a.decimals]));
    for (const i of config.instruments)
      expect(() =>
        compileScales({
          ...i,
          baseDecimals: decimals.get(i.base) ?? 0,
          quoteDecimals: decimals.get(i.quote) ?? 0,
        }),
      ).not.toThrow();
  });

  it("carries a small desk through faults on real exchanges: books, fills and balances agree in the end", () => {
    const desk = runDesk(120);
    expect(desk.fills.size).toBeGreaterThan(20);
    for (const [instrument, book] of desk.books.entries()) {
      const seen = { bids: flatLevels(book.bids, 50), asks: flatLevels(book.asks, 50) };
      expect(seen).toEqual(desk.truthOf(instrument));
    }
    for (const [key, atoms] of desk.balances)
      expect([key, atoms]).toEqual([key, desk.expected.get(key) ?? 0n]);
    expect(desk.result.faults.lostAck).toBeGreaterThan(0);
    expect(desk.result.faults.duplicateReport).toBeGreaterThan(0);
  });

  it("repeats itself to the last event", () => {
    expect(runDesk(20).digest).toEqual(runDesk(20).digest);
  });
});

/** Joins the best bid and ask of every quoted book once a second, and keeps accounts by the fills it is told. */
function runDesk(durationS: number) {
  const accountOf = config.instruments.map((i) => config.accounts.findIndex((a) => a.account === i.account));
  const exchanges = config.accounts.map((_, account) => createExchange({ config, accounts: [account] }));
  const decimals = new Map(config.assets.map((a) => [a.asset, a.decimals]));
  const expected = new Map<string, bigint>();
  const add = (account: number, asset: string, atoms: bigint) => {
    const key = `${account} ${asset}`;
    expected.set(key, (expected.get(key) ?? 0n) + atoms);
  };
  for (const { account, asset, amount } of demo.deposits) {
    const at = config.accounts.findIndex((a) => a.account === account);
    const atoms = decimalToScaled(amount, decimals.get(asset) ?? 0);
    exchanges[at]?.deposit(at, asset, atoms);
    add(at, asset, atoms);
  }

  const books = config.instruments.map(() => createBook());
  const fills = new Set<string>();
  const digest: string[] = [];
  let count = 0;

  function bookFill(event: Extract<EngineEvent, { type: "fill" }>): void {
    const key = `${event.account} ${event.instrument} ${event.tradeId} ${event.venueOrderId}`;
    const instrument = config.instruments[event.instrument];
    if (fills.has(key) || instrument === undefined) return;
    fills.add(key);
    const scales = compileScales({
      ...instrument,
      baseDecimals: decimals.get(instrument.base) ?? 0,
      quoteDecimals: decimals.get(instrument.quote) ?? 0,
    });
    const sign = event.side === "buy" ? 1n : -1n;
    const lots = BigInt(event.sizeLots);
    add(event.account, instrument.base, sign * lots * scales.baseAtomsPerLot);
    add(
      event.account,
      instrument.quote,
      -sign * lots * BigInt(event.priceTicks) * scales.quoteAtomsPerTickLot,
    );
    add(event.account, event.feeAsset, -event.feeAtoms);
  }

  function quotes(atUs: number): Effect[] {
    return config.instruments.flatMap((instrument, at) => {
      const book = books[at];
      const account = accountOf[at] ?? 0;
      if (!instrument.quoted || book === undefined) return [];
      return (["buy", "sell"] as const).flatMap((side): Effect[] => {
        const priceTicks = flatLevels(side === "buy" ? book.bids : book.asks, 1)[0];
        if (priceTicks === undefined) return [];
        const sizeLots = Math.ceil(1_000 / (priceTicks * Number(instrument.tick) * Number(instrument.lot)));
        const clientId = `q${(count += 1)}`;
        const order = { account, instrument: at, clientId, side, priceTicks, sizeLots };
        const rest = { timeInForce: "POST_ONLY", selfTrade: "EXPIRE_TAKER" } as const;
        return [{ type: "place", ...order, ...rest, requestExpiresAtUs: atUs + 1_500_000 }];
      });
    });
  }

  const result = runWorld({
    config,
    driver: createAgentMarket({ ...demo.agents, durationS }, config),
    exchanges,
    latency: demo.latency,
    seed: 1,
    faults: FaultPlan.parse({ lostAck: 0.1, duplicateReport: 0.1, lateReport: 0.1, lateByMaxMs: 300 }),
    timerPeriodUs: 1_000_000,
    // The last seconds are for what is under way: quotes stop, and the end of the run lets all of it arrive.
    toUs: demo.agents.startAtUs + (durationS + 1) * 1e6,
    engine(event) {
      digest.push(`${event.atUs} ${event.type}`);
      if (event.type === "book") applyEvent(books, event);
      if (event.type === "fill") bookFill(event);
      if (event.type !== "timer" || event.atUs > demo.agents.startAtUs + (durationS - 5) * 1e6) return [];
      const cancels = config.accounts.map((_, account): Effect => ({ type: "cancelAll", account }));
      return [...cancels, ...quotes(event.atUs)];
    },
  });

  return {
    result,
    books,
    fills,
    digest,
    expected,
    balances: exchanges.flatMap((exchange, account) =>
      exchange.balances(account).map((b) => [`${account} ${b.asset}`, b.totalAtoms] as const),
    ),
    truthOf: (instrument: number) => {
      const shown: PublicEvent[] = [];
      const output = { public: (event: PublicEvent) => void shown.push(event), private: () => undefined };
      exchanges[accountOf[instrument] ?? 0]?.snapshot(instrument, output);
      const book = shown.find((event) => event.type === "book");
      return { bids: book?.bids, asks: book?.asks };
    },
  };
}

function applyEvent(books: readonly Book[], event: Extract<EngineEvent, { type: "book" }>): void {
  const book = books[event.instrument];
  if (book === undefined) throw new Error(`no book ${event.instrument}`);
  const apply = event.kind === "snapshot" ? applySnapshot : applyDelta;
  expect(apply(book, event.bids, event.asks)).toBeUndefined();
}
