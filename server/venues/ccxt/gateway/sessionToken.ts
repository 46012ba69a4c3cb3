/**
 * One session token for all sockets that are opened together. Each costs a request of a small budget: a socket that is
 * dialled again and again would use it up, and then be locked out. It goes before all questions: without a stream their
 * answers settle nothing.
 */
import type { CcxtInstance } from "./ccxt.ts";
import { readPaid } from "./paidReads.ts";
import type { Purse } from "./paidReads.ts";

/** It has to be used within 15 minutes; what is longer ago is no common start. */
const SHARED_FOR_MS = 60_000;

/** One leaves the smallest counter in three seconds. Longer than the sockets wait for it would be charged for nobody. */
const WAIT_MAX_MS = 4_000;

export interface SessionTokensOptions extends Purse {
  readonly nowMs: () => number;
}

export class SessionTokens {
  readonly #options: SessionTokensOptions;
  #shared: { readonly token: Promise<unknown>; readonly untilMs: number } | undefined;

  constructor(options: SessionTokensOptions) {
    this.#options = options;
  }

  /** This instance logs in with the shared token, where its venue has such. Asking for one is charged. */
  use(instance: CcxtInstance): void {
    const { exchange, nowMs } = this.#options;
    const isToken = exchange.limits.read("token").some(({ weight }) => weight > 0);
    if (!isToken) return;
    const authenticate = instance.authenticate.bind(instance);
    instance.authenticate = (params) => {
      if (this.#shared === undefined || nowMs() >= this.#shared.untilMs) {
        const token = this.#ask(() => authenticate(params));
        this.#shared = { token, untilMs: nowMs() + SHARED_FOR_MS };
        token.catch(() => this.forget());
      }
      return this.#shared.token;
    };
  }

  /** A socket did not come about, or has failed: it may be for the token. */
  forget(): void {
    this.#shared = undefined;
  }

  #ask(authenticate: () => Promise<unknown>): Promise<unknown> {
    return readPaid(this.#options, "token", authenticate, { kind: "session", waitMaxMs: WAIT_MAX_MS });
  }
}
