/** Subscribing and unsubscribing on a socket: one acknowledgement for each symbol, or one for a channel without symbols. */
import type { WireKey } from "../ports.ts";
import type { BalanceFeed } from "./balanceFeed.ts";
import type { ExecutionFeed } from "./executionFeed.ts";
import type { InstrumentFeed } from "./instrumentFeed.ts";
import type { Json } from "./json.ts";
import { flagOf, listOf, right, textOf, wrong } from "./params.ts";
import type { Checked, Params } from "./params.ts";
import type { Session } from "./session.ts";
import type { SymbolFeed } from "./symbolFeed.ts";
import type { Pairs } from "./pairs.ts";
import { COUNT_MAX } from "./tradeCounter.ts";

export interface Feeds {
  readonly bySymbol: readonly SymbolFeed[];
  readonly instrument: InstrumentFeed;
  readonly executions: ExecutionFeed;
  readonly balances: BalanceFeed;
}

export interface Acknowledgement {
  readonly outcome: Checked<Json>;
  readonly symbol?: string;
  /** Begins, or ends, what was acknowledged: after the acknowledgement has gone out. */
  readonly effect?: () => void;
}

const ALREADY = "Already subscribed";
const NOT_SUBSCRIBED = "Subscription Not Found";

export function subscribe(
  feeds: Feeds,
  pairs: Pairs,
  session: Session,
  request: { readonly params: Params; readonly authenticate: () => Checked<WireKey> },
): Acknowledgement[] {
  const { params } = request;
  const channel = textOf(params, "channel") ?? "";
  const feed = feeds.bySymbol.find((candidate) => candidate.channel === channel);
  if (feed !== undefined) return subscribeSymbols(feed, pairs, session, params);
  const wantsSnapshot = params["snapshot"] !== false;
  switch (channel) {
    case "instrument": {
      const { instrument } = feeds;
      const effect = (): void => instrument.add(session, wantsSnapshot);
      return [accepted(instrument.has(session), { channel, snapshot: wantsSnapshot }, effect)];
    }
    case "executions": {
      const key = request.authenticate();
      if (!key.ok) return [{ outcome: key }];
      const { executions } = feeds;
      const result = {
        channel,
        maxratecount: COUNT_MAX,
        snap_orders: params["snap_orders"] !== false,
        snap_trades: flagOf(params, "snap_trades"),
        order_status: params["order_status"] !== false,
      };
      const effect = (): void => executions.add(session, key.value.account, params);
      return [accepted(executions.has(session), result, effect)];
    }
    case "balances": {
      const key = request.authenticate();
      if (!key.ok) return [{ outcome: key }];
      const { balances } = feeds;
      const effect = (): void => balances.add(session, key.value.account, wantsSnapshot);
      return [accepted(balances.has(session), { channel, snapshot: wantsSnapshot }, effect)];
    }
    default:
      return [{ outcome: wrong("Channel not supported") }];
  }
}

export function unsubscribe(feeds: Feeds, pairs: Pairs, session: Session, params: Params): Acknowledgement[] {
  const channel = textOf(params, "channel") ?? "";
  const feed = feeds.bySymbol.find((candidate) => candidate.channel === channel);
  if (feed !== undefined)
    return listOf(params, "symbol").map((symbol) => {
      const pair = pairs.findSymbol(symbol);
      if (pair === undefined || !feed.has(session, pair)) return { outcome: wrong(NOT_SUBSCRIBED), symbol };
      return { outcome: right({ channel, symbol }), effect: () => feed.remove(session, pair) };
    });
  const other = { instrument: feeds.instrument, executions: feeds.executions, balances: feeds.balances };
  if (channel !== "instrument" && channel !== "executions" && channel !== "balances")
    return [{ outcome: wrong("Channel not supported") }];
  if (!other[channel].has(session)) return [{ outcome: wrong(NOT_SUBSCRIBED) }];
  return [{ outcome: right({ channel }), effect: () => other[channel].drop(session) }];
}

function subscribeSymbols(
  feed: SymbolFeed,
  pairs: Pairs,
  session: Session,
  params: Params,
): Acknowledgement[] {
  const symbols = listOf(params, "symbol");
  const mistake = symbols.length === 0 ? "Symbol(s) not found" : feed.check(params);
  if (mistake !== undefined) return [{ outcome: wrong(mistake) }];
  const seen = new Set<string>();
  return symbols.map((symbol) => {
    const pair = pairs.findSymbol(symbol);
    if (pair === undefined) return { outcome: wrong(`Currency pair not supported ${symbol}`), symbol };
    if (feed.has(session, pair) || seen.has(symbol)) return { outcome: wrong(ALREADY), symbol };
    seen.add(symbol);
    const result = { channel: feed.channel, ...feed.describe(params), symbol };
    return { outcome: right(result), effect: () => feed.add(session, pair, params) };
  });
}

function accepted(isThere: boolean, result: Json, effect: () => void): Acknowledgement {
  return isThere ? { outcome: wrong(ALREADY) } : { outcome: right(result), effect };
}
