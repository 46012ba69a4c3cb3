/**
 * Kraken's spot exchange as its clients know it: REST under `/0` and the v2 sockets, over one core. The documents of
 * docs.kraken.com say what it does; where they leave something open, the part that decides it says so.
 */
import type { HttpAnswer, HttpRequest, FrontEnd, VenueCore } from "../ports.ts";
import type { Nonces } from "./auth.ts";
import { createBalanceFeed } from "./balanceFeed.ts";
import { createBookFeed } from "./bookFeed.ts";
import { cancelAll } from "./entry.ts";
import { ERRORS } from "./errors.ts";
import { createExecutionFeed } from "./executionFeed.ts";
import { createInstrumentFeed } from "./instrumentFeed.ts";
import { encodeJson } from "./json.ts";
import type { Json } from "./json.ts";
import { parseForm, textOf, wrong } from "./params.ts";
import type { Checked, Params } from "./params.ts";
import { callPrivate, isQuestion } from "./privateRest.ts";
import { ALWAYS_ANSWERED, PUBLIC_METHODS } from "./publicRest.ts";
import { createSockets, SOCKET_PATH } from "./sockets.ts";
import { createTickerFeed } from "./tickerFeed.ts";
import { createTradeFeed } from "./tradeFeed.ts";
import { createVenue } from "./venue.ts";
import type { KrakenVenue } from "./venue.ts";

const PRIVATE_ROOT = "/0/private/";
const AFTER_TIMEOUT = "Cancel all orders after timeout";

export function createKraken(core: VenueCore): FrontEnd {
  const venue = createVenue(core);
  const nonces: Nonces = new Map();
  const book = createBookFeed(venue);
  const trade = createTradeFeed(venue);
  const ticker = createTickerFeed(venue);
  const instrument = createInstrumentFeed(venue);
  const executions = createExecutionFeed(venue);
  const balances = createBalanceFeed(venue);
  const sockets = createSockets(venue, { bySymbol: [book, trade, ticker], instrument, executions, balances });

  return {
    hasOpenBans: true,
    http: (request) => answerOf(route(venue, nonces, request)),
    isQuestion: ({ path }) => isQuestion(path.replace(PRIVATE_ROOT, "")),
    connect: (socket) => (socket.path === SOCKET_PATH ? sockets.connect(socket) : undefined),
    public(event) {
      switch (event.type) {
        case "book":
          book.changed(event.instrument, event.kind);
          return ticker.bookChanged(event.instrument);
        case "trade":
          trade.traded(event.instrument);
          return ticker.traded(event.instrument);
        case "feed":
          // All levels are gone at once.
          if (event.status === "gap") book.changed(event.instrument, "delta");
      }
    },
    private(account, report) {
      executions.report(account, report);
      if (report.type === "fill") balances.moved(account);
    },
    moved: (account) => balances.moved(account),
    listed(position) {
      venue.pairs.renew();
      instrument.listed(position);
    },
    tick() {
      for (const account of venue.deadMan.due()) cancelAll(venue, account, AFTER_TIMEOUT);
      sockets.tick();
    },
    fault(fault) {
      if (fault.kind === "sessionExpired") sockets.expire();
      else venue.faults.order(fault);
    },
  };
}

function route(venue: KrakenVenue, nonces: Nonces, request: HttpRequest): Checked<Json> {
  const [, version, kind, name = "", ...rest] = request.path.split("/");
  if (version !== "0" || rest.length > 0) return wrong(ERRORS.unknownMethod);
  if (kind === "private" && request.method === "POST") return callPrivate(venue, nonces, name, request);
  const method = Object.hasOwn(PUBLIC_METHODS, name) ? PUBLIC_METHODS[name] : undefined;
  if (kind !== "public" || method === undefined) return wrong(ERRORS.unknownMethod);
  if (venue.faults.isIn("maintenance") && !ALWAYS_ANSWERED.includes(name)) return wrong(ERRORS.unavailable);
  const params = parseForm(request.method === "POST" ? request.body : request.query);
  if (!venue.publicCounter.charge(publicScope(venue, name, params), 1)) return wrong(ERRORS.tooManyRequests);
  return method(venue, params);
}

/** What is counted together: the trades of one pair, and all else. */
function publicScope({ pairs }: KrakenVenue, name: string, params: Params): string {
  const pair = name === "Trades" ? pairs.find(textOf(params, "pair") ?? "") : undefined;
  return pair === undefined ? "" : pair.id;
}

/** Errors come with status 200 as well. */
function answerOf(outcome: Checked<Json>): HttpAnswer {
  const body = outcome.ok ? { error: [], result: outcome.value } : { error: [outcome.error] };
  return { status: 200, headers: { "content-type": "application/json" }, body: encodeJson(body) };
}
