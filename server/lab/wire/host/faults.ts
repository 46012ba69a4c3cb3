/** The faults of one venue's wire that are under way: what hits the next request or report, and what lasts a while. */
import { MICROS_PER_MS } from "../../../contract/units.ts";
import type { RequestFault, WireFault, WireFaultKind } from "../../../contract/wireFaults.ts";

export type StreamKind = "feed" | "report" | "answer";
export type EventFault = Extract<WireFault, { kind: "duplicateEvent" | "reorderedEvents" | "lateEvent" }>;

/** Armed and not yet met; a desk that asks nothing collects no more than this. */
const ARMED_MAX = 100;

export interface WireFaults {
  /** Arms or begins a fault that is the wire's own. */
  begin(fault: OwnFault): void;
  /** What befalls this request; it is then over. */
  takeRequest(text: string): RequestFault | undefined;
  /** What befalls this order report; it is then over. */
  takeEvent(): EventFault | undefined;
  isSilent(carried: ReadonlySet<StreamKind>): boolean;
  /** How much longer the answer takes; without a text: the first data of a socket. */
  slowUs(text?: string): number;
  skewUs(): number;
  /** How far behind questions are answered now; undefined: not at all. */
  behindUs(): number | undefined;
  /** How far lists of own trades lag beyond that. */
  tradesBehindUs(): number;
  /** Lists of own trades begin before the point that was asked for. */
  hasOverlap(): boolean;
  /** How much longer every message takes now, whichever way it goes. */
  burstUs(): number;
  /** How many of each kind took effect; of those that a front-end carries out: were ordered. */
  readonly counts: Readonly<Partial<Record<WireFaultKind, number>>>;
  count(kind: WireFaultKind): void;
}

type LastingKind =
  | "silentStream"
  | "slowSnapshot"
  | "clockSkew"
  | "staleRest"
  | "lateTrades"
  | "overlappingTrades"
  | "latencyBurst";

/** What neither a front-end, nor the sockets, nor the lab by hand carries out. */
export type OwnFault = Extract<WireFault, { kind: RequestFault | EventFault["kind"] | LastingKind }>;

const OTHERS: Readonly<Record<Exclude<WireFaultKind, OwnFault["kind"]>, true>> = {
  disconnect: true,
  gap: true,
  badChecksum: true,
  crossedBook: true,
  ghostLevel: true,
  ban: true,
  rateLimited: true,
  maintenance: true,
  partialBatch: true,
  cancelRace: true,
  internalError: true,
  refusedCancel: true,
  overload: true,
  loginRefused: true,
  sessionExpired: true,
  externalOrder: true,
  halt: true,
  tickChange: true,
};

export function isWiresOwn(fault: WireFault): fault is OwnFault {
  return !Object.hasOwn(OTHERS, fault.kind);
}

/** `nowUs`: true time, which no fault sets wrong. */
export function createWireFaults(nowUs: () => number): WireFaults {
  const requests: Extract<OwnFault, { kind: RequestFault }>[] = [];
  const events: EventFault[] = [];
  const counts: Partial<Record<WireFaultKind, number>> = {};
  const lasting = new Map<LastingKind, { readonly fault: OwnFault; readonly untilUs: number }>();

  const count = (kind: WireFaultKind): void => void (counts[kind] = (counts[kind] ?? 0) + 1);
  function last<K extends LastingKind>(kind: K): Extract<OwnFault, { kind: K }> | undefined {
    const found = lasting.get(kind);
    if (found === undefined) return undefined;
    if (found.untilUs > nowUs()) return found.fault as Extract<OwnFault, { kind: K }>;
    lasting.delete(kind);
    return undefined;
  }

  /** Of a fault that lasts: how long it does already, and still will. */
  function span(kind: LastingKind, forMs: number): { readonly sinceUs: number; readonly leftUs: number } {
    const leftUs = (lasting.get(kind)?.untilUs ?? 0) - nowUs();
    return { sinceUs: forMs * MICROS_PER_MS - leftUs, leftUs };
  }

  return {
    counts,
    count,
    begin(fault) {
      switch (fault.kind) {
        case "duplicateEvent":
        case "reorderedEvents":
        case "lateEvent":
          if (events.length < ARMED_MAX) events.push(fault);
          return;
        case "silentStream":
        case "slowSnapshot":
        case "clockSkew":
        case "staleRest":
        case "lateTrades":
        case "overlappingTrades":
        case "latencyBurst":
          lasting.set(fault.kind, { fault, untilUs: nowUs() + fault.forMs * MICROS_PER_MS });
          return count(fault.kind);
        case "lostRequest":
        case "lostAnswer":
        case "noAnswer":
        case "stalledBody":
        case "cutBody":
        case "badJson":
        case "emptyBody":
        case "http503":
        case "http504":
          if (requests.length < ARMED_MAX) requests.push(fault);
      }
    },
    takeRequest(text) {
      if (requests.length === 0) return undefined;
      const at = requests.findIndex(({ match }) => match === undefined || text.includes(match));
      const [taken] = at === -1 ? [] : requests.splice(at, 1);
      if (taken !== undefined) count(taken.kind);
      return taken?.kind;
    },
    takeEvent() {
      const taken = events.shift();
      if (taken !== undefined) count(taken.kind);
      return taken;
    },
    isSilent(carried) {
      const silent = last("silentStream");
      return silent !== undefined && concerns(silent.of, carried);
    },
    slowUs(text) {
      const slow = last("slowSnapshot");
      if (slow === undefined) return 0;
      const matches = text === undefined || slow.match === undefined || text.includes(slow.match);
      return matches ? slow.delayMs * MICROS_PER_MS : 0;
    },
    skewUs: () => (last("clockSkew")?.offsetMs ?? 0) * MICROS_PER_MS,
    behindUs() {
      const stale = last("staleRest");
      return stale === undefined ? undefined : stale.behindMs * MICROS_PER_MS;
    },
    tradesBehindUs() {
      const late = last("lateTrades");
      if (late === undefined) return 0;
      // What was listed when it began stays listed.
      return Math.min(late.behindMs * MICROS_PER_MS, span("lateTrades", late.forMs).sinceUs);
    },
    hasOverlap: () => last("overlappingTrades") !== undefined,
    burstUs() {
      const burst = last("latencyBurst");
      if (burst === undefined) return 0;
      return Math.round((burst.moreMs * span("latencyBurst", burst.forMs).leftUs) / burst.forMs);
    },
  };
}

/** Whether a socket that has carried these kinds is meant. */
export function concerns(of: "feed" | "report" | "all", carried: ReadonlySet<StreamKind>): boolean {
  return of === "all" || carried.has(of);
}
