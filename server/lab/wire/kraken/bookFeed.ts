/** The `book` channel: a snapshot, then every change, each with the checksum of the book after it. */
import { withGhost } from "../core/bookChanges.ts";
import type { PublicBook } from "../ports.ts";
import { advance, bookText, checksumOf } from "./bookView.ts";
import type { BookView } from "./bookView.ts";
import { wholeOf } from "./params.ts";
import type { Params } from "./params.ts";
import { sendText } from "./session.ts";
import type { Session } from "./session.ts";
import type { SymbolFeed } from "./symbolFeed.ts";
import type { KrakenVenue } from "./venue.ts";

const DEPTHS: readonly number[] = [10, 25, 100, 500, 1_000];
const DEPTH_DEFAULT = 10;

export interface BookFeed extends SymbolFeed {
  /** The core's book of the instrument has changed, or was said anew. */
  changed(instrument: number, kind: "snapshot" | "delta"): void;
}

interface Subscribers {
  readonly view: BookView;
  readonly sessions: Set<Session>;
}

export function createBookFeed(venue: KrakenVenue): BookFeed {
  const { core, pairs, faults } = venue;
  const byInstrument = new Map<number, Map<number, Subscribers>>();

  function sendSnapshot(instrument: number, view: BookView, sessions: Iterable<Session>): void {
    const pair = pairs.of(instrument);
    const levels = { bids: view.bids, asks: view.asks };
    const atUs = core.nowUs();
    const text = bookText(pair, view, { type: "snapshot", levels, checksum: checksumOf(pair, view), atUs });
    for (const session of sessions) sendText(session, text, "feed", atUs);
  }

  function sendUpdate(
    instrument: number,
    { view, sessions }: Subscribers,
    once: OnceFaults,
    book: PublicBook,
  ): void {
    const changes = advance(view, once.crosses ? crossed(book) : book);
    if (changes === undefined || once.skips) return;
    const ghost = withGhost(changes);
    const levels = ghost !== undefined && once.ghosts() ? ghost : changes;
    const pair = pairs.of(instrument);
    const checksum = once.spoils ? (checksumOf(pair, view) ^ 1) >>> 0 : checksumOf(pair, view);
    const atUs = core.nowUs();
    const text = bookText(pair, view, { type: "update", levels, checksum, atUs });
    for (const session of sessions) sendText(session, text, "feed", atUs);
  }

  return {
    channel: "book",
    check(params: Params) {
      const depth = params["depth"] === undefined ? DEPTH_DEFAULT : wholeOf(params, "depth");
      if (depth === undefined || !DEPTHS.includes(depth)) return "Subscription depth not supported";
      return undefined;
    },
    describe: (params) => ({
      depth: wholeOf(params, "depth") ?? DEPTH_DEFAULT,
      snapshot: params["snapshot"] !== false,
    }),
    has: (session, { instrument }) =>
      [...(byInstrument.get(instrument)?.values() ?? [])].some(({ sessions }) => sessions.has(session)),
    add(session, { instrument }, params) {
      const depth = wholeOf(params, "depth") ?? DEPTH_DEFAULT;
      const depths = byInstrument.get(instrument) ?? new Map<number, Subscribers>();
      byInstrument.set(instrument, depths);
      const subscribers = depths.get(depth) ?? { view: { depth, bids: [], asks: [] }, sessions: new Set() };
      depths.set(depth, subscribers);
      if (subscribers.sessions.size === 0) advance(subscribers.view, core.book(instrument));
      subscribers.sessions.add(session);
      if (params["snapshot"] !== false) sendSnapshot(instrument, subscribers.view, [session]);
    },
    remove(session, { instrument }) {
      for (const { sessions } of byInstrument.get(instrument)?.values() ?? []) sessions.delete(session);
    },
    drop(session) {
      for (const depths of byInstrument.values())
        for (const { sessions } of depths.values()) sessions.delete(session);
    },
    changed(instrument, kind) {
      const followed = [...(byInstrument.get(instrument)?.values() ?? [])].filter(
        ({ sessions }) => sessions.size > 0,
      );
      if (followed.length === 0) return;
      const book = core.book(instrument);
      if (kind === "snapshot")
        for (const { view, sessions } of followed) {
          advance(view, book);
          sendSnapshot(instrument, view, sessions);
        }
      else {
        let ghosts: boolean | undefined;
        const once = {
          skips: faults.take("gap", instrument),
          spoils: faults.take("badChecksum", instrument),
          crosses: faults.take("crossedBook", instrument),
          ghosts: () => (ghosts ??= faults.take("ghostLevel", instrument)),
        };
        for (const subscribers of followed) sendUpdate(instrument, subscribers, once, book);
      }
    },
  };
}

interface OnceFaults {
  readonly skips: boolean;
  readonly spoils: boolean;
  readonly crosses: boolean;
  /** Asked once a level is gone; the same for every depth. */
  readonly ghosts: () => boolean;
}

/** With a bid above the best ask. The next change takes it back: the core's book has no such level. */
function crossed(book: PublicBook): Pick<PublicBook, "bids" | "asks"> {
  const [askTicks, askLots] = book.asks;
  if (askTicks === undefined || askLots === undefined) return book;
  return { bids: [askTicks + 1, askLots, ...book.bids], asks: book.asks };
}
