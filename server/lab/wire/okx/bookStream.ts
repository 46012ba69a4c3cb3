/**
 * One book channel of one instrument: a snapshot for whoever subscribes, then what changed since the last message, or
 * the whole top where the channel is shallow. A message names the sequence number of the one before it.
 */
import type { Instrument } from "../../../contract/instrument.ts";
import { MICROS_PER_MS, MICROS_PER_SECOND } from "../../../contract/units.ts";
import { changesOf, withGhost } from "../core/bookChanges.ts";
import type { VenueCore } from "../ports.ts";
import { crossed, firstLevels, levelTexts } from "./bookLevels.ts";
import type { Levels } from "./bookLevels.ts";
import { checksumOf } from "./checksum.ts";
import { instIdOf } from "./instruments.ts";
import type { ChannelArg, Session } from "./session.ts";
import { msText } from "./text.ts";

export interface BookChannel {
  readonly depth: number;
  readonly everyMs: number;
  readonly tells: "changes" | "top";
}

export const BOOK_CHANNELS: Readonly<Record<string, BookChannel>> = {
  books: { depth: 400, everyMs: 100, tells: "changes" },
  books5: { depth: 5, everyMs: 100, tells: "top" },
  "bbo-tbt": { depth: 1, everyMs: 10, tells: "top" },
};

export type BookFault = "gap" | "badChecksum" | "crossedBook" | "ghostLevel";

export interface BookStream {
  subscribe(session: Session, arg: ChannelArg): void;
  unsubscribe(session: Session): void;
  /** Sends what is due. */
  tick(): void;
  /** Of the next message. */
  fault(kind: BookFault): void;
}

const NOTHING: Levels = { bids: [], asks: [] };
/** An empty message is sent when nothing changes for so long. */
const SILENCE_MAX_US = 60 * MICROS_PER_SECOND;
const FIRST_SEQ_ID = 10_000_000;

export function createBookStream(core: VenueCore, instrument: number, channel: BookChannel): BookStream {
  const subscribers = new Map<Session, ChannelArg>();
  const armed = new Set<BookFault>();
  let definition = definitionOf(core, instrument);
  /** What subscribers have, or undefined while there are none. */
  let shown: Levels | undefined;
  let seenUpdates = -1;
  let seqId = FIRST_SEQ_ID;
  let sentAtUs = 0;

  function send(action: "snapshot" | "update" | undefined, row: object): void {
    sentAtUs = core.nowUs();
    for (const [session, arg] of subscribers) session.send({ arg, action, data: [row] }, "feed");
  }

  function row(bids: readonly number[], asks: readonly number[], prevSeqId: number): object {
    const { bids: bestBids, asks: bestAsks } = firstLevels(shown ?? NOTHING, CHECKED_LEVELS);
    const checksum = checksumOf(levelTexts(definition, bestBids), levelTexts(definition, bestAsks));
    return {
      asks: levelTexts(definition, asks),
      bids: levelTexts(definition, bids),
      ts: msText(core.nowUs()),
      checksum: armed.delete("badChecksum") ? checksum ^ 1 : checksum,
      prevSeqId,
      seqId,
    };
  }

  function topRow({ bids, asks }: Levels): object {
    return {
      asks: levelTexts(definition, asks),
      bids: levelTexts(definition, bids),
      ...(channel.depth > 1 ? { instId: instIdOf(definition) } : {}),
      ts: msText(core.nowUs()),
      seqId,
    };
  }

  function snapshotRow(levels: Levels): object {
    return channel.tells === "top" ? topRow(levels) : row(levels.bids, levels.asks, -1);
  }

  const snapshotAction = channel.tells === "top" ? undefined : "snapshot";

  function current(): Levels {
    const book = core.book(instrument);
    const isCrossed = armed.delete("crossedBook");
    // A book that is told crossed is put right by the next message, whether or not it changes.
    seenUpdates = isCrossed ? -1 : book.updates;
    return firstLevels(isCrossed ? crossed(book) : book, channel.depth);
  }

  function publish(): void {
    const from = shown ?? NOTHING;
    const to = current();
    const changes = { bids: changesOf(from.bids, to.bids, 1), asks: changesOf(from.asks, to.asks, -1) };
    if (changes.bids.length === 0 && changes.asks.length === 0) return;
    const ghost = withGhost(changes);
    const { bids, asks } = ghost !== undefined && armed.delete("ghostLevel") ? ghost : changes;
    const prevSeqId = seqId++;
    shown = to;
    const message = channel.tells === "top" ? topRow(to) : row(bids, asks, prevSeqId);
    if (armed.delete("gap")) return;
    send(channel.tells === "top" ? undefined : "update", message);
  }

  return {
    subscribe(session, arg) {
      definition = definitionOf(core, instrument);
      shown ??= current();
      subscribers.set(session, arg);
      session.send({ arg, action: snapshotAction, data: [snapshotRow(shown)] }, "feed");
      sentAtUs ||= core.nowUs();
    },
    unsubscribe(session) {
      subscribers.delete(session);
      if (subscribers.size === 0) shown = undefined;
    },
    tick() {
      if (shown === undefined) return;
      const nowUs = core.nowUs();
      if (definition !== definitionOf(core, instrument)) {
        // In new ticks: nothing of what was told still holds.
        definition = definitionOf(core, instrument);
        shown = current();
        seqId++;
        return send(snapshotAction, snapshotRow(shown));
      }
      // A clock that was set back must not silence the channel.
      if (nowUs >= sentAtUs && nowUs - sentAtUs < channel.everyMs * MICROS_PER_MS) return;
      if (core.book(instrument).updates !== seenUpdates || armed.has("crossedBook")) publish();
      if (channel.tells === "changes" && nowUs - sentAtUs >= SILENCE_MAX_US)
        send("update", row([], [], seqId));
    },
    fault(kind) {
      // Whoever is told the whole top keeps nothing that is gone.
      if (kind !== "ghostLevel" || channel.tells === "changes") armed.add(kind);
    },
  };
}

/** As many as the checksum covers. */
const CHECKED_LEVELS = 25;

function definitionOf(core: VenueCore, instrument: number): Instrument {
  const found = core.listings.find((listing) => listing.instrument === instrument);
  if (found === undefined) throw new Error(`invariant: this venue does not list instrument ${instrument}`);
  return found.definition;
}
