import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EngineConfig } from "../../../../server/contract/config.ts";
import type { RequestUse, TradeReads } from "../../../../server/contract/views.ts";
import type { FromGateway, GatewayOptions, ToGateway } from "../../../../server/venues/ccxt/ports.ts";
import { createCcxtVenue } from "../../../../server/venues/ccxt/venue.ts";
import type { GatewayThread } from "../../../../server/venues/ccxt/venue.ts";

/** A gateway that does only what it is told. */
class Stand implements GatewayThread {
  readonly options: GatewayOptions;
  readonly posted: ToGateway[] = [];
  ended = false;
  #message: ((message: FromGateway) => void)[] = [];
  #exit: ((why: string) => void)[] = [];

  constructor(options: GatewayOptions) {
    this.options = options;
  }
  post(message: ToGateway): void {
    this.posted.push(message);
    if (message.type === "close") this.say({ type: "closed" });
  }
  onMessage(listener: (message: FromGateway) => void): void {
    this.#message.push(listener);
  }
  onExit(listener: (why: string) => void): void {
    this.#exit.push(listener);
  }
  end(): Promise<unknown> {
    this.ended = true;
    return Promise.resolve();
  }
  say(message: FromGateway): void {
    for (const listener of this.#message) listener(message);
  }
  die(why: string): void {
    for (const listener of this.#exit) listener(why);
  }
}

const account = (name: string) => ({
  account: name,
  venue: name,
  fees: { name: "test", makerFrac: 0, takerFrac: 0 },
  amend: "in-place",
});
const instrument = (of: string, base: string) => ({
  account: of,
  symbol: `${base}/USDT`,
  kind: "spot",
  base,
  quote: "USDT",
  settle: "USDT",
  tick: "0.1",
  lot: "0.01",
});
const config = EngineConfig.parse({
  deskCode: "abc",
  epoch: 1,
  reportingAsset: "USDT",
  assets: ["BTC", "ETH", "USDT"].map((asset) => ({ asset, decimals: 8 })),
  accounts: [account("a"), account("b")],
  markets: ["BTC", "ETH"].map((base) => ({ market: base, base, reportingQuote: "USDT" })),
  instruments: [instrument("a", "BTC"), instrument("b", "BTC"), instrument("a", "ETH")],
  parameters: [{ scope: { level: "desk" }, name: "capital", value: 1_000 }],
});

function open() {
  const threads: Stand[] = [];
  const heard: string[] = [];
  const logged: string[] = [];
  const note = (text: string): void => void logged.push(text);
  const missing = new Set<number>();
  const venue = createCcxtVenue({
    config,
    access(of) {
      if (missing.has(of)) throw new Error("there is no key");
      return {
        exchange: of === 0 ? "binance" : "okx",
        origin: `127.0.0.1:${of}`,
        credentials: undefined,
      };
    },
    clock: { nowUs: () => Date.now() * 1_000 },
    log: { info: note, warn: note, error: note },
    spawn: (options) => {
      const thread = new Stand(options);
      threads.push(thread);
      return thread;
    },
  });
  const sink = {
    event: (event: { readonly type: string }) => void heard.push(JSON.stringify(event)),
    connection: (of: number, connected: boolean) =>
      void heard.push(`${of} ${connected ? "connected" : "away"}`),
    budget: (of: number, use: RequestUse) => void heard.push(`${of} ${JSON.stringify(use)}`),
    tradeReads: (of: number, reads: TradeReads) => void heard.push(`${of} ${JSON.stringify(reads)}`),
    marketEnded: () => undefined,
  };
  venue.open(sink);
  heard.length = 0;
  return { venue, sink, threads, heard, logged, missing };
}

const CANCEL = { type: "cancel", account: 1, instrument: 1, clientId: "x" } as const;

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

describe("the venues", () => {
  it("have a gateway for each account, with its own instruments under the desk's positions", () => {
    const { threads } = open();
    expect(threads.map(({ options }) => options.instruments.map(({ index }) => index))).toEqual([
      [0, 2],
      [1],
    ]);
    expect(threads.map(({ options }) => options.access.exchange)).toEqual(["binance", "okx"]);
    expect(threads[1]?.options).toMatchObject({ account: 1, deskCode: "abc", terms: { account: "b" } });
  });

  it("pass effects with the engine's time, credits to the book's account, events in order", () => {
    const { venue, threads, heard } = open();
    venue.send(CANCEL);
    venue.consumed(2);
    expect(threads[1]?.posted).toEqual([{ type: "send", effect: CANCEL, sentAtUs: Date.now() * 1_000 }]);
    expect(threads[0]?.posted).toEqual([{ type: "consumed", instrument: 2 }]);
    threads[1]?.say({
      type: "events",
      events: [
        { type: "feed", instrument: 1, status: "gap" },
        { type: "feed", instrument: 1, status: "alive" },
      ],
    });
    threads[1]?.say({ type: "connection", connected: true });
    expect(heard.map((line) => line.replace(/.*status":"(\w+)".*/, "$1"))).toEqual([
      "gap",
      "alive",
      "1 connected",
    ]);
  });

  it("tell what each account uses of its request budget", () => {
    const { threads, heard } = open();
    const use = { scope: "weight", usedFrac: 0.25, silentUntilUs: undefined };
    threads[1]?.say({ type: "budget", use });
    expect(heard).toEqual([`1 ${JSON.stringify({ scope: "weight", usedFrac: 0.25 })}`]);
  });

  it("tell how each account's list of trades is read", () => {
    const { threads, heard } = open();
    const reads = { everyMs: 90_909, readAtUs: 1_700_000_000_000_000 };
    threads[1]?.say({ type: "tradeReads", reads });
    expect(heard).toEqual([`1 ${JSON.stringify(reads)}`]);
  });

  it("say what is lost with a gateway that dies, and start it again, later each time", () => {
    const { venue, threads, heard, logged } = open();
    threads[0]?.die("Error: a defect");
    expect(heard).toEqual([
      JSON.stringify({ type: "account", account: 0, status: "down" }),
      JSON.stringify({ type: "feed", instrument: 0, status: "down" }),
      JSON.stringify({ type: "feed", instrument: 2, status: "down" }),
      "0 away",
    ]);
    expect(logged).toEqual(["a gateway ended; it is started again"]);
    venue.send({ ...CANCEL, account: 0, instrument: 0 });
    venue.send({ type: "query", what: "balances", account: 0 });
    expect(heard.at(-1)).toBe(
      JSON.stringify({ type: "orderUnknown", account: 0, clientId: "x", request: "cancel" }),
    );
    expect(heard).toHaveLength(5);
    const startedAfterMs: number[] = [];
    for (let life = 2; life < 6; life++) {
      const count = threads.length;
      let waitedMs = 0;
      for (; threads.length === count; waitedMs += 50) vi.advanceTimersByTime(50);
      startedAfterMs.push(waitedMs);
      threads.at(-1)?.die("again");
    }
    expect(startedAfterMs).toEqual([250, 500, 1_000, 2_000]);
  });

  it("try a gateway again that cannot be started, for as long as its key is gone", () => {
    const { threads, heard, logged, missing } = open();
    missing.add(0);
    threads[0]?.die("gone");
    heard.length = 0;
    vi.advanceTimersByTime(5_000);
    expect(logged.slice(1)).toEqual(Array(4).fill("a gateway cannot be started; it is tried again"));
    expect([threads.length, heard]).toEqual([2, []]);
    missing.clear();
    vi.advanceTimersByTime(5_000);
    expect(threads).toHaveLength(3);
  });

  it("start a gateway again with the definitions that the engine has by now", () => {
    const { venue, sink, threads } = open();
    const [first] = config.instruments;
    if (first === undefined) throw new Error("no instrument");
    const definition = { ...first, tick: "0.5", version: 2 };
    threads[0]?.say({ type: "events", events: [{ type: "instrument", instrument: 0, definition }] });
    threads[0]?.die("gone");
    vi.advanceTimersByTime(250);
    const ticks = (of: number) =>
      threads[of]?.options.instruments.map(({ definition: { tick, version } }) => [tick, version]);
    expect(ticks(2)).toEqual([
      ["0.5", 2],
      ["0.1", 1],
    ]);
    void venue.close();
    venue.open(sink);
    expect(ticks(3)?.[0]).toEqual(["0.1", 1]);
  });

  it("do not listen to a gateway that is gone", () => {
    const { threads, heard } = open();
    threads[0]?.die("gone");
    heard.length = 0;
    threads[0]?.say({ type: "connection", connected: true });
    expect(heard).toEqual([]);
  });

  it("close in order, tell nothing more, and may be opened again", async () => {
    const { venue, sink, threads, heard } = open();
    const closing = venue.close();
    await vi.advanceTimersByTimeAsync(10);
    await closing;
    expect(threads.map(({ posted, ended }) => [posted.at(-1)?.type, ended])).toEqual([
      ["close", true],
      ["close", true],
    ]);
    threads[0]?.say({ type: "connection", connected: true });
    expect(heard).toEqual([]);
    venue.open(sink);
    expect(threads).toHaveLength(4);
  });
});
