/** A public channel that is subscribed to by symbol. */
import type { Json } from "./json.ts";
import type { Pair } from "./pairs.ts";
import type { Params } from "./params.ts";
import type { Session } from "./session.ts";

export interface SymbolFeed {
  readonly channel: string;
  /** What is wrong with the parameters of a subscription. */
  check(params: Params): string | undefined;
  /** Told back in the acknowledgement. */
  describe(params: Params): { readonly [key: string]: Json };
  has(session: Session, pair: Pair): boolean;
  /** A snapshot goes out at once, where one is wanted. */
  add(session: Session, pair: Pair, params: Params): void;
  remove(session: Session, pair: Pair): void;
  /** The socket is closed. */
  drop(session: Session): void;
}

/** Who listens to which instrument. */
export interface Listeners {
  of(instrument: number): ReadonlySet<Session>;
  add(session: Session, instrument: number): void;
  remove(session: Session, instrument: number): void;
  drop(session: Session): void;
}

const NOBODY: ReadonlySet<Session> = new Set();

export function createListeners(): Listeners {
  const sessions = new Map<number, Set<Session>>();
  return {
    of: (instrument) => sessions.get(instrument) ?? NOBODY,
    add(session, instrument) {
      const listening = sessions.get(instrument) ?? new Set();
      sessions.set(instrument, listening.add(session));
    },
    remove(session, instrument) {
      sessions.get(instrument)?.delete(session);
    },
    drop(session) {
      for (const listening of sessions.values()) listening.delete(session);
    },
  };
}
