/** What a whole run of the suite consists of, by name: a certificate counts when each of these was passed. */
import { exchangeOf } from "../exchanges/registry.ts";
import type { ExchangeId } from "../ports.ts";

export const CHECK_NAMES = {
  clocks: "the clocks agree",
  key: "the key may trade and not withdraw",
  stream: "the private stream is subscribed",
  terms: "the instrument trades, by terms that the desk can hold",
  book: "the book has two sides",
  alone: "no order of others rests in the account",
  life: "a post-only order rests, is found by our id, amended, and canceled",
  postOnly: "a post-only order that would take is refused, and none of it rests",
  sameId: "a second order under the same id is refused",
  expiry: "a request that has expired is not carried out",
  unheard: "an order whose answer nobody heard is found by our id, one that never left is not",
  taking: "an order that takes and says whom a self-trade expires is understood",
  cancelAll: "a cancel of everything ends everything",
  silence: "the dead-man's switch cancels when we fall silent",
  fills: "fills, fees and balances are what the venue's own records say",
  cancelRace: "an order that takes and its cancel right behind it end as one story",
  missedFill: "a fill that was missed is told after the reconnect",
  nothingOpen: "nothing of ours is open",
} as const;
export type CheckName = (typeof CHECK_NAMES)[keyof typeof CHECK_NAMES];

/** Where the venue has no dead-man's switch nothing can be said of one. */
export function requiredChecks(exchange: ExchangeId): readonly CheckName[] {
  const hasSwitch = exchangeOf(exchange).deadMansSwitch !== undefined;
  return Object.values(CHECK_NAMES).filter((name) => hasSwitch || name !== CHECK_NAMES.silence);
}
