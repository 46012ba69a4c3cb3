/**
 * What an operator reads about pages, states and codes: one source for the help page, `desk explain` and
 * docs/operating.md.
 */
import { TRADING_STATES, type TradingState } from "./tradingStates.ts";
import { COMMAND_REFUSALS, GATE_REASONS, NOTICES, QUOTE_REASONS, WAIT_REASONS } from "./reasons.ts";

/** What a trading state means, in a sentence. */
export const STATE_TEXT: Readonly<Record<TradingState, string>> = {
  ACTIVE: "quotes on both sides",
  REDUCE_ONLY: "only orders that reduce inventory",
  PAUSED: "quotes are pulled; one command resumes",
  DISARMED: "orders are cancelled and sealed; an operator arms it",
  KILLED: "stopped and latched; an operator arms it once every venue is sealed",
};

export const ACCOUNT_STATUS_TEXT = {
  NOT_READY: "nothing is known yet: the first contact is waited for",
  RECONCILING: "orders, fills and balances are being compared with the venue's",
  READY: "everything agrees; quotes may be placed",
  DEGRADED:
    "the private stream is lost or overloaded, the account halted, or a balance differs: nothing is quoted there",
} as const;

export const ORDER_STATUS_TEXT = {
  PENDING_NEW: "sent, not answered",
  OPEN: "rests at the venue",
  PARTIALLY_FILLED: "rests with a part filled",
  PENDING_AMEND: "a change is sent, not answered: both sizes are reserved",
  PENDING_CANCEL: "a cancel is sent, not answered",
  UNKNOWN: "a request got no answer: the venue is asked until it gives one",
  FILLED: "filled in full",
  CANCELED: "cancelled; late fills are booked all the same",
  REJECTED: "the venue refused it; it never rested",
  EXPIRED: "ended by the venue's own rules",
} as const;

export interface Guide {
  readonly title: string;
  readonly text: string;
}

/** The pages, in the order of the bar. */
export const PAGES: readonly Guide[] = [
  {
    title: "The bar",
    text: "Stop, state of the desk, a light per venue, net exposure, the day's P&L with its time, alerts, and how old what you see is. It is there on every page, also when the page below it has failed. Hold the stop button, or press its key twice; the menu beside it has smaller scopes, each in words. What a narrow screen has no room for opens by ≡. After a stop the receipt stays until you close it.",
  },
  {
    title: "Desk",
    text: "Every market at every venue: our bid and ask with their distance from the mid of others at that venue and their size, inventory, P&L, and the age of the data. Where a price is missing its reason code stands there with the time since. A click on a side opens its explanation. Below it the day's P&L by part and inventory against its model; beside it alerts and fills. At the end the venue accounts: whether their books agree with ours, when they last did, how often that is checked and trades are read, how much of the request budget is used or how long the venue wants silence, and every break with both sides' figures.",
  },
  {
    title: "Market",
    text: "One market in depth: mids of all venues, fair value, our quotes as a band and our fills; the ladders of the venues with our orders on one price axis; and why a quote is where it is, stage by stage from mid to order. A click on the chart explains that second, if this tab has seen it: the last fifteen minutes at most. The chart goes back an hour.",
  },
  {
    title: "Orders",
    text: "What works now, what has ended, and every fill, with filters and an export. What is live comes from the engine, the past from the database.",
  },
  {
    title: "Parameters",
    text: "Every knob at every scope, with where its value comes from. Check says what would change and what would be refused; Apply wants a reason and shows when the engine quotes under the new version. The history takes any version back in one click. When somebody else was faster you are shown what changed before you decide.",
  },
];

/** What to do when. */
export const GUIDES: readonly Guide[] = [
  {
    title: "Starting",
    text: "npm start prints one address that lets one browser in, once, within ten minutes; npm run desk -- status --url prints another. The demo arms itself once every venue is reconciled, unless a stop is latched. Quotes begin about thirty seconds later, when volatility and fill intensity are known.",
  },
  {
    title: "Real venues",
    text: "npm start -- --profile paper plays over the books and trades of Binance, OKX and Kraken: orders are matched here, and no key is needed. npm start -- --profile live connects with the keys of npm run desk -- keys set ACCOUNT --profile live and only watches: OBSERVE-ONLY stands in the bar, nothing but questions leaves, and arming is refused with what is missing. npm run desk -- certify --venue V tries an account with orders of the smallest size. A key that may withdraw is refused: take that right away from it. --venues FILE names other accounts and symbols; docs/venues.md shows one.",
  },
  {
    title: "Stopping",
    text: "The stop button and npm run desk -- kill do the same: the latch is on disk first, the engine disarms, every order is cancelled, and each venue is asked until it shows none (cleared) and until nothing that was on the wire can arrive any more (sealed). The latch outlives every restart. Arm it again with a reason, once every venue is READY and sealed.",
  },
  {
    title: "Ending the desk",
    text: "Ctrl-C at the terminal disarms, cancels, seals, writes everything down and ends; a second one waits for less. The next start finds inventory, P&L, parameters and the latch as they were.",
  },
  {
    title: "After a crash",
    text: "What died is started again. An engine that comes back takes up its journal, asks each venue for open orders, fills and balances, cancels what carries the desk's code, and stays DISARMED until a person arms it.",
  },
  {
    title: "The database is away",
    text: "Trading goes on. What happens is in the journal, and the recorder writes it down when the database is back; until then the pages show what is live and say since when the past cannot be read.",
  },
  {
    title: "A venue is DEGRADED",
    text: "Its private stream is lost, or its balance differs from ours by more than a lot: nothing is quoted there and what rested is cancelled. It comes back by itself once orders, fills and balances agree; the difference is on the screen until then. It is halted when the venue refuses the account or the key may withdraw: the line says which, and what ends it. Other venues go on.",
  },
  {
    title: "A break",
    text: "The venue's books differ from ours, and nothing that is under way explains it. Balances are compared as often as a fifth of the venue's read budget allows, and a difference is a break when three comparisons in a row have found it. More than a lot of an asset that is traded there makes the venue observe-only. Dust, an asset that is not traded there, an order of other hands, and a fill that the venue counts and has not told have no effect on quoting. Orders that carry the desk's code and are not of this run are cancelled by themselves; nothing else is ever put right without you. Look at the venue's own page, at deposits and at who else uses the account; a break goes away by itself when the books tie out.",
  },
];

export interface HelpRow {
  readonly code: string;
  readonly text: string;
  /** What lifts it, or what to do: as the third column says. */
  readonly more?: string;
}

export interface HelpTable {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  readonly columns: readonly string[];
  readonly rows: readonly HelpRow[];
}

export const HELP_TABLES: readonly HelpTable[] = [
  {
    id: "states",
    title: "Trading states",
    lead: "Set for the desk, a venue account, a market or a side; of all that apply the strictest wins.",
    columns: ["state", "meaning"],
    rows: TRADING_STATES.map((state) => ({ code: state, text: STATE_TEXT[state] })),
  },
  {
    id: "accounts",
    title: "Venue accounts",
    lead: "An account is quoted on only while it is READY. One account never holds another up.",
    columns: ["status", "meaning"],
    rows: plainRows(ACCOUNT_STATUS_TEXT),
  },
  {
    id: "orders",
    title: "Order states",
    lead: "Only a definite answer of the venue ends an order. A time-out decides nothing: the order is UNKNOWN and its exposure stays reserved.",
    columns: ["state", "meaning"],
    rows: plainRows(ORDER_STATUS_TEXT),
  },
  {
    id: "reasons",
    title: "Why a side is not quoted",
    lead: "The code stands where the price would be, with the time since.",
    columns: ["code", "meaning", "what lifts it"],
    rows: reasonRows(QUOTE_REASONS),
  },
  {
    id: "gate",
    title: "Why the risk gate refused an order",
    lead: "Every order passes one gate that judges the worst case of everything open and in flight. Cancels are never refused.",
    columns: ["code", "meaning", "what lifts it"],
    rows: reasonRows(GATE_REASONS),
  },
  {
    id: "waits",
    title: "Why a side that could be quoted waits",
    lead: "The quote is decided and the gate lets it pass; the venue, or our count of what it allows, does not yet.",
    columns: ["code", "meaning", "what lifts it"],
    rows: reasonRows(WAIT_REASONS),
  },
  {
    id: "commands",
    title: "Why a command was refused",
    lead: "The engine's answer to an operator's command or to a change of parameters. What is refused changes nothing.",
    columns: ["code", "meaning", "what to do"],
    rows: Object.entries(COMMAND_REFUSALS).map(([code, { text, todo }]) => ({ code, text, more: todo })),
  },
  {
    id: "notices",
    title: "Alerts and notices",
    lead: "Numbered lines in the order in which the engine said them.",
    columns: ["code", "meaning"],
    rows: plainRows(NOTICES),
  },
];

function plainRows(texts: Readonly<Record<string, string>>): HelpRow[] {
  return Object.entries(texts).map(([code, text]) => ({ code, text }));
}

function reasonRows(
  reasons: Readonly<Record<string, { readonly text: string; readonly releases: string }>>,
): HelpRow[] {
  return Object.entries(reasons).map(([code, { text, releases }]) => ({ code, text, more: releases }));
}
