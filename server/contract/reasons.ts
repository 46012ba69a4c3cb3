/**
 * Reason codes, one list per stage. Operators see the code with its text; what lifts it stands beside it.
 */

interface Reason {
  readonly text: string;
  readonly releases: string;
}

/** Why a side of an instrument is not quoted, or is quoted differently. */
export const QUOTE_REASONS = {
  NOT_QUOTED: { text: "this instrument is a reference only", releases: "a configuration that quotes it" },
  NO_BOOK: { text: "no two-sided book has arrived", releases: "a book snapshot with both sides" },
  FEED_GAP: {
    text: "a sequence gap or loss of the feed made the book void",
    releases: "the next book snapshot",
  },
  CROSSED_BOOK: { text: "the venue's book is crossed or locked", releases: "a book with bid below ask" },
  STALE_CHANNEL: { text: "the channel has been silent for too long", releases: "any message on the channel" },
  STALE_BOOK: {
    text: "fair value has moved away from a book that does not change",
    releases: "a change of the book, or fair value coming back",
  },
  NO_CONVERSION: { text: "no fresh rate from its quote currency", releases: "a rate younger than 5 s" },
  CONVERSION_OFF_PAR: {
    text: "its quote currency is more than 100 bps off par",
    releases: "a rate within 100 bps of par",
  },
  NO_FAIR_VALUE: { text: "no usable venue to price from", releases: "one usable book" },
  BASIS_CAPPED: {
    text: "its lasting difference from fair value exceeds 20 bps",
    releases: "a basis within 20 bps",
  },
  NO_VOLATILITY: { text: "volatility is not known yet", releases: "enough one-second returns of fair value" },
  NO_INTENSITY: {
    text: "fill intensity is not known yet",
    releases: "enough trades on the venue's tape, or intensity that is set by hand",
  },
  TOXIC_FLOW: {
    text: "fills of this side lose more than they capture, and it would add inventory",
    releases: "the end of the pause, if losses have fallen below what fills capture",
  },
  SESSION_END: {
    text: "the session is about to end: inventory is traded back",
    releases: "the next session",
  },
  HEDGE_BOOK_STALE: {
    text: "the book that a fill would be hedged on is too old",
    releases: "a hedge book younger than 200 ms",
  },
  HEDGE_BOOK_THIN: {
    text: "no venue shows enough to hedge a fill",
    releases: "a hedge book as deep as the quote",
  },
  NO_MODEL: {
    text: "no risk aversion gives the target inventory deviation",
    releases: "a smaller target, or other fill rates",
  },
  JUMP: { text: "fair value jumped", releases: "the end of the pause after the jump" },
  WIDER_THAN_MAX: {
    text: "the wanted half-spread exceeds its maximum",
    releases: "less risk, or a higher maximum",
  },
  BELOW_MIN: { text: "the size is below the venue's minimum", releases: "a larger order, or a lower price" },
  VENUE_NOT_READY: { text: "the venue account is not reconciled", releases: "a completed reconciliation" },
  DISK_LOW: {
    text: "the disk of the journal is nearly full: what the desk did could soon not be written down",
    releases: "free space above the mark, by itself; delete or move something",
  },
  JOURNAL_STALLED: {
    text: "the disk of the journal does not answer",
    releases: "the disk answering again for a second, by itself",
  },
  REBASING: {
    text: "the venue changed its tick or lot",
    releases: "the end of the orders priced in the old one",
  },
  INSTRUMENT_HALTED: { text: "the venue has halted the instrument", releases: "the venue resuming it" },
  FLATTENING: { text: "inventory is being traded back to its baseline", releases: "the end of the flatten" },
  PAUSED: { text: "paused by an operator", releases: "a command that resumes it" },
  DISARMED: { text: "disarmed", releases: "an operator arming it" },
  KILLED: { text: "stopped", releases: "an operator arming it after every venue is sealed" },
} as const satisfies Record<string, Reason>;

/** Why the risk gate refused an order. */
export const GATE_REASONS = {
  NO_REFERENCE: { text: "no fair value to judge the order by", releases: "a fair value" },
  STALE_REFERENCE: { text: "fair value is too old to judge by", releases: "a fresh fair value" },
  NO_LIMIT: { text: "a limit is missing", releases: "a complete set of limits" },
  ACCOUNT_NOT_READY: { text: "the venue account is not reconciled", releases: "a completed reconciliation" },
  NO_BALANCE_KNOWN: { text: "the venue's balances are not known", releases: "a balance report" },
  INSUFFICIENT_BALANCE: {
    text: "not enough free balance at the venue",
    releases: "a deposit, or fewer holds",
  },
  ASSET_LIMIT: {
    text: "the worst case exceeds the inventory limit of the asset",
    releases: "less inventory",
  },
  VENUE_LIMIT: { text: "the worst case exceeds the inventory limit at the venue", releases: "less there" },
  NET_LIMIT: { text: "the worst case exceeds the desk's net limit", releases: "less net exposure" },
  GROSS_LIMIT: { text: "the worst case exceeds the desk's gross limit", releases: "less gross exposure" },
  PRICE_COLLAR: { text: "the price is too far from fair value", releases: "a price within the collar" },
  PRICE_BAND: { text: "the price is outside the venue's band", releases: "a price within the band" },
  SELF_CROSS: { text: "it would trade with our own order", releases: "the other order leaving" },
  FILTER: { text: "price or size breaks a filter of the venue", releases: "a valid price and size" },
  REDUCE_ONLY: { text: "only reducing orders pass", releases: "a reducing order, or a state of ACTIVE" },
  STATE: { text: "the trading state lets no such order pass", releases: "an operator's command" },
  STORAGE: {
    text: "the journal's disk is nearly full or silent: only what a person asks for passes",
    releases: "the disk being well again, by itself",
  },
} as const satisfies Record<string, Reason>;

/** Why nothing is sent for a side although a quote is wanted there and the gate would let it pass. */
export const WAIT_REASONS = {
  ORDER_BUDGET: {
    text: "the venue's count of our requests leaves no room for a new order",
    releases: "the count going down, in seconds",
  },
  RATE_LIMIT: {
    text: "the last order was refused for want of room in the venue's request budget",
    releases: "a short wait, by itself",
  },
  VENUE_REFUSED: {
    text: "the venue has refused the last order",
    releases: "a tenth of a second, by itself",
  },
} as const satisfies Record<string, Reason>;

/** Why the engine refused an operator's command or a change of parameters. */
export const COMMAND_REFUSALS = {
  LATCHED: { text: "DISARMED and KILLED are left by arming alone", todo: "arm it" },
  NOT_LATCHED: {
    text: "only what is DISARMED or KILLED can be armed",
    todo: "nothing, or resume what is paused",
  },
  NOT_SEALED: {
    text: "a venue account of that scope is not READY or not sealed, or an order of ours is left there",
    todo: "wait until it is; the answer names it",
  },
  NOT_READY_FOR_LIVE: {
    text: "real venues are only watched while something is missing that they need",
    todo: "what the answer says to each",
  },
  SECOND_WRITER: {
    text: "another desk places orders in this one's name",
    todo: "end that one, then start this one again",
  },
  STOPPED_SINCE: {
    text: "an arm was sent again, and its scope has been stopped since it was first sent",
    todo: "look why it was stopped, then arm it anew",
  },
  UNKNOWN_SCOPE: {
    text: "the desk has no such account, market or symbol, or knows no balance of the asset there",
    todo: "look at the name; wait for the venue's balances",
  },
  NO_FAIR_VALUE: {
    text: "a baseline moves inventory at fair value, and there is none",
    todo: "wait for one usable book of the market",
  },
  VERSION: {
    text: "the parameters have changed since they were read",
    todo: "read them again, and change what still has to be",
  },
  BOUNDS: {
    text: "a value is outside its bounds or missing, or cannot be set at that scope",
    todo: "a value and a scope that the form allows",
  },
  CONTRADICTION: {
    text: "two values exclude each other, such as an order larger than a limit",
    todo: "change one of the two that the answer names",
  },
  INERT: {
    text: "the parameter does nothing under the choices that are in force there",
    todo: "make the choice that the answer names, or leave it",
  },
  NOT_AVAILABLE: { text: "this desk may not hedge", todo: "try it in a backtest or a study" },
  STOPPING: { text: "the engine is on its way out, or has failed", todo: "send it again once it runs" },
  OVERLOADED: { text: "more commands wait than the engine takes on", todo: "send it again" },
} as const satisfies Record<string, { readonly text: string; readonly todo: string }>;
export type CommandRefusal = keyof typeof COMMAND_REFUSALS;

/** A venue's definitive no. */
export const VENUE_REFUSALS = [
  "POST_ONLY_WOULD_TAKE",
  "INSUFFICIENT_FUNDS",
  "FILTER",
  "EXPIRED_REQUEST",
  "DUPLICATE_ID",
  "UNKNOWN_ORDER",
  "HALTED",
  "NO_LIQUIDITY",
  /** Over the request budget: the venue said so, or our own count of it kept the request back. */
  "RATE_LIMIT",
  "OTHER",
] as const;
export type VenueRefusal = (typeof VENUE_REFUSALS)[number];

/** Things that must not pass unread. */
export const NOTICES = {
  ILLEGAL_TRANSITION: "an order report that does not fit the order's state",
  LATE_FILL: "a fill for an order that had ended; booked",
  FOREIGN_FILL: "a fill that belongs to no order of this run; booked",
  UNPRICED_FILL: "a fill, or its fee, without a rate to the reporting currency; booked in its own assets",
  UNBOOKED_FILL:
    "a fill in ticks or lots that the decimals of the desk's assets cannot hold; not booked: the balances show it",
  DUPLICATE_FILL:
    "a fill that is booked was told again with another side, size or price; the first stands: the balances show which is true",
  OVERFILL: "more was filled than was ordered; booked",
  SECOND_WRITER:
    "an order with our desk code that no run of this desk has placed: another desk writes in its name; disarmed until that one is ended and this one started again",
  STRAY_ORDER: "an order with our desk code that this run does not know; cancelled",
  ORDER_UNKNOWN: "the outcome of a request is unknown; its exposure stays reserved",
  ORDER_RESOLVED: "the venue answered for an order whose outcome was unknown",
  ORDER_FORGOTTEN: "the venue no longer knows an order that it had accepted; taken as cancelled",
  BALANCE_BREAK:
    "the venue's balance differs from ours by more than a lot: it is only observed until it ties out",
  BREAK:
    "the venue's books differ from ours where it does not stop quoting: dust, an order of other hands, an untold fill",
  BREAK_CLEARED: "a difference between the venue's books and ours ties out",
  TRADING_STATE: "a trading state changed",
  ACCOUNT_STATUS: "a venue account changed its status",
  PARAMETERS: "parameters changed",
  BASELINE: "a baseline was found or moved",
  TRANSFER: "a deposit or withdrawal moved the baseline",
  INSTRUMENT_CHANGED: "a venue changed an instrument's filters",
  RESTART: "the engine took up the state of an earlier run; nothing is trusted before the venues confirm it",
  RECOVERY_GAP:
    "a part of the earlier run could not be taken up: venues are asked for orders, fills and balances again; look at parameters, baselines and states",
  HOST_PAUSE: "the host paused; quotes were pulled",
  CLOCK_STEP: "the wall clock stepped, or the host was suspended; quotes were pulled",
  STORAGE: "the journal's disk is full or silent, and quotes are pulled; or it is well again",
  BAD_BOOK: "a malformed book event; the book is void until its next snapshot",
  FLATTEN: "inventory is being traded back to its baseline",
  CLEARED: "no open order is left at a venue account",
  SEALED: "nothing in flight can become an order at a venue account any more",
} as const;
export type NoticeCode = keyof typeof NOTICES;

export type QuoteReason = keyof typeof QUOTE_REASONS;
export type GateReason = keyof typeof GATE_REASONS;
export type WaitReason = keyof typeof WAIT_REASONS;
export type OffReason = QuoteReason | GateReason | WaitReason;

const REASONS: Readonly<Record<OffReason, Reason>> = { ...QUOTE_REASONS, ...GATE_REASONS, ...WAIT_REASONS };

export function isReason(code: string): code is OffReason {
  return Object.hasOwn(REASONS, code);
}

export function describeReason(code: OffReason): Reason {
  return REASONS[code];
}
