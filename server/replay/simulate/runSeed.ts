/**
 * One seed of the swarm: trouble for a number of market records, then faults off and a short calm, then the desk
 * is stopped and must come to rest while the market goes on. The auditor judges every step of it.
 */
import type { Effect } from "../../contract/effects.ts";
import type { EngineEvent } from "../../contract/events.ts";
import { UserError } from "../../contract/errors.ts";
import { EngineRun } from "../../engine/engineRun.ts";
import { deriveRunId } from "../../engine/journal/manifest.ts";
import { createJournal, type JournalWriter } from "../../engine/journal/writer.ts";
import { createAgentMarket } from "../../lab/drivers/agents.ts";
import type { SimulatedExchange } from "../../lab/ports.ts";
import type { FaultCounts } from "../../lab/world/faults.ts";
import { World } from "../../lab/world/world.ts";
import { CODE_VERSION } from "../../engine/version.ts";
import { Auditor } from "./auditor.ts";
import { drawCase, type SwarmCase } from "./draw.ts";
import { Marks } from "./marks.ts";
import { Operator } from "./operator.ts";
import { compareBooks, findUnsettled } from "./settled.ts";
import { balancesOf, CALM_US, placeLeftovers, stageMarket, type StagedMarket } from "./stage.ts";
import type { Violation } from "./violation.ts";
import { openExchanges } from "../backtest.ts";
import { watch } from "./witness.ts";

/** Steps between two looks at the journal's disk. */
const SLICE = 8_192;

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
  const run = new EngineRun(config, { journal });
  const venues = openExchanges(swarmCase);
  const stock = venues.map((exchange, account) => balancesOf(exchange, account));
  const auditor = new Auditor(config, stock);
  const marks = new Marks();
  for (const order of swarmCase.leftovers) auditor.orders.placed(order);
  const exchanges = venues.map((exchange) => watchBoth(exchange, auditor, marks));
  placeLeftovers(swarmCase, exchanges);
  const operator = new Operator({ seed, config, startAtUs: agents.startAtUs, exchanges });
  const handle = judged({ handle: plant?.(run) ?? ((event) => run.handle(event)), auditor, marks, operator });
  const market = stageMarket(createAgentMarket(agents, config), ticks);
  const engine = inPhases({ handle, operator, market, heal: () => world.heal() });
  const world: World = new World({ config, exchanges, driver: market, latency, faults, seed, engine });

  const violations = [...(await runToEnd(world, run, auditor, journal)), ...auditor.violations];
  if (violations.length === 0) {
    violations.push(...findUnsettled(run.engine, exchanges, (account) => marks.hasBreak(account)));
    for (const { account, asset, amountAtoms } of operator.transfers) {
      const start = stock[account];
      start?.set(asset, (start.get(asset) ?? 0n) + amountAtoms);
    }
    violations.push(...compareBooks(run.engine, { exchanges, fills: auditor.fills, broughtIn: stock }));
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

/**
 * What breaks an invariant ends the run and is its first violation; a full disk is nobody's but the operator's. What the
 * auditor finds ends it soon: a storm of requests may never end by itself.
 */
async function runToEnd(
  world: World,
  run: EngineRun,
  auditor: Auditor,
  journal: JournalWriter | undefined,
): Promise<Violation[]> {
  try {
    while (!world.advance(SLICE) && auditor.violations.length === 0)
      if (!run.journalHasRoom) await journal?.drained();
    return [];
  } catch (error) {
    if (error instanceof UserError || !(error instanceof Error)) throw error;
    return [{ atUs: run.engine.state.nowUs, code: "CRASH", what: error.stack ?? error.message }];
  }
}

function watchBoth(exchange: SimulatedExchange, auditor: Auditor, marks: Marks): SimulatedExchange {
  return watch(exchange, {
    arrived: (request) => auditor.arrived(request),
    happened(account, report, atUs) {
      marks.happened(report, auditor.orders);
      auditor.happened(account, report, atUs);
    },
    published: (event) => auditor.published(event),
  });
}

interface Judged {
  readonly handle: Handle;
  readonly auditor: Auditor;
  readonly marks: Marks;
  readonly operator: Operator;
}

/** The desk with everyone who looks over its shoulder. */
function judged({ handle, auditor, marks, operator }: Judged): Handle {
  return (event) => {
    auditor.told(event);
    const effects = handle(event);
    auditor.answered(event, effects);
    marks.answered(event, effects);
    operator.saw(effects, event.atUs);
    return effects;
  };
}

interface Phases {
  readonly handle: Handle;
  readonly operator: Operator;
  readonly market: StagedMarket;
  readonly heal: () => void;
}

/** Puts the operator's acts between the world's events: first at random, then nothing, then the stop. */
function inPhases({ handle, operator, market, heal }: Phases): Handle {
  let phase: "trouble" | "calm" | "stopped" = "trouble";
  return (event) => {
    const effects: Effect[] = [];
    const { healsAtUs = Infinity } = market;
    if (phase === "trouble" && event.atUs >= healsAtUs) {
      phase = "calm";
      heal();
      operator.leave();
    }
    for (let due = operator.next(event.atUs); due !== undefined; due = operator.next(event.atUs))
      effects.push(...handle(due));
    if (phase === "calm" && event.atUs >= healsAtUs + CALM_US) {
      phase = "stopped";
      effects.push(...handle(operator.stop(event.atUs)));
    }
    effects.push(...handle(event));
    return effects;
  };
}
