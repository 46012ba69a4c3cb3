/**
 * One seed of the swarm: trouble for a number of market records, then faults off and a short calm, then the desk
 * is stopped and must come to rest while the market goes on. The auditor judges every step of it.
 */
import type { Effect } from "../../contract/effects.ts";
import type { EngineEvent } from "../../contract/events.ts";
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import { decimalToScaled } from "../../core/decimal.ts";
import { EngineRun } from "../../engine/engineRun.ts";
import { deriveRunId } from "../../engine/journal/manifest.ts";
import { createJournal, type JournalWriter } from "../../engine/journal/writer.ts";
import { createAgentMarket } from "../../lab/drivers/agents.ts";
import { createExchange } from "../../lab/exchange/exchange.ts";
import type { ExchangeOutput, MarketDriver, SimulatedExchange } from "../../lab/ports.ts";
import type { FaultCounts } from "../../lab/world/faults.ts";
import { World } from "../../lab/world/world.ts";
import { CODE_VERSION } from "../version.ts";
import { Auditor } from "./auditor.ts";
import { drawCase, type SwarmCase } from "./draw.ts";
import { Marks } from "./marks.ts";
import { Operator } from "./operator.ts";
import { compareBooks, findUnsettled } from "./settled.ts";
import type { Violation } from "./violation.ts";
import { watch } from "./witness.ts";

/** Outages end, accounts reconcile and quotes come back before the stop. */
const CALM_US = 5 * MICROS_PER_SECOND;

/** The longest outage, the longest request expiry, both margins of the seal, and room for some questions. */
const SETTLE_US = 20 * MICROS_PER_SECOND;

/** Steps between two looks at the journal's disk. */
const SLICE = 8_192;

const NOBODY: ExchangeOutput = { public: () => undefined, private: () => undefined };

type Handle = (event: EngineEvent) => readonly Effect[];

export interface SeedOptions {
  /** Market records with faults. */
  readonly ticks: number;
  readonly journalDir?: string | undefined;
  /** For the tests of the swarm itself: puts a known bug between the world and the engine. */
  readonly plant?: ((run: EngineRun) => Handle) | undefined;
}

export interface SeedResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly events: number;
  readonly orders: number;
  readonly fills: number;
  readonly faults: FaultCounts;
  readonly marks: ReadonlyMap<string, number>;
  readonly stateHash: string;
}

export async function runSeed(seed: number, options: SeedOptions): Promise<SeedResult> {
  const swarmCase = drawCase(seed);
  const { config, agents } = swarmCase;
  const journal =
    options.journalDir === undefined
      ? undefined
      : createJournal(options.journalDir, {
          runId: deriveRunId(config, seed, `swarm ${seed} ${options.ticks}`),
          what: "simulation",
          codeVersion: CODE_VERSION,
          config,
          seed,
          startedAtUs: agents.startAtUs,
        });
  try {
    const result = await runThrough(seed, swarmCase, options, journal);
    await journal?.close({ stateHash: result.stateHash });
    return result;
  } catch (error) {
    await journal?.close().catch(() => undefined);
    throw error;
  }
}

async function runThrough(
  seed: number,
  swarmCase: SwarmCase,
  { ticks, plant }: SeedOptions,
  journal: JournalWriter | undefined,
): Promise<SeedResult> {
  const { config, agents, latency, faults } = swarmCase;
  const venues = openExchanges(swarmCase);
  const broughtIn = venues.map((exchange, account) => balancesOf(exchange, account));
  const auditor = new Auditor(config, broughtIn);
  const marks = new Marks();
  const run = new EngineRun(config, { journal });
  const handle = plant?.(run) ?? ((event: EngineEvent) => run.handle(event));
  const exchanges = venues.map((exchange) =>
    watch(exchange, {
      arrived: (request) => auditor.arrived(request),
      happened(account, report, atUs) {
        marks.happened(report, auditor.orders);
        auditor.happened(account, report, atUs);
      },
      published: (event) => auditor.published(event),
    }),
  );
  for (const order of swarmCase.leftovers) {
    auditor.orders.placed(order);
    exchanges[order.account]?.place(order.account, order, agents.startAtUs, NOBODY);
  }
  const operator = new Operator({ seed, config, startAtUs: agents.startAtUs, exchanges });
  const broken = new Set<string>();

  const consume: Handle = (event) => {
    auditor.told(event);
    const effects = handle(event);
    auditor.answered(event, effects);
    marks.answered(event, effects);
    operator.saw(effects, event.atUs);
    for (const effect of effects)
      if (effect.type === "notice" && effect.code === "BALANCE_BREAK") broken.add(effect.scope);
    return effects;
  };
  const market = stageMarket(createAgentMarket(agents, config), ticks);
  let hasHealed = false;
  let hasStopped = false;
  const world: World = new World({
    config,
    exchanges,
    driver: market,
    latency,
    faults,
    seed,
    engine(event) {
      const effects: Effect[] = [];
      const { healsAtUs } = market;
      if (!hasHealed && healsAtUs !== undefined && event.atUs >= healsAtUs) {
        hasHealed = true;
        world.heal();
        operator.leave();
      }
      for (let due = operator.next(event.atUs); due !== undefined; due = operator.next(event.atUs))
        effects.push(...consume(due));
      if (!hasStopped && healsAtUs !== undefined && event.atUs >= healsAtUs + CALM_US) {
        hasStopped = true;
        effects.push(...consume(operator.stop(event.atUs)));
      }
      effects.push(...consume(event));
      return effects;
    },
  });

  const violations = auditor.violations;
  try {
    while (!world.advance(SLICE)) if (!run.journalHasRoom) await journal?.drained();
    violations.push(...findUnsettled(run.engine, exchanges, (account) => broken.has(account)));
    for (const { account, asset, amountAtoms } of operator.transfers) {
      const start = broughtIn[account];
      start?.set(asset, (start.get(asset) ?? 0n) + amountAtoms);
    }
    violations.push(...compareBooks(run.engine, { exchanges, fills: auditor.fills, broughtIn }));
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    violations.push({ atUs: run.engine.state.nowUs, code: "CRASH", what });
  }
  return {
    seed,
    violations,
    events: run.seq,
    orders: run.engine.state.counts.orders,
    fills: auditor.fills.length,
    faults: world.result().faults,
    marks: marks.counts,
    stateHash: run.stateHash(),
  };
}

interface StagedMarket extends MarketDriver {
  /** Where the trouble ends, once that many records have come. */
  readonly healsAtUs: number | undefined;
}

/** The market of the case: so many records of trouble, then on until the desk must have come to rest. */
function stageMarket(driver: MarketDriver, ticks: number): StagedMarket {
  let served = 0;
  let healsAtUs: number | undefined;
  return {
    get healsAtUs() {
      return healsAtUs;
    },
    next() {
      const record = driver.next();
      if (record === undefined) return undefined;
      served += 1;
      if (served === ticks) healsAtUs = record.exchangeAtUs;
      if (healsAtUs !== undefined && record.exchangeAtUs > healsAtUs + CALM_US + SETTLE_US) return undefined;
      return record;
    },
  };
}

function openExchanges({ config, deposits }: SwarmCase): SimulatedExchange[] {
  return config.accounts.map(({ account }, index) => {
    const exchange = createExchange({ config, accounts: [index] });
    for (const deposit of deposits) {
      const decimals = config.assets.find(({ asset }) => asset === deposit.asset)?.decimals;
      if (deposit.account !== account || decimals === undefined) continue;
      exchange.deposit(index, deposit.asset, decimalToScaled(deposit.amount, decimals));
    }
    return exchange;
  });
}

function balancesOf(exchange: SimulatedExchange, account: number): Map<string, bigint> {
  return new Map(exchange.balances(account).map(({ asset, totalAtoms }) => [asset, totalAtoms]));
}
