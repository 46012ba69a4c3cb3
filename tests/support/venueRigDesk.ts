/**
 * An engine that trades over a venue, on the real clock: every event is stepped, every effect sent. Its orders are the
 * test's own; that a lost or doubtful one is chased, canceled or booked is the engine's business.
 */
import type { EngineConfig } from "../../server/contract/config.ts";
import type { Effect } from "../../server/contract/effects.ts";
import type { EngineEvent } from "../../server/contract/events.ts";
import type { Order } from "../../server/core/orders/order.ts";
import { isFinal } from "../../server/core/orders/order.ts";
import { amendOrder, cancelOrder, placeOrder } from "../../server/core/orders/requests.ts";
import type { ApprovedOrder, OrderIntent } from "../../server/core/risk/gate.ts";
import { createEngine } from "../../server/core/setup.ts";
import type { Engine } from "../../server/core/state.ts";
import { step } from "../../server/core/step.ts";
import type { Clock } from "../../server/host/clock.ts";
import type { Venue, VenueEvent } from "../../server/venues/venue.ts";
import type { AccountTruth } from "../../server/lab/service/labClient.ts";
import { BID, BTC, SIZE } from "./venueRig.ts";

const TIMER_MS = 50;

/** Only what fails waits so long: on a machine that does much else everything takes its time. */
export const WAIT_MAX_MS = 45_000;

export class RigDesk {
  readonly engine: Engine;
  readonly venue: Venue;
  readonly events: VenueEvent[] = [];
  readonly notices: string[] = [];
  /** Called at every event, when the engine has it. */
  onEvent: (event: VenueEvent) => void = () => undefined;
  readonly #clock: Clock;
  readonly #timer: NodeJS.Timeout;
  readonly #fillsBefore: number;

  /** `fillsBefore`: of earlier lives; absent: there was none, and no request of one is waited for. */
  constructor(config: EngineConfig, venue: Venue, clock: Clock, fillsBefore?: number) {
    this.#fillsBefore = fillsBefore ?? 0;
    this.engine = createEngine(config);
    this.venue = venue;
    this.#clock = clock;
    venue.open({
      event: (event) => {
        this.events.push(event);
        this.#step({ ...event, atUs: this.#now() } as EngineEvent);
        this.onEvent(event);
        const [account] = this.engine.state.accounts;
        if (fillsBefore === undefined && event.type === "account" && account !== undefined)
          account.strangersUntilUs = this.engine.state.nowUs;
        if (event.type === "book") setImmediate(() => venue.consumed(event.instrument));
      },
      connection: () => undefined,
      marketEnded: () => undefined,
    });
    this.#timer = setInterval(() => this.#step({ type: "timer", atUs: this.#now() }), TIMER_MS);
  }

  /** Past the gate: the venue is what is tested. */
  place(terms: Partial<OrderIntent> = {}): Order {
    const intent = { role: "quote", instrument: BTC, side: "buy", priceTicks: BID, sizeLots: SIZE, ...terms };
    return this.#request((out) => placeOrder(this.engine, intent as ApprovedOrder, -1, out));
  }

  amend(order: Order, { priceTicks = order.priceTicks, sizeLots = order.sizeLots }): void {
    const { role, instrument, side } = order;
    const intent = { role, instrument, side, priceTicks, sizeLots, amends: order } as OrderIntent;
    this.#request((out) => amendOrder(this.engine, intent as ApprovedOrder, out));
  }

  cancel(order: Order): void {
    this.#request((out) => cancelOrder(this.engine, order, out));
  }

  get isReady(): boolean {
    return this.engine.state.accounts[0]?.status === "READY";
  }

  /** As the account was last told to be. */
  get isConnected(): boolean {
    const told = this.events.findLast((event) => event.type === "account");
    return told?.type === "account" && told.status === "up";
  }

  /** The instrument's book is there, as far as was told. */
  hasBook(instrument: number): boolean {
    const told = this.events.findLast(
      (event) => isFeedEnd(event, instrument) || (event.type === "book" && event.instrument === instrument),
    );
    return told?.type === "book";
  }

  /** Every connection is cut by this; resolves when all that was up is told to be down. */
  async untilCut(cut: () => void | Promise<void>): Promise<void> {
    const from = this.events.length;
    const wasConnected = this.isConnected;
    const books = [...this.engine.state.instruments.keys()].filter((instrument) => this.hasBook(instrument));
    await cut();
    await this.until(() => {
      const told = this.events.slice(from);
      const isDown = told.some((event) => event.type === "account" && event.status === "down");
      return (
        (isDown || !wasConnected) &&
        books.every((instrument) => told.some((event) => isFeedEnd(event, instrument)))
      );
    });
  }

  get live(): Order[] {
    return [...this.engine.state.orders.values()].filter(
      ({ status, exposureLots }) => !isFinal(status) || exposureLots > 0,
    );
  }

  /** What does not agree with what the venue holds to be true; empty: nothing. */
  differences({ balances, openOrders, fills }: AccountTruth): string[] {
    const { accounts, counts, orders } = this.engine.state;
    const [account] = accounts;
    const found: string[] = [];
    if (account?.status !== "READY") found.push(`the account is ${account?.status ?? "not there"}`);
    for (const { asset, totalAtoms } of balances) {
      const ours = account?.holdings.get(asset)?.balanceAtoms;
      if (ours !== totalAtoms) found.push(`${asset}: the venue has ${totalAtoms}, the engine ${ours ?? "?"}`);
    }
    const booked = this.#fillsBefore + counts.fills;
    if (booked !== fills.length) found.push(`${fills.length} fills at the venue, ${booked} in the engine`);
    const known = openOrders.filter(({ clientId }) => /^[a-z]abc/.test(clientId));
    for (const { clientId, priceTicks, sizeLots, filledLots } of known) {
      // Behind the engine's id a venue has the revision of an order that amendments replace.
      const order = orders.get(clientId.slice(0, 15));
      if (order === undefined || isFinal(order.status))
        found.push(`${clientId} works at the venue and the engine does not know it`);
      else if (order.status !== "OPEN" && order.status !== "PARTIALLY_FILLED")
        found.push(`${clientId} rests at the venue and is ${order.status}`);
      else if (order.priceTicks !== priceTicks || order.sizeLots - order.filledLots !== sizeLots - filledLots)
        found.push(
          `${clientId}: the venue has ${filledLots}/${sizeLots}@${priceTicks}, the engine ${order.filledLots}/${order.sizeLots}@${order.priceTicks}`,
        );
    }
    if (this.live.length !== known.length)
      found.push(
        `the engine counts on ${this.live.map(({ clientId, status }) => `${clientId} ${status}`).join(", ") || "nothing"}, and ${known.length} rest`,
      );
    return found;
  }

  /** Rejects when it does not become so in good time. */
  async until(isSo: () => boolean): Promise<void> {
    const untilMs = performance.now() + WAIT_MAX_MS;
    while (!isSo()) {
      if (performance.now() > untilMs) throw new Error("it did not happen");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** What the venue said of an order, in short. */
  told(order: Pick<Order, "clientId">): string[] {
    return this.events.flatMap((event) =>
      "clientId" in event && event.clientId === order.clientId
        ? [event.type + ("reason" in event ? ` ${event.reason}` : "")]
        : [],
    );
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.venue.close();
  }

  /** Without closing anything at the venue: as a process that is killed. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #request<T>(make: (out: Effect[]) => T): T {
    this.#step({ type: "timer", atUs: this.#now() });
    const out: Effect[] = [];
    const made = make(out);
    this.#perform(out);
    return made;
  }

  #step(event: EngineEvent): void {
    this.#perform(step(this.engine, event));
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects)
      if (effect.type === "notice") this.notices.push(`${effect.code} ${effect.scope}: ${effect.text}`);
      else if (effect.type !== "acknowledge") this.venue.send(effect);
  }

  #now(): number {
    return Math.max(this.#clock.nowUs(), this.engine.state.nowUs);
  }
}

function isFeedEnd(event: VenueEvent, instrument: number): boolean {
  return event.type === "feed" && event.instrument === instrument && event.status !== "alive";
}
