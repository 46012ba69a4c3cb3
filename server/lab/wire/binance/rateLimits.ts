/**
 * The venue's budgets. Weight is counted per address and minute, and everyone here comes from one address; unfilled
 * orders per account and 10 seconds, and day. Limits are those that exchangeInfo of the real venue gives to an
 * ordinary account, the rules those of rest-api.md ("Limits") and faqs/order_count_decrement.md.
 */
import type { Liquidity } from "../../../contract/units.ts";
import { Refusal } from "./refusal.ts";

interface RateLimit {
  readonly rateLimitType: "REQUEST_WEIGHT" | "ORDERS";
  readonly interval: "SECOND" | "MINUTE" | "DAY";
  readonly intervalNum: number;
  readonly limit: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export const WEIGHT_LIMIT: RateLimit = {
  rateLimitType: "REQUEST_WEIGHT",
  interval: "MINUTE",
  intervalNum: 1,
  limit: 6_000,
};
export const ORDER_LIMITS: readonly RateLimit[] = [
  { rateLimitType: "ORDERS", interval: "SECOND", intervalNum: 10, limit: 100 },
  { rateLimitType: "ORDERS", interval: "DAY", intervalNum: 1, limit: 200_000 },
];

/**
 * The wallet endpoints have a budget of this kind each, of the address or of the account ("General API Information" of
 * the wallet docs).
 */
const WALLET_LIMITS = { IP: 12_000, UID: 180_000 } as const;

/** What a request of the wallet endpoints costs, and which of their budgets. */
export interface WalletCost {
  readonly endpoint: string;
  readonly scope: keyof typeof WALLET_LIMITS;
  readonly weight: number;
}

/**
 * How often a minute one may go on after a 429, or under a ban, before the address is banned, or banned anew; the venue
 * says "repeatedly" and no number.
 */
const IGNORED_REFUSALS_MAX = 10;
const BAN_FIRST_MS = 2 * MINUTE_MS;
const BAN_LONGEST_MS = 3 * DAY_MS;
/** What the first fill of an order gives back: quotes that get filled earn more. */
const GIVEN_BACK = { taker: 1, maker: 5 } as const satisfies Record<Liquidity, number>;

interface CountedLimit extends RateLimit {
  readonly count: number;
}

export interface RateLimits {
  /** Throws a 418 while banned, or a 429 when the minute's weight is used up; ignoring those leads to a ban. */
  charge(weight: number): void;
  /** The same for a wallet endpoint. `account` is whose budget it is, where it is an account's. */
  chargeWallet(cost: WalletCost, account: number | undefined): void;
  /** Throws -1015 when the account may not place one more order now. */
  checkOrder(account: number): void;
  countOrder(account: number): void;
  /** An order of the account traded for the first time. */
  firstFill(account: number, liquidity: Liquidity): void;
  weight(): CountedLimit;
  /** What the wallet endpoint has been used in this minute. */
  walletWeight(cost: WalletCost, account: number | undefined): number;
  orders(account: number): readonly CountedLimit[];
  ban(forMs: number): void;
  /** The weight counts as used up for so long, whatever was used. */
  useUp(forMs: number): void;
}

export function createRateLimits(nowMs: () => number, isEnforced: boolean): RateLimits {
  const used = createCount(WEIGHT_LIMIT);
  const refused = createCount(WEIGHT_LIMIT);
  const byAccount = new Map<number, readonly Count[]>();
  const wallet = new Map<string, Count>();
  let bannedUntilMs = 0;
  let usedUpUntilMs = 0;
  let nextBanMs = BAN_FIRST_MS;

  const countsOf = (account: number): readonly Count[] => {
    const found = byAccount.get(account) ?? ORDER_LIMITS.map(createCount);
    byAccount.set(account, found);
    return found;
  };
  const checkBan = (now: number): void => {
    if (now >= bannedUntilMs) return;
    throw new Refusal(
      418,
      -1003,
      `Way too much request weight used; IP banned until ${bannedUntilMs}. Please use WebSocket Streams for live updates to avoid bans.`,
      backAt(now, bannedUntilMs),
    );
  };

  const walletCount = ({ endpoint, scope }: WalletCost, account: number | undefined): Count => {
    const budget = scope === "UID" ? `${endpoint} ${account}` : endpoint;
    const count = wallet.get(budget) ?? createCount({ ...WEIGHT_LIMIT, limit: WALLET_LIMITS[scope] });
    wallet.set(budget, count);
    return count;
  };
  /** One more request that was not to be sent. */
  const countRefused = (now: number): void => {
    if (refused.add(now, 1) <= IGNORED_REFUSALS_MAX) return;
    bannedUntilMs = Math.max(bannedUntilMs, now + nextBanMs);
    nextBanMs = Math.min(nextBanMs * 2, BAN_LONGEST_MS);
    refused.add(now, -IGNORED_REFUSALS_MAX - 1);
  };
  const spend = (count: Count, weight: number): void => {
    const now = nowMs();
    if (isEnforced && now < bannedUntilMs) countRefused(now);
    checkBan(now);
    const { limit } = count.rule;
    const hasRoom = !isEnforced || count.at(now) + weight <= limit;
    if (hasRoom && now >= usedUpUntilMs) {
      count.add(now, weight);
      return;
    }
    if (isEnforced) countRefused(now);
    checkBan(now);
    throw new Refusal(
      429,
      -1003,
      `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.`,
      backAt(now, hasRoom ? usedUpUntilMs : Math.max(usedUpUntilMs, endOfInterval(count.rule, now))),
    );
  };

  return {
    charge: (weight) => spend(used, weight),
    chargeWallet: (cost, account) => spend(walletCount(cost, account), cost.weight),
    walletWeight: (cost, account) => walletCount(cost, account).at(nowMs()),
    checkOrder: (account) => {
      const now = nowMs();
      for (const count of isEnforced ? countsOf(account) : []) {
        const { limit, interval, intervalNum } = count.rule;
        if (count.at(now) < limit) continue;
        // HTTP answers of this kind come without Retry-After; the WebSocket API gives the instant in `data`.
        const { data } = backAt(now, endOfInterval(count.rule, now));
        const words = `Too many new orders; current limit is ${limit} orders per ${intervalNum} ${interval}.`;
        throw new Refusal(429, -1015, words, { data });
      }
    },
    countOrder: (account) => {
      for (const count of countsOf(account)) count.add(nowMs(), 1);
    },
    firstFill: (account, liquidity) => {
      for (const count of countsOf(account)) count.add(nowMs(), -GIVEN_BACK[liquidity]);
    },
    weight: () => ({ ...WEIGHT_LIMIT, count: used.at(nowMs()) }),
    orders: (account) => countsOf(account).map((count) => ({ ...count.rule, count: count.at(nowMs()) })),
    ban: (forMs) => {
      bannedUntilMs = nowMs() + forMs;
    },
    useUp: (forMs) => {
      usedUpUntilMs = nowMs() + forMs;
    },
  };
}

/** A counter that starts anew with each interval of the clock, and never falls below zero. */
interface Count {
  readonly rule: RateLimit;
  at(nowMs: number): number;
  add(nowMs: number, amount: number): number;
}

function createCount(rule: RateLimit): Count {
  let interval = -1;
  let count = 0;
  const at = (nowMs: number): number => {
    const current = Math.floor(nowMs / lengthMs(rule));
    if (current !== interval) count = 0;
    interval = current;
    return count;
  };
  return {
    rule,
    at,
    add: (nowMs, amount) => (count = Math.max(0, at(nowMs) + amount)),
  };
}

function lengthMs({ interval, intervalNum }: RateLimit): number {
  return intervalNum * { SECOND: SECOND_MS, MINUTE: MINUTE_MS, DAY: DAY_MS }[interval];
}

function endOfInterval(rule: RateLimit, nowMs: number): number {
  return (Math.floor(nowMs / lengthMs(rule)) + 1) * lengthMs(rule);
}

function backAt(nowMs: number, retryAtMs: number): { readonly data: object; readonly retryAfterS: number } {
  return {
    data: { serverTime: nowMs, retryAfter: retryAtMs },
    retryAfterS: Math.max(1, Math.ceil((retryAtMs - nowMs) / SECOND_MS)),
  };
}
