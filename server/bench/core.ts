/** Suite `core`: what one event, one order and one simulated day cost on one core. */
import { rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BookEvent, TradeEvent } from "../contract/events.ts";
import { judge, type OrderIntent } from "../core/risk/gate.ts";
import { step } from "../core/step.ts";
import type { Engine } from "../core/state.ts";
import { randomStream, type RandomStream } from "../lab/random.ts";
import { LatencyProfile } from "../lab/world/latency.ts";
import { runBacktest } from "../replay/backtest.ts";
import type { Scenario } from "../replay/scenario.ts";
import { answerAll, fixtureConfig, FIXTURE_START_US, readyEngine, stepAnswered } from "./deskFixture.ts";
import { recordWalk, walkBooks } from "./marketWalk.ts";
import { distributionOf, type Suite } from "./measure.ts";
import { packMarket, type PackedMarket } from "./packedMarket.ts";

const STEP_WARM_UP = 50_000;
const STEP_EVENTS = 200_000;
const TIMER_US = 100_000;
/** One trade among so many changes of the book, of more than any of our orders. */
const BOOKS_PER_TRADE = 20;
const TAKER_REACH_TICKS = 500;
const TAKER_LOTS = 1e9;
const GATE_WARM_UP = 20_000;
const GATE_ORDERS = 100_000;
const BACKTEST_RECORDS = 200_000;
/** The first run compiles; of the others the median counts. */
const BACKTEST_RUNS = 3;

/** Half a millisecond each way: what is measured is the engine and the exchanges, not the drawing of delays. */
const CONSTANT_LATENCY = LatencyProfile.parse({
  feed: { constantUs: 500 },
  entry: { constantUs: 500 },
  response: { constantUs: 500 },
});

export type OnProgress = (done: string) => void;

export async function benchCore(onProgress: OnProgress): Promise<Suite> {
  onProgress("step-book");
  const stepBook = benchStepBook();
  onProgress("risk-gate");
  const riskGate = benchRiskGate();
  onProgress("backtest");
  const market = packMarket(recordWalk({ venues: 3, events: BACKTEST_RECORDS, startAtUs: FIXTURE_START_US }));
  const plain = await benchBacktest(market, false);
  onProgress("backtest-journaled");
  const journaled = await benchBacktest(market, true);
  return {
    results: [
      stepBook.all,
      stepBook.deciding,
      stepBook.timer,
      riskGate,
      { name: "backtest", unit: "events/s", value: plain },
      { name: "backtest-journaled", unit: "events/s", value: journaled },
    ],
    budgets: [
      { name: "step-book", field: "p50", atMost: 5 },
      { name: "step-book", field: "p99", atMost: 25 },
      { name: "step-timer", field: "p99", atMost: 1_000 },
      { name: "risk-gate", field: "p99", atMost: 5 },
      { name: "backtest", field: "value", atLeast: 200_000 },
    ],
  };
}

/** `step` on a book event: three venues, one symbol, every estimator fed and warm, both sides of every venue quoted. */
function benchStepBook() {
  const engine = readyEngine({ venues: 3, symbols: 1, estimated: true });
  const takers = randomStream(1, "takers");
  const books = walkBooks({ venues: 3, events: STEP_WARM_UP + STEP_EVENTS, startAtUs: FIXTURE_START_US });
  const durations = new Float64Array(STEP_EVENTS);
  const deciding: number[] = [];
  const timers: number[] = [];
  let nextTimerUs = FIXTURE_START_US;
  let measured = 0;
  for (const [i, event] of books.entries()) {
    for (; nextTimerUs <= event.atUs; nextTimerUs += TIMER_US) {
      const timerNs = process.hrtime.bigint();
      const due = step(engine, { type: "timer", atUs: nextTimerUs });
      if (i >= STEP_WARM_UP) timers.push(Number(process.hrtime.bigint() - timerNs));
      answerAll(engine, due);
    }
    if (i % BOOKS_PER_TRADE === 0) stepAnswered(engine, tradeAfter(engine, event, takers));
    const before = engine.state.instruments.map((inst) => inst.decided);
    const startedNs = process.hrtime.bigint();
    const effects = step(engine, event);
    const ns = Number(process.hrtime.bigint() - startedNs);
    if (i >= STEP_WARM_UP) {
      durations[measured++] = ns;
      // Below the threshold of a decision the stages do not run: that is the cheap majority.
      if (engine.state.instruments.some((inst, at) => inst.decided !== before[at])) deciding.push(ns);
    }
    answerAll(engine, effects);
  }
  requireQuoting(engine);
  return {
    all: distributionOf("step-book", durations),
    deciding: distributionOf("step-book-deciding", Float64Array.from(deciding)),
    // With the slices of the slow estimators in them: what a decision waits for at most.
    timer: distributionOf("step-timer", Float64Array.from(timers)),
  };
}

/** A taker that goes some ticks into the book of the event's instrument. */
function tradeAfter(engine: Engine, { atUs, instrument }: BookEvent, takers: RandomStream): TradeEvent {
  const { bidTicks = 1, askTicks = 2 } = engine.state.instruments[instrument]?.external ?? {};
  const aggressor = takers.uniform() < 0.5 ? "buy" : "sell";
  const depthTicks = Math.floor(takers.exponential() * TAKER_REACH_TICKS);
  const priceTicks = aggressor === "buy" ? askTicks + depthTicks : Math.max(1, bidTicks - depthTicks);
  return { type: "trade", atUs, instrument, priceTicks, sizeLots: TAKER_LOTS, aggressor };
}

/** A bench that measured an engine without orders would measure nothing. */
function requireQuoting(engine: Engine): void {
  const idle = engine.state.instruments.filter((inst) => inst.live.length < 2);
  if (idle.length > 0)
    throw new Error(`${idle.length} instruments ended the benchmark without two live quotes`);
}

/** One order through every check, twenty symbols on five venues, all of them quoted. */
function benchRiskGate() {
  const engine = readyEngine({ venues: 5, symbols: 20 });
  for (const event of walkBooks({ venues: 100, events: 9_000, startAtUs: FIXTURE_START_US })) {
    stepAnswered(engine, event);
    if (event.instrument === 0) stepAnswered(engine, { type: "timer", atUs: event.atUs });
  }
  requireQuoting(engine);
  const intents = engine.state.instruments.flatMap((inst): OrderIntent[] => {
    const bid = inst.slots[0]?.wantedTicks;
    return bid === undefined
      ? []
      : [{ role: "quote", instrument: inst.index, side: "buy", priceTicks: bid - 10, sizeLots: 5 }];
  });
  const durations = new Float64Array(GATE_ORDERS);
  let approved = 0;
  for (let i = -GATE_WARM_UP; i < GATE_ORDERS; i++) {
    const intent = intents[(i + GATE_WARM_UP) % intents.length];
    if (intent === undefined) throw new Error("no instrument wants a bid");
    const startedNs = process.hrtime.bigint();
    const verdict = judge(engine, intent);
    const ns = Number(process.hrtime.bigint() - startedNs);
    if (i >= 0) durations[i] = ns;
    if (verdict.ok) approved += 1;
  }
  // A refusal leaves early; only an approval has passed every check.
  if (approved < GATE_ORDERS) throw new Error(`only ${approved} of ${GATE_ORDERS} orders passed every check`);
  return distributionOf("risk-gate", durations);
}

/** Events per second through engine and simulated exchanges: three venues, one symbol, books and takers. */
async function benchBacktest(market: PackedMarket, journaled: boolean): Promise<number> {
  const rates: number[] = [];
  for (let run = 0; run <= BACKTEST_RUNS; run++) {
    const rate = await runOnce(market, journaled);
    if (run > 0) rates.push(rate);
  }
  return rates.toSorted((a, b) => a - b)[Math.floor(BACKTEST_RUNS / 2)] ?? 0;
}

async function runOnce(market: PackedMarket, journaled: boolean): Promise<number> {
  const directory = journaled ? mkdtempSync(join(tmpdir(), "crossdesk-bench-")) : undefined;
  try {
    const { result } = await runBacktest(walkScenario(market), {
      journalDir: directory === undefined ? undefined : join(directory, "journal"),
    });
    if (result.fills === 0) throw new Error("the benchmark's market filled none of our orders");
    return result.eventsPerSecond;
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  }
}

function walkScenario(market: PackedMarket): Scenario {
  const config = fixtureConfig({ venues: 3, symbols: 1, estimated: true });
  return {
    name: "bench walk",
    source: "bench walk",
    config,
    driver: market.open(),
    latency: CONSTANT_LATENCY,
    deposits: config.accounts.flatMap(({ account }) => [
      { account, asset: "USDT", amount: "10000000" },
      { account, asset: "C00", amount: "100" },
    ]),
    seed: 1,
    fromUs: FIXTURE_START_US,
    toUs: market.endAtUs,
    assumptions: [],
    close: () => undefined,
  };
}
