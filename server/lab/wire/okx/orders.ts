/**
 * What the venue says of an order beyond what the core keeps: the words of the request, fees so far, why it was
 * canceled. Bounded; what was forgotten, or is of an earlier life, is made anew from the core's records.
 */
import { MICROS_PER_MS } from "../../../contract/units.ts";
import type { FillRecord, OrderRecord, OrderRef, VenueCore } from "../ports.ts";
import type { SelfTradeMode } from "../../ports.ts";

export interface OrderExtras {
  readonly tag: string;
  readonly ordType: "limit" | "post_only" | "ioc" | "fok" | "market";
  readonly tgtCcy: string;
  /** The size as it was asked for where it is not in base. */
  readonly quoteSz?: string | undefined;
  /** Why it was canceled: 1 by its owner, 20 by the countdown, 0 by the venue, and so on; empty while it is not. */
  cancelSource: string;
  /** An amendment to no more than was filled makes an order a filled one of that size. */
  isFilledByAmend: boolean;
  /** Cost > 0, by asset. */
  readonly feeAtoms: Map<string, bigint>;
  lastFill: FillRecord | undefined;
}

export interface Orders {
  /** Before an order is placed: the words of its request. */
  expect(
    account: number,
    clientId: string,
    extras: Pick<OrderExtras, "tag" | "ordType" | "tgtCcy" | "quoteSz">,
  ): void;
  /** After it was refused. */
  forget(account: number, clientId: string): void;
  extras(account: number, order: OrderRecord): OrderExtras;
  /** The same, to be changed by what happens to the order: kept from now on. */
  tracked(account: number, order: OrderRecord): OrderExtras;
  find(account: number, ref: OrderRef): OrderRecord | undefined;
  /** Ended and open, newest first. */
  all(account: number, instrument: number | undefined): OrderRecord[];
  /** A post-only order that would take is accepted, and canceled by the venue before it is in the book. */
  addCanceled(account: number, order: OrderRecord): void;
  nextCanceledId(): string;
}

/** Of all accounts together; of older orders it is made from their fills. */
const EXTRAS_KEPT_MAX = 650;
/** Forgotten at once: looking for the oldest of a map is slow when it is done for each. */
const EXTRAS_FORGOTTEN_AT_ONCE = 250;
/** Orders that were never in the book, of one account: the venue forgets them after two hours. */
const CANCELED_KEPT_MAX = 500;
/** Their ids are above any that the core gives, and with the milliseconds of a clock still exact as a double. */
const CANCELED_ID_BASE = 9_000_000_000_000_000;
/** Of one account: more than the core keeps. */
const HISTORY_MAX = 5_000;
/** No order has more fills than levels it can sweep and slices it can rest in. */
const FILLS_OF_ORDER_MAX = 100_000;

/** Clients cannot choose such an id: the order is told as one without. */
const HIDDEN = "~";

export function hiddenId(nowUs: number, count: number): string {
  return `${HIDDEN}${nowUs.toString(36)}.${count.toString(36)}`;
}

export function clOrdIdOf({ clientId }: Pick<OrderRecord, "clientId">): string {
  return clientId.startsWith(HIDDEN) ? "" : clientId;
}

export function createOrders(core: VenueCore): Orders {
  const kept = new Map<string, OrderExtras>();
  /** Of each account, oldest first. */
  const canceled = new Map<number, OrderRecord[]>();
  // From the clock, so that ids go on rising over a restart.
  let lastCanceledId = CANCELED_ID_BASE + Math.floor(core.nowUs() / MICROS_PER_MS);

  function rebuilt(account: number, order: OrderRecord): OrderExtras {
    const { venueOrderId, createdAtUs: sinceUs } = order;
    const fills = core.fills(account, { venueOrderId, sinceUs, order: "oldest", limit: FILLS_OF_ORDER_MAX });
    const extras = blank({ tag: "", ordType: ORD_TYPES[order.timeInForce], tgtCcy: "" });
    for (const fill of fills) addFill(extras, fill);
    if (order.status === "CANCELED") extras.cancelSource = "1";
    else if (order.status === "EXPIRED") extras.cancelSource = expiredSource(order);
    return extras;
  }

  function keep(key: string, extras: OrderExtras): void {
    kept.set(key, extras);
    if (kept.size < EXTRAS_KEPT_MAX + EXTRAS_FORGOTTEN_AT_ONCE) return;
    for (const oldest of kept.keys()) {
      if (kept.size <= EXTRAS_KEPT_MAX) return;
      kept.delete(oldest);
    }
  }

  const canceledOf = (account: number): OrderRecord[] => canceled.get(account) ?? [];

  return {
    expect: (account, clientId, words) => keep(keyOf(account, clientId), blank(words)),
    forget: (account, clientId) => void kept.delete(keyOf(account, clientId)),
    // Not kept: what a question is answered from may be behind what has happened.
    extras: (account, order) => kept.get(keyOf(account, order.clientId)) ?? rebuilt(account, order),
    tracked(account, order) {
      const key = keyOf(account, order.clientId);
      const extras = kept.get(key) ?? rebuilt(account, order);
      if (!kept.has(key)) keep(key, extras);
      return extras;
    },
    find: (account, ref) =>
      core.order(account, ref) ??
      canceledOf(account).findLast((order) =>
        "clientId" in ref ? order.clientId === ref.clientId : order.venueOrderId === ref.venueOrderId,
      ),
    all: (account, instrument) =>
      [
        ...core.orders(account, { instrument, limit: HISTORY_MAX }),
        ...canceledOf(account).filter((order) => instrument === undefined || order.instrument === instrument),
      ].sort((a, b) => b.createdAtUs - a.createdAtUs || Number(b.venueOrderId) - Number(a.venueOrderId)),
    addCanceled(account, order) {
      const known = canceledOf(account);
      known.push(order);
      if (known.length > CANCELED_KEPT_MAX) known.shift();
      canceled.set(account, known);
    },
    nextCanceledId: () => String(++lastCanceledId),
  };
}

export function addFill(extras: OrderExtras, fill: FillRecord): void {
  extras.lastFill = fill;
  extras.feeAtoms.set(fill.feeAsset, (extras.feeAtoms.get(fill.feeAsset) ?? 0n) + fill.feeAtoms);
}

/** What resting orders expire of is self-trade prevention alone. */
export function expiredSource({ timeInForce }: Pick<OrderRecord, "timeInForce">): string {
  return timeInForce === "FOK" ? "13" : timeInForce === "IOC" ? "14" : "32";
}

const ORD_TYPES = { GTC: "limit", POST_ONLY: "post_only", IOC: "ioc", FOK: "fok" } as const;

const STP_MODES: Readonly<Record<SelfTradeMode, string>> = {
  EXPIRE_MAKER: "cancel_maker",
  EXPIRE_TAKER: "cancel_taker",
  EXPIRE_BOTH: "cancel_both",
  NONE: "",
  DECREMENT: "",
};

export function stpModeOf({ selfTrade }: Pick<OrderRecord, "selfTrade">): string {
  return STP_MODES[selfTrade];
}

function blank(words: Pick<OrderExtras, "tag" | "ordType" | "tgtCcy" | "quoteSz">): OrderExtras {
  return { ...words, cancelSource: "", isFilledByAmend: false, feeAtoms: new Map(), lastFill: undefined };
}

function keyOf(account: number, clientId: string): string {
  return `${account} ${clientId}`;
}
