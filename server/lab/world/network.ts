/** Everything between desk and venues: per account the way of requests and of reports, and the public feed. */
import type { OrderEffect } from "../../contract/effects.ts";
import type { EngineEvent } from "../../contract/events.ts";
import type { EngineConfig } from "../../contract/config.ts";
import type { ExchangeOutput, MarketRecord, SimulatedExchange } from "../ports.ts";
import type { Agenda } from "./agenda.ts";
import { RANK } from "./agenda.ts";
import type { FaultCounts, Faults, FaultPlan } from "./faults.ts";
import { createFaults } from "./faults.ts";
import { createFeed } from "./feed.ts";
import type { LatencyProfile, LatencySampler } from "./latency.ts";
import { createLatencySampler } from "./latency.ts";
import { scheduleOutages } from "./outages.ts";
import type { FillReport, PrivateChannel } from "./privateChannel.ts";
import { createPrivateChannel } from "./privateChannel.ts";
import { createRequests } from "./requests.ts";

export interface NetworkOptions {
  readonly config: Pick<EngineConfig, "accounts" | "instruments">;
  /** By position of the account; accounts at one venue may share an exchange. */
  readonly exchanges: readonly SimulatedExchange[];
  readonly latency: LatencyProfile;
  readonly faults: FaultPlan;
  readonly seed: number;
  readonly agenda: Agenda;
  readonly counts: FaultCounts;
  readonly deliver: (event: EngineEvent) => void;
  /** Fills of an account as its venue has kept them, for an account that is older than this network. */
  readonly fillsSince?: ((account: number, sinceUs: number) => readonly FillReport[]) | undefined;
}

export interface Network {
  /** Sends a request or a question of the engine on its way. */
  send(effect: OrderEffect): void;
  /** The record happens at its exchange now. */
  applyMarket(record: MarketRecord): void;
  /** The same before the desk is connected: it shapes the book and is nobody's news. */
  preload(record: MarketRecord): void;
  /** Has the exchange publish an instrument's whole book. */
  resubscribe(instrument: number): void;
  /** Brings the accounts up, and from then on the outages of the plan happen. */
  open(): void;
  /** Nothing new goes wrong from now on. */
  heal(): void;
}

interface Line {
  readonly account: number;
  readonly exchange: SimulatedExchange;
  readonly latency: LatencySampler;
  readonly faults: Faults;
  readonly channel: PrivateChannel;
}

export function createNetwork(options: NetworkOptions): Network {
  const { config, agenda, counts, deliver } = options;
  const lines = config.accounts.map((_, account) => createLine(options, account));
  const lineOfInstrument = config.instruments.map((i) => {
    const line = lines[config.accounts.findIndex((a) => a.account === i.account)];
    if (line === undefined) throw new Error(`invariant: instrument of unknown account ${i.account}`);
    return line;
  });
  const feed = createFeed({ agenda, latency: lineOfInstrument.map((l) => l.latency.feed), counts, deliver });
  const output: ExchangeOutput = {
    public: (event) => feed.publish(event),
    private: (account, report) => found(lines[account]).channel.report(report),
  };
  const silent: ExchangeOutput = { public: () => undefined, private: () => undefined };
  /** For what one of our own requests causes. */
  const ownOutput = () => {
    feed.from(undefined);
    return output;
  };
  const requests = lines.map((line) =>
    createRequests({ ...line, agenda, entryUs: line.latency.entry, output: ownOutput, deliver }),
  );
  const resubscribe = (instrument: number) =>
    found(lineOfInstrument[instrument]).exchange.snapshot(instrument, ownOutput());

  return {
    send: (effect) => found(requests[effect.account])(effect),
    applyMarket(record) {
      feed.from(record);
      found(lineOfInstrument[record.instrument]).exchange.applyMarket(record, agenda.nowUs(), output);
    },
    preload(record) {
      feed.foresee(record);
      found(lineOfInstrument[record.instrument]).exchange.applyMarket(record, record.exchangeAtUs, silent);
    },
    resubscribe,
    open() {
      for (const line of lines) {
        const instruments = [...lineOfInstrument.keys()].filter((i) => lineOfInstrument[i] === line);
        agenda.at(agenda.nowUs(), RANK.report, () => line.channel.comeUp());
        scheduleOutages({ ...line, agenda, feed, instruments, resubscribe });
      }
    },
    heal() {
      for (const line of lines) line.faults.heal();
    },
  };
}

function createLine(options: NetworkOptions, account: number): Line {
  const { agenda, counts, seed, deliver, fillsSince } = options;
  const name = found(options.config.accounts[account]).account;
  const latency = createLatencySampler(options.latency, name, seed);
  const faults = createFaults({ plan: options.faults, account: name, seed, counts });
  const channel = createPrivateChannel({
    account,
    agenda,
    responseUs: latency.response,
    faults,
    deliver,
    fillsSince: fillsSince && ((sinceUs) => fillsSince(account, sinceUs)),
  });
  return { account, exchange: found(options.exchanges[account]), latency, faults, channel };
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("invariant: no such account or instrument");
  return value;
}
