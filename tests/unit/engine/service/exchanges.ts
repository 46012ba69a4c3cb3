/**
 * Simulated exchanges behind the venue port, in this process and without a wire: they go on when an engine
 * goes, as a real venue does. The market walks when a test says so, or on a timer.
 */
import type { OrderEffect } from "../../../../server/contract/effects.ts";
import type { EngineConfig } from "../../../../server/contract/config.ts";
import type { RequestUse, TradeReads } from "../../../../server/contract/views.ts";
import type { Side } from "../../../../server/contract/units.ts";
import type { Clock } from "../../../../server/host/clock.ts";
import { createExchange, type Exchange } from "../../../../server/lab/exchange/exchange.ts";
import type { ExchangeOutput, PrivateReport, PublicEvent } from "../../../../server/lab/ports.ts";
import type { Venue, VenueEvent, VenueSink } from "../../../../server/venues/venue.ts";

export const MID_TICKS = 100_000;

export class Exchanges {
  readonly exchanges: readonly Exchange[];
  /** Every fill that an exchange ever made of ours, in order. */
  readonly fills: Extract<PrivateReport, { type: "fill" }>[] = [];
  /** What engines sent, in order. */
  readonly sent: OrderEffect[] = [];
  /** False: requests are lost on the way. */
  reachable = true;
  readonly #config: EngineConfig;
  readonly #clock: Clock;
  readonly #output: ExchangeOutput;
  readonly #told: { account: number; atUs: number; event: VenueEvent }[] = [];
  #sink: VenueSink | undefined;
  #midTicks = MID_TICKS;
  #steps = 0;

  constructor(config: EngineConfig, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    this.exchanges = config.accounts.map((_, account) => {
      const exchange = createExchange({ config, accounts: [account] });
      for (const { asset, decimals } of config.assets)
        exchange.deposit(account, asset, 1_000_000n * 10n ** BigInt(decimals));
      return exchange;
    });
    this.#output = {
      public: (event) => this.#public(event),
      private: (account, report) => this.#private(account, report),
    };
    this.walk();
  }

  /** What an adapter says of its request budget. */
  tellBudget(account: number, use: RequestUse): void {
    this.#sink?.budget?.(account, use);
  }

  tellTradeReads(account: number, reads: TradeReads): void {
    this.#sink?.tradeReads?.(account, reads);
  }

  /** A connection of one engine; a second one takes the place of the first. */
  venue(): Venue {
    let sink: VenueSink | undefined;
    return {
      open: (opened) => {
        sink = opened;
        this.#sink = opened;
        for (const account of this.exchanges.keys()) {
          opened.connection(account, true);
          this.#later(() => opened.event({ type: "account", account, status: "up" }));
        }
        for (const instrument of this.#config.instruments.keys())
          this.exchanges[this.#accountOf(instrument)]?.snapshot(instrument, this.#output);
      },
      send: (effect) => {
        this.sent.push(effect);
        if (sink !== undefined && sink === this.#sink && this.reachable) this.#later(() => this.#act(effect));
      },
      consumed: () => undefined,
      close: () => {
        if (this.#sink === sink) this.#sink = undefined;
        return Promise.resolve();
      },
    };
  }

  /** As if the engine had been killed: nothing reaches it any more, and nothing comes from it. */
  cut(): void {
    this.#sink = undefined;
  }

  disconnect(account: number): void {
    this.#sink?.connection(account, false);
  }

  post(event: VenueEvent): void {
    this.#sink?.event(event);
  }

  /** One step of the market, at every venue. */
  walk(): void {
    this.#steps += 1;
    this.#midTicks += this.#steps % 2 === 0 ? 6 : -6;
    const levels = (direction: 1 | -1) =>
      [5, 15, 30].flatMap((away) => [this.#midTicks + direction * away, 500_000]);
    for (const instrument of this.#config.instruments.keys())
      this.exchanges[this.#accountOf(instrument)]?.applyMarket(
        {
          kind: "snapshot",
          instrument,
          exchangeAtUs: this.#clock.nowUs(),
          bids: levels(-1),
          asks: levels(1),
        },
        this.#clock.nowUs(),
        this.#output,
      );
  }

  /** Someone takes from the book, our orders included. */
  take(instrument: number, side: Side, sizeLots: number): void {
    const atUs = this.#clock.nowUs();
    const record = { kind: "take", instrument, exchangeAtUs: atUs, side, sizeLots } as const;
    this.exchanges[this.#accountOf(instrument)]?.applyMarket(record, atUs, this.#output);
  }

  openOrders(): number {
    return this.exchanges.reduce((sum, exchange, account) => sum + exchange.openOrders(account).length, 0);
  }

  #act(effect: OrderEffect): void {
    const { account } = effect;
    const exchange = this.exchanges[account];
    const atUs = this.#clock.nowUs();
    if (exchange === undefined) return;
    switch (effect.type) {
      case "place":
        return exchange.place(account, effect, atUs, this.#output);
      case "amend":
        return exchange.amend(account, effect, atUs, this.#output);
      case "cancel":
        return exchange.cancel(account, effect, atUs, this.#output);
      case "cancelAll":
        return exchange.cancelAll(account, atUs, this.#output);
      case "query":
        return this.#answer(effect, exchange);
    }
  }

  #answer(query: Extract<OrderEffect, { type: "query" }>, exchange: Exchange): void {
    const { account } = query;
    const askedAtUs = this.#clock.nowUs();
    switch (query.what) {
      case "order": {
        const answer = exchange.orderStatus(account, query.clientId);
        return this.#deliver({ type: "orderStatus", account, clientId: query.clientId, askedAtUs, answer });
      }
      case "openOrders":
        return this.#deliver({
          type: "openOrders",
          account,
          askedAtUs,
          orders: exchange.openOrders(account),
        });
      case "balances":
        return this.#deliver({ type: "balances", account, askedAtUs, balances: exchange.balances(account) });
      case "fills":
        for (const told of this.#told)
          if (told.account === account && told.atUs >= query.sinceUs) this.#deliver(told.event);
    }
  }

  #private(account: number, report: PrivateReport): void {
    const event: VenueEvent = { ...report, account };
    if (report.type === "fill") {
      this.fills.push(report);
      this.#told.push({ account, atUs: this.#clock.nowUs(), event });
    }
    this.#deliver(event);
  }

  #public(event: PublicEvent): void {
    this.#deliver(event);
  }

  /** To the engine that is connected when it happens; one that comes later has to ask. */
  #deliver(event: VenueEvent): void {
    const sink = this.#sink;
    this.#later(() => {
      if (sink === this.#sink) sink?.event(event);
    });
  }

  #later(task: () => void): void {
    setImmediate(task);
  }

  #accountOf(instrument: number): number {
    const name = this.#config.instruments[instrument]?.account;
    return this.#config.accounts.findIndex(({ account }) => account === name);
  }
}
