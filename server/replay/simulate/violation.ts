/** What a run of the swarm can be found guilty of. */
export const VIOLATIONS = {
  STATE: "an order left while a trading state or a flatten forbade it",
  ACCOUNT: "an order left for an account that was not reconciled",
  FEED: "a quote left for an instrument without a live book",
  ASSET_LIMIT: "the worst case of an asset exceeded its limit",
  VENUE_LIMIT: "the worst case at a venue exceeded its limit",
  NET_LIMIT: "the worst case of the desk exceeded its net limit",
  FUNDS: "open orders could cost more than the account has",
  REDUCES: "an order that had to reduce could bring inventory through zero",
  REUSED_ID: "an order id was used twice",
  UNSENT_ORDER: "a venue spoke of an order that never left the desk",
  STORM: "requests came faster than anything can explain",
  TAKER_FEE: "a post-only order paid as a taker",
  OWN_CROSS: "our bid met our ask at one venue and symbol",
  SEAL: "a stop was lifted while something of ours could still be filled",
  FALSE_NOTICE: "the desk accused a venue of what it did not do",
  CRASH: "the engine threw",
  NOT_SETTLED: "after the faults the desk did not come to rest in time",
  BOOKS: "the desk's books differ from the exchanges'",
} as const;
export type ViolationCode = keyof typeof VIOLATIONS;

export interface Violation {
  readonly atUs: number;
  readonly code: ViolationCode;
  readonly what: string;
}
