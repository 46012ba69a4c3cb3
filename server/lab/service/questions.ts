/**
 * Which question an answer belongs to. The network stamps an answer with the lab's instant of the question; the
 * desk has to hear the instant by its own clock, and nothing of questions that an earlier session asked.
 */
import type { QueryEffect } from "../../contract/effects.ts";
import type { LabEvent } from "../../contract/labWire.ts";

/** Of one account. A desk asks again each second: that many waiting are answers that got lost. */
const WAITING_MAX = 10_000;

interface Question {
  readonly key: string;
  readonly askedAtUs: number;
  readonly sentAtUs: number;
}

export class Questions {
  readonly #waiting = new Map<number, Question[]>();

  /** `askedAtUs` by the lab's clock, `sentAtUs` by the desk's. */
  asked(query: QueryEffect, askedAtUs: number, sentAtUs: number): void {
    if (query.what === "fills") return;
    const waiting = this.#waiting.get(query.account) ?? [];
    this.#waiting.set(query.account, waiting);
    const key = query.what === "order" ? orderKey(query.clientId) : query.what;
    waiting.push({ key, askedAtUs, sentAtUs });
    if (waiting.length > WAITING_MAX) waiting.shift();
  }

  /** The event with the desk's instant in it; undefined for an answer to a question of someone else. */
  answered(event: LabEvent): LabEvent | undefined {
    switch (event.type) {
      case "balances":
      case "openOrders":
      case "orderStatus": {
        if (event.askedAtUs === undefined) return event;
        const key = event.type === "orderStatus" ? orderKey(event.clientId) : event.type;
        const askedAtUs = this.#take(event.account, key, event.askedAtUs);
        return askedAtUs === undefined ? undefined : { ...event, askedAtUs };
      }
      case "book":
      case "trade":
      case "feed":
      case "instrument":
      case "account":
      case "transfer":
      case "orderAccepted":
      case "orderRejected":
      case "orderCanceled":
      case "orderExpired":
      case "orderAmended":
      case "amendRejected":
      case "cancelRejected":
      case "orderUnknown":
      case "fill":
        return event;
    }
  }

  /** Answers of an account come in order: questions before this one have lost theirs. */
  #take(account: number, key: string, askedAtUs: number): number | undefined {
    const waiting = this.#waiting.get(account) ?? [];
    const at = waiting.findIndex((question) => question.askedAtUs === askedAtUs && question.key === key);
    return at === -1 ? undefined : waiting.splice(0, at + 1).at(-1)?.sentAtUs;
  }
}

function orderKey(clientId: string): string {
  return `order ${clientId}`;
}
