/**
 * One real account under trial: a gateway as the desk runs it, in this thread, and beside it an instance that asks the
 * venue directly, so that what the adapter says can be held against what the venue says.
 */
import type { OrderEffect, PlaceEffect } from "../../../contract/effects.ts";
import type { Instrument, VenueAccount } from "../../../contract/instrument.ts";
import type { OpenOrderView } from "../../../contract/events.ts";
import { clientIdOf } from "../../../core/orders/clientId.ts";
import type { VenueEvent } from "../../venue.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { exchangeOf } from "../exchanges/registry.ts";
import type { CcxtInstance, CcxtMarket } from "../gateway/ccxt.ts";
import { withDeadline } from "../gateway/deadline.ts";
import { createGateway, type Gateway } from "../gateway/gateway.ts";
import { gridOf, type Grid } from "../gateway/grid.ts";
import { closeInstance, createInstance, loadMarkets, type Markets } from "../gateway/instance.ts";
import { createLane, createNonce, useLane } from "../gateway/lane.ts";
import { splitName } from "../gateway/names.ts";
import { classify } from "../gateway/taxonomy.ts";
import type { GatewayContext, VenueAccess } from "../ports.ts";

/** Of orders of a trial; no desk has it. */
export const TRIAL_CODE = "zcf";

/** As fine as any venue writes an amount. */
export const ASSET_DECIMALS = 18;

export interface TrialOptions {
  readonly access: VenueAccess;
  readonly terms: VenueAccount;
  /** As the venue lists it. */
  readonly definition: Instrument;
  readonly nowUs: () => number;
  readonly monotonicMs: () => number;
  readonly log: GatewayContext["log"];
}

/** A check was not passed; the message says what was found. */
export class CheckError extends Error {
  override readonly name = "CheckError";
}

const ASK_AGAIN_MS = 1_500;
const POLL_MS = 20;
const DIRECT_WITHIN_MS = 5_000;
/** Kraken's counter falls by one in three seconds. */
const DIRECT_AGAIN_MS = 3_000;
const DIRECT_TRIES = 6;

export class Trial {
  readonly exchange: Exchange;
  readonly definition: Instrument;
  readonly terms: VenueAccount;
  readonly access: VenueAccess;
  readonly grid: Grid;
  readonly events: VenueEvent[] = [];
  readonly nowUs: () => number;
  readonly #gateway: Gateway;
  readonly #lane = createLane();
  readonly #nonce: () => number;
  readonly #instances: CcxtInstance[] = [];
  readonly #epoch: number;
  #counter: number;
  #markets: Promise<Markets> | undefined;

  constructor(options: TrialOptions) {
    const { access, terms, definition, nowUs, monotonicMs, log } = options;
    this.exchange = exchangeOf(access.exchange);
    this.definition = definition;
    this.terms = terms;
    this.access = access;
    this.grid = gridOf(definition);
    this.nowUs = nowUs;
    this.#nonce = createNonce(nowUs);
    // Ids that no earlier trial had: the minute, and the millisecond in it.
    this.#epoch = Math.floor(nowUs() / 60e6) % 36 ** 4;
    this.#counter = (Math.floor(nowUs() / 1e3) % 60_000) * 1_000;
    this.#gateway = createGateway(
      {
        account: 0,
        terms,
        instruments: [{ index: 0, definition }],
        assets: [definition.base, definition.quote].map((asset) => ({ asset, decimals: ASSET_DECIMALS })),
        deskCode: TRIAL_CODE,
        // Its dead-man's switch is tried on purpose, and must not be kept from going off.
        access: { ...access, watchOnly: true },
        clock: undefined,
      },
      {
        nowUs,
        monotonicMs,
        post: (message) => {
          if (message.type === "log") log(message.level, message.text, message.fields);
          if (message.type !== "events") return;
          for (const event of message.events) {
            this.events.push(event);
            if (event.type === "book") this.#gateway.hear({ type: "consumed", instrument: event.instrument });
          }
        },
      },
    );
  }

  start(): Promise<void> {
    return this.#gateway.start();
  }

  /** For what ccxt leaves behind in this thread. */
  failed(error: unknown): void {
    this.#gateway.failed(error);
  }

  async close(): Promise<void> {
    await this.#gateway.close();
    await Promise.all(this.#instances.splice(0).map(closeInstance));
  }

  send(effect: OrderEffect): void {
    this.#gateway.hear({ type: "send", effect, sentAtUs: this.nowUs() });
  }

  /** The first event from `from` on that fits. Throws a CheckError when none comes in time. */
  async next<E extends VenueEvent>(
    what: string,
    fits: (event: VenueEvent) => event is E,
    withinMs: number,
    from = 0,
  ): Promise<E> {
    const untilUs = this.nowUs() + withinMs * 1_000;
    for (;;) {
      const found = this.events.slice(from).find(fits);
      if (found !== undefined) return found;
      if (this.nowUs() > untilUs) throw new CheckError(`${what}: nothing within ${withinMs / 1_000} s`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Asks until there is an answer to a question of now: one that finds the budget empty is dropped. */
  async ask<T extends "openOrders" | "balances">(what: T): Promise<Extract<VenueEvent, { type: T }>> {
    const from = this.events.length;
    const askedAtUs = this.nowUs();
    const isAnswer = (event: VenueEvent): event is Extract<VenueEvent, { type: T }> =>
      event.type === what && "askedAtUs" in event && (event.askedAtUs ?? 0) >= askedAtUs;
    for (let tries = 1; ; tries++) {
      this.send({ type: "query", what, account: 0 });
      try {
        return await this.next(`the question for ${what}`, isAnswer, ASK_AGAIN_MS, from);
      } catch (error) {
        if (tries >= 20) throw error;
      }
    }
  }

  /** Open orders of this account, and which of them are of a trial. */
  async openOrders(): Promise<{
    readonly ours: readonly OpenOrderView[];
    readonly others: readonly string[];
  }> {
    const { orders, elsewhere = [] } = await this.ask("openOrders");
    const isOurs = ({ clientId }: OpenOrderView): boolean => splitName(clientId, TRIAL_CODE) !== undefined;
    return {
      ours: orders.filter(isOurs),
      // What the venue cancels at once, it cancels in every symbol.
      others: [...orders.filter((order) => !isOurs(order)), ...elsewhere].map(
        ({ clientId, venueOrderId }) => clientId || venueOrderId,
      ),
    };
  }

  order(terms: Pick<PlaceEffect, "side" | "priceTicks" | "sizeLots"> & Partial<PlaceEffect>): PlaceEffect {
    return {
      type: "place",
      account: 0,
      instrument: 0,
      clientId: clientIdOf("quote", TRIAL_CODE, this.#epoch, ++this.#counter),
      timeInForce: "POST_ONLY",
      selfTrade: "EXPIRE_TAKER",
      requestExpiresAtUs: this.expiry(),
      ...terms,
    };
  }

  expiry(): number {
    return this.nowUs() + this.terms.requestExpiryMs * 1_000;
  }

  async market(): Promise<CcxtMarket> {
    const { markets } = await this.#listing();
    const market = markets[this.definition.symbol];
    if (market === undefined) throw new CheckError(`the venue does not list ${this.definition.symbol}`);
    return market;
  }

  /**
   * Asks the venue past the gateway and its budget: what it refuses as too many is asked again, later. An answer that does
   * not come in time is an error.
   */
  async direct<T>(call: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++)
      try {
        return await withDeadline(call(), DIRECT_WITHIN_MS);
      } catch (error) {
        const verdict = classify(this.exchange, error);
        const isTooMany = verdict.kind === "later" && verdict.because === "rate";
        if (!isTooMany || tries >= DIRECT_TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, DIRECT_AGAIN_MS));
      }
  }

  /** An instance of our own; `behindUs`: its clock is set back by so much. */
  async instance(behindUs = 0): Promise<CcxtInstance> {
    return this.#create(behindUs, await this.#listing());
  }

  async #create(behindUs: number, markets?: Markets): Promise<CcxtInstance> {
    const { exchange, access } = this;
    const nowUs = (): number => this.nowUs() - behindUs;
    const instance = await createInstance({ exchange, access, nowUs, markets });
    this.#instances.push(instance);
    if (exchange.privateCalls === "one-at-a-time") useLane(instance, this.#lane, this.#nonce);
    return instance;
  }

  #listing(): Promise<Markets> {
    this.#markets ??= this.#create(0).then((instance) => loadMarkets(instance, [this.definition.symbol]));
    return this.#markets;
  }
}

type Ended = Extract<VenueEvent, { readonly type: "orderCanceled" | "orderExpired" }>;

/** Whoever ended it, or its own terms. */
export function isEnd(clientId: string, as: Ended["type"]) {
  return (event: VenueEvent): event is Ended => event.type === as && event.clientId === clientId;
}

/** Of what was said about one order. */
export function isAbout<T extends VenueEvent["type"]>(type: T, clientId: string) {
  return (event: VenueEvent): event is Extract<VenueEvent, { type: T }> =>
    event.type === type && "clientId" in event && event.clientId === clientId;
}
