/**
 * One real account under trial: a gateway as the desk runs it, in this thread, and beside it instances that ask the
 * venue directly, so that what the adapter says can be held against what the venue says.
 */
import type { OrderEffect } from "../../../contract/effects.ts";
import type { Instrument, VenueAccount } from "../../../contract/instrument.ts";
import { clientIdOf } from "../../../core/orders/clientId.ts";
import { isMarketData } from "../../marketData.ts";
import type { VenueEvent } from "../../venue.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { exchangeOf } from "../exchanges/registry.ts";
import type { CcxtInstance, CcxtMarket } from "../gateway/ccxt.ts";
import { createGateway, type Gateway } from "../gateway/gateway.ts";
import { gridOf, type Grid } from "../gateway/grid.ts";
import { closeInstance, createInstance, loadMarkets, type Markets } from "../gateway/instance.ts";
import { createLane, createNonce, useLane } from "../gateway/lane.ts";
import type { GatewayContext, VenueAccess } from "../ports.ts";
import { CheckError } from "./check.ts";
import { CurrentBook } from "./currentBook.ts";

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

export class TrialSession {
  readonly exchange: Exchange;
  readonly definition: Instrument;
  readonly terms: VenueAccount;
  readonly access: VenueAccess;
  readonly grid: Grid;
  /** What was said of the account; the market is in `book`. */
  readonly events: VenueEvent[] = [];
  readonly book: CurrentBook;
  /** Of every order that may have left. */
  readonly clientIds: string[] = [];
  readonly nowUs: () => number;
  readonly #gateway: Gateway;
  readonly #lane = createLane();
  readonly #nonce: () => number;
  readonly #instances: CcxtInstance[] = [];
  readonly #epoch: number;
  #counter: number;
  #markets: Promise<Markets> | undefined;

  constructor({ access, terms, definition, nowUs, monotonicMs, log }: TrialOptions) {
    this.exchange = exchangeOf(access.exchange);
    this.definition = definition;
    this.terms = terms;
    this.access = access;
    this.grid = gridOf(definition);
    this.book = new CurrentBook(definition);
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
        // It is tried on purpose, and must not be kept from going off.
        access: { ...access, deadMansSwitch: "off" },
        clock: undefined,
      },
      {
        nowUs,
        monotonicMs,
        post: (message) => {
          if (message.type === "log") log(message.level, message.text, message.fields);
          if (message.type === "events") for (const event of message.events) this.#hear(event);
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

  nextClientId(): string {
    const clientId = clientIdOf("quote", TRIAL_CODE, this.#epoch, ++this.#counter);
    this.clientIds.push(clientId);
    return clientId;
  }

  async market(): Promise<CcxtMarket> {
    const { markets } = await this.#listing();
    const market = markets[this.definition.symbol];
    if (market === undefined) throw new CheckError(`the venue does not list ${this.definition.symbol}`);
    return market;
  }

  /** An instance of our own; `behindUs`: its clock is set back by so much. */
  async instance(behindUs: number): Promise<CcxtInstance> {
    return this.#create(behindUs, await this.#listing());
  }

  #hear(event: VenueEvent): void {
    if (!isMarketData(event)) return void this.events.push(event);
    this.book.hear(event);
    if (event.type === "book") this.#gateway.hear({ type: "consumed", instrument: event.instrument });
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
