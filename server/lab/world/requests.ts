/**
 * The way of our requests, desk to venue: first in first out per account, each after the entry latency. What
 * the exchange answers goes back through the private channel.
 */
import type { AmendEffect, CancelEffect, OrderEffect, PlaceEffect } from "../../contract/effects.ts";
import type { EngineEvent } from "../../contract/events.ts";
import type { ExchangeOutput, SimulatedExchange } from "../ports.ts";
import type { Agenda } from "./agenda.ts";
import { RANK } from "./agenda.ts";
import type { Faults } from "./faults.ts";
import type { PrivateChannel } from "./privateChannel.ts";

interface RequestOptions {
  readonly account: number;
  readonly agenda: Agenda;
  readonly entryUs: () => number;
  readonly faults: Faults;
  readonly exchange: SimulatedExchange;
  readonly channel: PrivateChannel;
  /** Called right before our request acts: what it makes public comes from us. */
  readonly output: () => ExchangeOutput;
  readonly deliver: (event: EngineEvent) => void;
}

/** Sends the requests of one account. */
export function createRequests(options: RequestOptions): (effect: OrderEffect) => void {
  const { account, agenda, entryUs, faults, exchange, channel, output, deliver } = options;
  let lastUs = 0;

  function send(task: () => void): void {
    lastUs = Math.max(agenda.nowUs() + entryUs(), lastUs);
    agenda.at(lastUs, RANK.exchange, task);
  }

  function request(effect: PlaceEffect | AmendEffect | CancelEffect): void {
    if (effect.type === "cancel" && faults.strikes("refusedCancel")) {
      send(() => channel.report({ type: "cancelRejected", clientId: effect.clientId, reason: "OTHER" }));
      return;
    }
    if (faults.strikes("lostRequest")) {
      sayUnknown(effect);
      return;
    }
    if (!faults.strikes("lostAck")) {
      send(() => act(effect));
      return;
    }
    sayUnknown(effect);
    send(() => channel.losingAck(effect.clientId, () => act(effect)));
  }

  function act(effect: PlaceEffect | AmendEffect | CancelEffect): void {
    switch (effect.type) {
      case "place":
        return exchange.place(account, effect, agenda.nowUs(), output());
      case "amend":
        return exchange.amend(account, effect, agenda.nowUs(), output());
      case "cancel":
        return exchange.cancel(account, effect, agenda.nowUs(), output());
    }
  }

  function sayUnknown({ type, clientId }: PlaceEffect | AmendEffect | CancelEffect): void {
    if (faults.unknownAfterUs === undefined) return;
    agenda.at(agenda.nowUs() + faults.unknownAfterUs, RANK.report, () =>
      deliver({ type: "orderUnknown", atUs: agenda.nowUs(), account, clientId, request: type }),
    );
  }

  return (effect) => {
    switch (effect.type) {
      case "place":
      case "amend":
      case "cancel":
        return request(effect);
      case "cancelAll":
        if (!faults.strikes("lostRequest")) send(() => exchange.cancelAll(account, agenda.nowUs(), output()));
        return;
      case "query": {
        const askedAtUs = agenda.nowUs();
        if (effect.what === "fills") {
          const { sinceUs } = effect;
          if (!faults.strikes("lostRequest")) send(() => channel.retell(sinceUs));
          return;
        }
        if (!faults.strikes("lostRequest")) send(() => channel.answer(ask(exchange, effect, askedAtUs)));
        return;
      }
    }
  };
}

type Query = Exclude<Extract<OrderEffect, { type: "query" }>, { what: "fills" }>;

/** Reads the truth at the exchange now, for delivery later. */
function ask(exchange: SimulatedExchange, query: Query, askedAtUs: number): (atUs: number) => EngineEvent {
  const { account } = query;
  switch (query.what) {
    case "order": {
      const { clientId } = query;
      const answer = exchange.orderStatus(account, clientId);
      return (atUs) => ({ type: "orderStatus", atUs, account, clientId, askedAtUs, answer });
    }
    case "openOrders": {
      const orders = exchange.openOrders(account);
      return (atUs) => ({ type: "openOrders", atUs, account, askedAtUs, orders });
    }
    case "balances": {
      const balances = exchange.balances(account).map(({ asset, totalAtoms }) => ({ asset, totalAtoms }));
      return (atUs) => ({ type: "balances", atUs, account, askedAtUs, balances });
    }
  }
}
