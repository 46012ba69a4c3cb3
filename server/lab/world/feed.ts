/**
 * The public channel of every instrument, venue to desk, first in first out. Data of a recording arrives
 * when the recording's receiver saw it; all else after the account's feed latency.
 */
import type { EngineEvent } from "../../contract/events.ts";
import type { MarketRecord, PublicEvent } from "../ports.ts";
import type { Agenda } from "./agenda.ts";
import { RANK } from "./agenda.ts";
import type { FaultCounts } from "./faults.ts";

export interface Feed {
  /** What the following public events come from: a market record, or (undefined) one of our requests. */
  from(record: MarketRecord | undefined): void;
  publish(event: PublicEvent): void;
  /** A record from before the desk was connected: it is not delivered, but shows what channel it is. */
  foresee(record: MarketRecord): void;
  /** Holds the instrument's channel up until `untilUs`: nothing is lost. */
  hold(instrument: number, untilUs: number): void;
  /** The desk is told of a gap; what is published until `resume` is lost. */
  breakOff(instrument: number): void;
  resume(instrument: number): void;
}

interface FeedOptions {
  readonly agenda: Agenda;
  /** Feed latency of each instrument's account. */
  readonly latency: readonly (() => number)[];
  readonly counts: FaultCounts;
  readonly deliver: (event: EngineEvent) => void;
}

/** A message whose arrival is our estimate, on a channel that also carries messages with a recorded arrival. */
interface Estimated {
  readonly atUs: number;
  readonly send: () => void;
  isMoved: boolean;
}

interface Channel {
  /** Nothing new arrives before this. */
  lastUs: number;
  /** No recorded arrival is moved before this. */
  lastRecordedUs: number;
  isRecorded: boolean;
  isBroken: boolean;
  estimated: Estimated[];
}

export function createFeed({ agenda, latency, counts, deliver }: FeedOptions): Feed {
  const channels = latency.map((): Channel => ({
    lastUs: 0,
    lastRecordedUs: 0,
    isRecorded: false,
    isBroken: false,
    estimated: [],
  }));
  let source: MarketRecord | undefined;
  /** Drawn once per call at the exchange: what one call causes travels together. */
  let latencyUs: number | undefined;

  function channelOf(instrument: number): Channel {
    const channel = channels[instrument];
    if (channel === undefined)
      throw new Error(`invariant: a public event of unknown instrument ${instrument}`);
    return channel;
  }

  function send(event: PublicEvent): void {
    const venueAtUs = source === undefined ? agenda.nowUs() : source.venueAtUs;
    enqueue(event.instrument, () => deliver(toEngineEvent(event, agenda.nowUs(), venueAtUs)));
  }

  function enqueue(instrument: number, task: () => void): void {
    const channel = channelOf(instrument);
    if (source?.receivedAtUs !== undefined) {
      const atUs = Math.max(source.receivedAtUs, agenda.nowUs(), channel.lastRecordedUs);
      channel.isRecorded = true;
      bringForward(channel, atUs);
      channel.lastRecordedUs = atUs;
      channel.lastUs = atUs;
      agenda.at(atUs, RANK.feed, task);
      return;
    }
    latencyUs ??= latency[instrument]?.() ?? 0;
    const atUs = Math.max(agenda.nowUs() + latencyUs, channel.lastUs);
    channel.lastUs = atUs;
    if (channel.isRecorded) track(channel, { atUs, send: task, isMoved: false });
    else agenda.at(atUs, RANK.feed, task);
  }

  function track(channel: Channel, message: Estimated): void {
    channel.estimated = channel.estimated.filter((m) => m.atUs > agenda.nowUs());
    channel.estimated.push(message);
    agenda.at(message.atUs, RANK.feed, () => {
      if (!message.isMoved) message.send();
    });
  }

  /** What left the venue before a recorded message may not arrive after it: levels are absolute sizes. */
  function bringForward(channel: Channel, atUs: number): void {
    for (const message of channel.estimated) {
      if (message.atUs <= atUs) continue;
      message.isMoved = true;
      agenda.at(atUs, RANK.feed, message.send);
    }
    channel.estimated = [];
  }

  function from(record: MarketRecord | undefined): void {
    source = record;
    latencyUs = undefined;
  }

  return {
    from,
    publish(event) {
      if (channelOf(event.instrument).isBroken) counts.publicLost += 1;
      else send(event);
    },
    foresee({ instrument, receivedAtUs }) {
      if (receivedAtUs !== undefined) channelOf(instrument).isRecorded = true;
    },
    hold(instrument, untilUs) {
      const channel = channelOf(instrument);
      channel.lastUs = Math.max(channel.lastUs, untilUs);
      channel.lastRecordedUs = Math.max(channel.lastRecordedUs, untilUs);
    },
    breakOff(instrument) {
      from(undefined);
      send({ type: "feed", instrument, status: "gap" });
      channelOf(instrument).isBroken = true;
    },
    resume(instrument) {
      channelOf(instrument).isBroken = false;
    },
  };
}

function toEngineEvent(event: PublicEvent, atUs: number, venueAtUs: number | undefined): EngineEvent {
  switch (event.type) {
    case "book":
      return {
        type: "book",
        atUs,
        instrument: event.instrument,
        kind: event.kind,
        venueAtUs,
        bids: event.bids,
        asks: event.asks,
      };
    case "trade":
      return {
        type: "trade",
        atUs,
        instrument: event.instrument,
        venueAtUs,
        priceTicks: event.priceTicks,
        sizeLots: event.sizeLots,
        aggressor: event.aggressor,
      };
    case "feed":
      return { type: "feed", atUs, instrument: event.instrument, status: event.status };
  }
}
