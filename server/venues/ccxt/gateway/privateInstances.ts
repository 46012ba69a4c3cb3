/**
 * Instances that speak as the account: stamped by the venue's clock, what the venue says of its limits heard, private
 * calls one after the other where their nonces must rise, one session token for all.
 */
import type { Exchange, LimitNews } from "../exchanges/exchange.ts";
import type { GatewayContext, RequestBudget } from "../ports.ts";
import type { CcxtInstance } from "./ccxt.ts";
import { createInstance } from "./instance.ts";
import type { Markets } from "./instance.ts";
import { createLane, createNonce, useLane } from "./lane.ts";
import { SessionTokens } from "./sessionToken.ts";
import type { VenueTime } from "./venueTime.ts";

export class PrivateInstances {
  readonly #context: GatewayContext;
  readonly #exchange: Exchange;
  readonly #time: VenueTime;
  readonly #lane = createLane();
  readonly #nonce: () => number;
  readonly tokens: SessionTokens;

  constructor(context: GatewayContext, exchange: Exchange, time: VenueTime) {
    this.#context = context;
    this.#exchange = exchange;
    this.#time = time;
    this.#nonce = createNonce(() => context.nowUs());
    this.tokens = new SessionTokens({
      exchange,
      budget: context.budget,
      nowMs: () => context.nowUs() / 1_000,
    });
  }

  /** Without markets it loads them itself. */
  async create(markets?: Markets): Promise<CcxtInstance> {
    const { access, budget } = this.#context;
    const instance = await createInstance({
      exchange: this.#exchange,
      access,
      nowUs: () => this.#time.nowUs,
      markets,
      onAnswer: (answer) => noteLimits(budget, this.#exchange.limits.observe(answer)),
    });
    if (this.#exchange.privateCalls === "one-at-a-time") useLane(instance, this.#lane, this.#nonce);
    this.tokens.use(instance);
    return instance;
  }

  /** A frame of the entry socket. */
  observeFrame(message: unknown): void {
    noteLimits(this.#context.budget, this.#exchange.limits.observeFrame?.(message, this.#time.nowMs));
  }
}

function noteLimits(budget: RequestBudget, news: LimitNews | undefined): void {
  if (news?.usedFrac !== undefined) budget.observe(news.usedFrac);
  if (news?.fullScope !== undefined) budget.full(news.fullScope);
  if (news?.silenceMs !== undefined) budget.silence(news.silenceMs, news.scope);
}
