/** What the engine shows: state topics to those who watch, and answers to questions. */
import { getHeapStatistics } from "node:v8";
import { UserError } from "../../contract/errors.ts";
import { STATE_PERIOD_MS, type Question, type StateTopic, type SystemView } from "../../contract/link.ts";
import { viewEstimates } from "../../core/estimatesView.ts";
import type { DeskView } from "../../contract/views.ts";
import { viewDesk } from "../../core/view.ts";
import type { LinkServer } from "../../link/server.ts";
import type { EngineRun } from "../engineRun.ts";
import type { History } from "./history.ts";
import type { Journaling } from "./journaling.ts";
import type { Meter } from "./meter.ts";
import type { EngineService } from "./service.ts";
import { viewMarketDetail, viewOpenOrders, viewParameters, viewShape } from "./views.ts";

const SYSTEM_PERIOD_MS = 1_000;

export interface PublisherParts {
  readonly run: EngineRun;
  readonly service: EngineService;
  readonly journaling: Journaling;
  readonly history: History;
  readonly meter: Meter;
  readonly profile: string;
  readonly clockSpeed: number;
  readonly startedAtUs: number;
  /** What of the earlier run could not be taken up. */
  readonly leftOut: string | undefined;
  readonly wallUs: () => number;
}

export class Publisher {
  readonly #parts: PublisherParts;
  #timers: NodeJS.Timeout[] = [];
  #publishedSeq = -1;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  start(link: LinkServer): void {
    this.#timers = [
      setInterval(() => this.#guarded(() => this.#publishViews(link)), STATE_PERIOD_MS),
      setInterval(() => this.#guarded(() => this.publishSystem(link)), SYSTEM_PERIOD_MS),
    ];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#parts.meter.stop();
  }

  publishSystem(link: LinkServer): void {
    this.#parts.meter.count(this.#parts.wallUs());
    if (link.hasWatchers("system")) link.publishState("system", this.#viewSystem());
  }

  /** What a new watcher gets at once. */
  current(topic: StateTopic): unknown {
    const { engine } = this.#parts.run;
    if (topic === "desk") return this.#viewDesk();
    if (topic === "system") return this.#viewSystem();
    return viewMarketDetail(engine, topic.slice("market ".length));
  }

  /** Throws a UserError when there is nothing that could be answered. */
  answer(question: Question): unknown {
    const { run, history, profile } = this.#parts;
    const { engine } = run;
    switch (question.ask) {
      case "shape":
        return viewShape(engine, profile);
      case "parameters":
        return viewParameters(engine);
      case "openOrders":
        return viewOpenOrders(engine);
      case "desk":
        return this.#viewDesk();
      case "system":
        return this.#viewSystem();
      case "history": {
        const answer = history.read(question.market, question.fromS, question.stepS);
        if (answer === undefined) throw new UserError(`there is no market ${question.market} on this desk`);
        return answer;
      }
      case "estimates": {
        const answer = viewEstimates(engine, question.market);
        if (answer === undefined) throw new UserError(`there is no market ${question.market} on this desk`);
        return answer;
      }
    }
  }

  #publishViews(link: LinkServer): void {
    const { run } = this.#parts;
    if (link.clients() === 0 || run.seq === this.#publishedSeq) return;
    this.#publishedSeq = run.seq;
    if (link.hasWatchers("desk")) link.publishState("desk", this.#viewDesk());
    for (const { market } of run.engine.state.markets) {
      const topic = `market ${market}` as const;
      if (link.hasWatchers(topic)) link.publishState(topic, viewMarketDetail(run.engine, market));
    }
  }

  /** A view that breaks an invariant has found what a decision may find next. */
  #guarded(publish: () => void): void {
    try {
      publish();
    } catch (error) {
      this.#parts.service.fail(error);
    }
  }

  /** With what the adapters say of their requests and readings, which no decision reads. */
  #viewDesk(): DeskView {
    const { run, service } = this.#parts;
    const desk = viewDesk(run.engine);
    const accounts = desk.accounts.map((account) => ({
      ...account,
      requests: service.budgets.get(account.account),
      tradeReads: service.tradeReads.get(account.account),
    }));
    return { ...desk, accounts };
  }

  #viewSystem(): SystemView {
    const { run, service, journaling, meter, profile, clockSpeed, startedAtUs, leftOut } = this.#parts;
    const { config, state } = run.engine;
    return {
      atUs: state.nowUs,
      profile,
      epoch: config.epoch,
      seq: run.seq,
      pid: process.pid,
      startedAtUs,
      clockSpeed,
      phase: service.phase,
      failure: service.failure,
      leftOut,
      eventsPerSecond: meter.eventsPerSecond,
      mailboxLagMs: service.mailbox.lagMs(),
      mailboxWaiting: service.mailbox.waiting,
      stepP99Us: meter.stepP99Us(),
      loopStallMs: meter.stallMs,
      journalSeq: journaling.durableSeq,
      // Of this thread: the process may host others.
      heapMb: getHeapStatistics().used_heap_size / 1e6,
      marketEnded: service.marketEnded,
      venues: config.accounts.map(({ account }, index) => ({
        account,
        connected: service.connections[index]?.connected ?? false,
        sinceUs: service.connections[index]?.sinceUs ?? startedAtUs,
      })),
    };
  }
}
