/**
 * What the desk needs of an exchange, held against what ccxt can do there. A lack is compensated by something of ours,
 * or the exchange is refused; nothing is silently done without. `docs/venues.md` shows the table.
 */

export const LISTED_EXCHANGES = [
  "binance",
  "okx",
  "kraken",
  "bybit",
  "coinbase",
  "gate",
  "kucoin",
  "bitget",
  "hyperliquid",
] as const;
export type ListedExchange = (typeof LISTED_EXCHANGES)[number];

/** Keys of ccxt's `has`; what is written with a dot is ours, because `has` does not say it. */
export const NEEDS = {
  createOrder: "places orders",
  cancelOrder: "cancels by our own id",
  fetchOpenOrders: "lists open orders of all symbols",
  fetchOrder: "looks one order up",
  fetchMyTrades: "lists our trades",
  fetchBalance: "lists balances",
  watchOrderBook: "streams books",
  watchTrades: "streams trades",
  watchMyTrades: "streams our fills",
  createOrderWs: "takes orders on a socket",
  cancelOrderWs: "cancels on a socket",
  editOrder: "amends",
  cancelAllOrders: "cancels everything at once",
  cancelAllOrdersAfter: "cancels everything when we fall silent",
  "order.expiry": "takes an expiry with each request",
  "order.selfTrade": "takes a self-trade mode with each order",
  "book.integrity": "its books can be checked for what was lost",
  "key.rights": "says whether a key may withdraw",
} as const;
export type Need = keyof typeof NEEDS;

export type Provision =
  | { readonly kind: "yes" }
  /** It is done another way, or what follows from its lack is taken into account. */
  | { readonly kind: "compensated"; readonly by: string }
  | { readonly kind: "refused"; readonly because: string };

const GUARD = "what a desk left is canceled when it starts again, and before that by a guard where one runs";
const REST_ENTRY = "orders go over REST";
const NO_EXPIRY = "an unanswered request is taken to be alive for 30 s";
const NO_EXPIRY_MS = 30_000;

/** Without a stream of fills, or a way to find out what became of an order, the desk does not trade. */
const COMPENSATION: { readonly [N in Need]?: string } = {
  createOrderWs: REST_ENTRY,
  cancelOrderWs: "cancels go over REST",
  editOrder: "an order is canceled and placed anew",
  cancelAllOrders: "open orders are listed and canceled in batches",
  cancelAllOrdersAfter: GUARD,
  "order.expiry": NO_EXPIRY,
  "book.integrity": "a book is compared with fresh snapshots now and then",
  "key.rights": "nothing says it: a person makes the key without that right",
};

/** What `has` says wrongly or not at all, from what ccxt sends and the venues' own documents. */
const KNOWN: { readonly [E in ListedExchange]: { readonly [N in Need]?: Provision | "yes" | "no" } } = {
  binance: {
    cancelAllOrders: { kind: "compensated", by: "one call for each symbol of the desk" },
    editOrder: { kind: "compensated", by: "cancel and new in one request; both halves are reported" },
    "order.expiry": "yes",
    "order.selfTrade": "yes",
    "book.integrity": "yes",
    "key.rights": "yes",
  },
  okx: { "order.expiry": "yes", "order.selfTrade": "yes", "book.integrity": "yes", "key.rights": "yes" },
  kraken: {
    fetchOrder: { kind: "compensated", by: "its lists of open and closed orders are asked by our id" },
    "order.expiry": "yes",
    "order.selfTrade": "yes",
    "book.integrity": { kind: "compensated", by: "we compute the checksum that ccxt leaves out" },
    "key.rights": "yes",
  },
  bybit: {
    fetchOrder: { kind: "compensated", by: "its lists of open and recent orders are asked by our id" },
    cancelAllOrdersAfter: { kind: "compensated", by: `its switch guards the connection alone; ${GUARD}` },
    "order.selfTrade": "yes",
    "order.expiry": "yes",
    "book.integrity": "no",
    "key.rights": "yes",
  },
  coinbase: {
    cancelOrder: { kind: "compensated", by: "it cancels by its own id only; that is looked up first" },
    watchMyTrades: { kind: "refused", because: "ccxt streams no fills there" },
    "order.selfTrade": {
      kind: "compensated",
      by: "the account's setting is checked; orders do not carry it",
    },
    "order.expiry": "no",
    "book.integrity": { kind: "compensated", by: "we check its sequence_num, which ccxt does not" },
    "key.rights": "yes",
  },
  gate: { "order.selfTrade": "yes", "order.expiry": "yes", "book.integrity": "yes" },
  kucoin: {
    "order.selfTrade": "yes",
    "order.expiry": "no",
    "book.integrity": "yes",
    "key.rights": "yes",
    fetchOrder: { kind: "compensated", by: "by our id over an endpoint that ccxt does not unify" },
  },
  bitget: {
    "order.selfTrade": "yes",
    "order.expiry": "no",
    "book.integrity": "yes",
    "key.rights": "yes",
    cancelAllOrders: { kind: "compensated", by: "one call for each symbol of the desk" },
  },
  hyperliquid: {
    "order.selfTrade": {
      kind: "compensated",
      by: "the venue always expires the resting order; quotes never cross ours",
    },
    "order.expiry": "yes",
    "book.integrity": { kind: "compensated", by: "every message is a whole book" },
    "key.rights": {
      kind: "compensated",
      by: "an agent's key cannot withdraw; the wallet's own is not taken",
    },
  },
};

/** What an exchange provides of each need. `has` is ccxt's. */
export function provisionsOf(
  exchange: ListedExchange,
  has: Readonly<Record<string, unknown>>,
): { readonly [N in Need]: Provision } {
  const entries = (Object.keys(NEEDS) as Need[]).map((need): [Need, Provision] => {
    const known = KNOWN[exchange][need];
    if (known !== undefined && typeof known === "object") return [need, known];
    const provided = known === undefined ? has[need] === true || has[need] === "emulated" : known === "yes";
    return [need, provided ? { kind: "yes" } : withoutIt(need)];
  });
  return Object.fromEntries(entries) as { [N in Need]: Provision };
}

/** Why the desk does not trade there with an account of these terms; empty: it may. */
export function refusalsOf(
  exchange: ListedExchange,
  has: Readonly<Record<string, unknown>>,
  { requestExpiryMs }: { readonly requestExpiryMs: number },
): string[] {
  const provisions = provisionsOf(exchange, has);
  const refusals = Object.entries(provisions).flatMap(([need, provision]) =>
    provision.kind === "refused" ? [`${NEEDS[need as Need]}: ${provision.because}`] : [],
  );
  if (provisions["order.expiry"].kind === "yes" || requestExpiryMs >= NO_EXPIRY_MS) return refusals;
  const terms = `requestExpiryMs has to be at least ${NO_EXPIRY_MS}, and is ${requestExpiryMs}`;
  return [...refusals, `${NEEDS["order.expiry"]}: ${NO_EXPIRY}, so the account's ${terms}`];
}

function withoutIt(need: Need): Provision {
  const by = COMPENSATION[need];
  return by === undefined
    ? { kind: "refused", because: `ccxt has no ${need} there` }
    : { kind: "compensated", by };
}
