/**
 * Our orders as the gateway has to know them: under which of their names they live at the venue, what was filled under
 * each, and which amendment is under way. The engine decides; this only tells names apart.
 */
import type { PlaceEffect } from "../../../contract/effects.ts";
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import { mayForget, type Retention } from "../../../core/retention.ts";
import type { Grid } from "./grid.ts";
import { joinName, splitName } from "./names.ts";
import type { OrderName } from "./names.ts";

export interface Listed {
  readonly index: number;
  readonly symbol: string;
  readonly marketId: string;
  readonly marketInfo: Readonly<Record<string, unknown>>;
  readonly grid: Grid;
}

export interface PendingAmend {
  readonly revision: number;
  readonly priceTicks: number;
  /** Total, with what was filled. */
  readonly sizeLots: number;
  /** Of the new order alone. */
  readonly revisionLots: number;
  /** When the venue must have refused it at the latest. */
  readonly expiresAtMs: number;
  /** The old order is gone, with so much filled; whether a new one is there is not known yet. */
  replacedFilledLots: number | undefined;
}

export interface TrackedOrder extends Pick<PlaceEffect, "timeInForce" | "selfTrade"> {
  readonly clientId: string;
  /** Undefined as long as the venue has not said it of an order that another gateway has placed. */
  side: PlaceEffect["side"] | undefined;
  /** Its name when it was first heard of here. What was filled under an earlier one, only trades say. */
  readonly firstRevision: number;
  readonly listed: Listed;
  revision: number;
  /** The highest that was ever used: a name is not given twice. */
  lastRevision: number;
  venueOrderId: string | undefined;
  priceTicks: number;
  sizeLots: number;
  /** Under earlier names. */
  replacedLots: number;
  /** Under the present one, by the larger of what the venue counts and what it told as fills. */
  filledLots: number;
  pending: PendingAmend | undefined;
  isAccepted: boolean;
  isEnded: boolean;
  /** Placed, amended or ended. */
  changedAtMs: number;
}

/** What it filled under earlier names nobody here knows for sure: it must not go on. */
export function isLineageLost({ firstRevision }: Pick<TrackedOrder, "firstRevision">): boolean {
  return firstRevision > 0;
}

/**
 * Beyond these the oldest that have ended are forgotten, which still get their late fills by their names. An open one
 * never is: under which revision it rests, nobody else knows.
 */
const ORDERS: Retention = { least: 500, withinUs: 300 * MICROS_PER_SECOND, most: 1_000 };

/** Of one order: fills under an older name than so many have long been told. */
const NAMES_MAX = 100;

export class OrderTracker {
  readonly #deskCode: string;
  readonly #orders = new Map<string, TrackedOrder>();
  readonly #byVenueId = new Map<string, OrderName>();
  /** Fills that were told, by order and revision: also of orders that nobody here has placed or heard of yet. */
  readonly #bookedLots = new Map<string, Map<number, number>>();

  constructor(deskCode: string) {
    this.#deskCode = deskCode;
  }

  get(clientId: string): TrackedOrder | undefined {
    return this.#orders.get(clientId);
  }

  add(order: TrackedOrder): TrackedOrder {
    this.#orders.set(order.clientId, order);
    const nowMs = order.changedAtMs;
    forgetOldest(
      this.#orders,
      ({ isEnded }) => isEnded,
      ({ changedAtMs }) => mayForget(this.#orders.size, (nowMs - changedAtMs) * 1_000, ORDERS),
    );
    if (order.venueOrderId !== undefined) this.learn(order.venueOrderId, order);
    return order;
  }

  /** A venue's id of this order, under this name. */
  learn(venueOrderId: string, name: OrderName): void {
    this.#byVenueId.set(venueOrderId, { clientId: name.clientId, revision: name.revision });
    this.#forgetWithOrder(this.#byVenueId, (name) => name);
  }

  /** A fill that was not told before. What is told by now under the same name, this one included. */
  book({ clientId, revision }: OrderName, lots: number): number {
    const ofOrder = this.#bookedLots.get(clientId) ?? new Map<number, number>();
    const booked = (ofOrder.get(revision) ?? 0) + lots;
    this.#bookedLots.set(clientId, ofOrder.set(revision, booked));
    this.#forgetWithOrder(this.#bookedLots, (_, clientId) => ({ clientId, revision: Infinity }));
    return booked;
  }

  /** Of orders that are forgotten; and beyond the most, of those that have ended or gone by many names since. */
  #forgetWithOrder<V>(map: Map<string, V>, nameOf: (value: V, key: string) => OrderName): void {
    const isDone = (value: V, key: string): boolean => {
      const { clientId, revision } = nameOf(value, key);
      const order = this.#orders.get(clientId);
      return order?.isEnded !== false || order.lastRevision - revision > NAMES_MAX;
    };
    const ageUs = (value: V, key: string): number =>
      this.#orders.has(nameOf(value, key).clientId) ? 0 : Infinity;
    forgetOldest(map, isDone, (value, key) => mayForget(map.size, ageUs(value, key), ORDERS));
  }

  /** By revision; empty: no fill of it was told. */
  booked(clientId: string): ReadonlyMap<number, number> {
    return this.#bookedLots.get(clientId) ?? NOTHING;
  }

  /**
   * By the id that the venue knows it under, or by the venue's own; undefined: not of this desk, as far as one can
   * tell.
   */
  nameOf(clientId: string | undefined, venueOrderId: string | undefined): OrderName | undefined {
    const named = clientId === undefined ? undefined : splitName(clientId, this.#deskCode);
    if (named !== undefined) return named;
    return venueOrderId === undefined ? undefined : this.#byVenueId.get(venueOrderId);
  }

  /** All names under which the order may live now, the likeliest first. */
  namesOf(clientId: string): string[] {
    const order = this.#orders.get(clientId);
    if (order === undefined) return [clientId];
    const { revision, pending } = order;
    const names = [joinName({ clientId, revision })];
    if (pending !== undefined && pending.revision !== revision)
      names.unshift(joinName({ clientId, revision: pending.revision }));
    return names;
  }
}

const NOTHING: ReadonlyMap<number, number> = new Map();

/** Of those that are done with, from the first on, as many as may go. */
function forgetOldest<V>(
  map: Map<string, V>,
  isDone: (value: V, key: string) => boolean,
  mayGo: (value: V, key: string) => boolean,
): void {
  if (map.size <= ORDERS.least) return;
  for (const [key, value] of map) {
    if (!isDone(value, key)) continue;
    if (!mayGo(value, key)) return;
    map.delete(key);
  }
}
