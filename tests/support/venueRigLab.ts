/** The exchange in the lab's own process, reached as a desk of the lab does: over its session. */
import { join } from "node:path";
import type { PlaceEffect } from "../../server/contract/effects.ts";
import { createToken, removeAddress, writeAddress } from "../../server/host/addressFile.ts";
import { createClock } from "../../server/host/clock.ts";
import { frameServer } from "../../server/host/frameServer.ts";
import type { FrameConnection } from "../../server/host/framedSocket.ts";
import type { MarketDriver, MarketRecord, SimulatedExchange } from "../../server/lab/ports.ts";
import { openDeskVenues } from "../../server/lab/service/deskVenues.ts";
import { openLabMarket } from "../../server/lab/service/market.ts";
import { Sessions } from "../../server/lab/service/sessions.ts";
import { FIRST_FILL, openLabStore } from "../../server/lab/service/store.ts";
import type { Exchange } from "../../server/lab/exchange/exchange.ts";
import type { AccountTruth } from "../../server/lab/service/labClient.ts";
import { FaultPlan } from "../../server/lab/world/faults.ts";
import { createLabVenue } from "../../server/venues/lab/venue.ts";
import { BTC, LATE_MS, makeRigHome, rigDesk } from "./venueRig.ts";
import type { RigOptions, VenueRig } from "./venueRig.ts";
import { RigDesk } from "./venueRigDesk.ts";
import { createRigListings } from "./venueRigListings.ts";

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
const FILLS_MAX = 10_000;

/** What a test orders up comes into the market so soon, and in the order in which it was ordered. */
const MARKET_STEP_US = 2_000;

const NO_FAULTS = { lostRequest: 0, lostAck: 0, lostFill: 0, duplicateReport: 0, lateReport: 0 };

type Untimed<R> = R extends unknown ? Omit<R, "exchangeAtUs"> : never;

export function openLabRig(options: RigOptions): Promise<VenueRig> {
  const desk = rigDesk("in-process", options);
  const { config } = desk;
  const { home, remove } = makeRigHome(desk);
  const clock = createClock(desk.clock);
  const store = openLabStore(join(home, "lab"), ["a"], clock.nowUs());
  const ordered: Untimed<MarketRecord>[] = [];
  const still = openLabMarket(desk, { nowUs: clock.nowUs(), prices: {}, generation: 1 });
  // Made before the exchange is, which it changes later.
  const listings = createRigListings({
    config,
    // The whole venue is behind it, of which the lab shows no more than a desk needs.
    relist: (...listing) => (exchange as SimulatedExchange & Pick<Exchange, "relist">).relist(...listing),
    nowUs: () => clock.nowUs(),
    deliver: (event) => sessions.deliver(event),
  });
  const market = {
    driver: withOrders(still.driver, ordered, clock.nowUs()),
    watchListings: listings.watch,
    close: () => still.close(),
  };
  // The lab reads it at every request: what is set here holds from then on.
  const faults: { -readonly [K in keyof FaultPlan]: FaultPlan[K] } = FaultPlan.parse({
    unknownAfterMs: 100,
    lateByMaxMs: LATE_MS,
  });
  const venues = openDeskVenues({ desk, store, market, clock, log: SILENT, faults });
  const connections = new Set<FrameConnection>();
  const token = createToken();
  const sessions = new Sessions({
    config,
    token,
    log: SILENT,
    truth: () => undefined,
    trading: venues.trading,
    control: undefined,
  });
  const server = frameServer({
    onConnection(connection) {
      connections.add(connection);
      return sessions.accept(connection);
    },
  });
  const exchange = venues.exchanges[0];
  if (exchange === undefined) throw new Error("no exchange");
  const venue = () => createLabVenue({ home, config, clock, log: SILENT });

  async function open(): Promise<VenueRig> {
    const port = await server.listen();
    venues.start(sessions);
    writeAddress(home, "lab", { port, token });
    let current = new RigDesk(config, venue(), clock);
    const gone: RigDesk[] = [];
    let losses = 0;
    const all = [() => current, () => gone];
    return {
      target: "in-process",
      amends: config.accounts[0]?.amend ?? "none",
      get desk() {
        return current;
      },
      async crash() {
        gone.push(current);
        current.stop();
        await current.venue.close();
        const before = truth().fills.length;
        current = new RigDesk({ ...config, epoch: config.epoch + gone.length }, venue(), clock, before);
        return current;
      },
      truth: () => Promise.resolve(truth()),
      take: async (side, sizeLots, limitTicks) =>
        void ordered.push({ kind: "take", instrument: BTC, side, sizeLots, limitTicks }),
      async rest(side, priceTicks, sizeLots) {
        const level = [priceTicks, sizeLots];
        const [bids, asks] = side === "buy" ? [level, []] : [[], level];
        ordered.push({ kind: "delta", instrument: BTC, bids, asks });
      },
      // The exchange's channel breaks, and begins again with a snapshot.
      gap: async () => void ordered.push({ kind: "gap", instrument: BTC }, listings.theirBook(BTC)),
      // The desk has been told when this resolves: its orders are numbers of ticks, and the exchange would take those
      // of before for some of now.
      async list(instrument, change) {
        const { definition, isNewGrid } = listings.change(instrument, change);
        if (isNewGrid) ordered.push(listings.theirBook(instrument));
        await current.until(() => {
          const known = current.engine.state.instruments[instrument]?.definition;
          return known?.version === definition.version && known.status === definition.status;
        });
      },
      spoilReports: async (how) =>
        void (faults[how === "duplicateEvent" ? "duplicateReport" : "lateReport"] = 1),
      async placeByHand(clientId, side, priceTicks, sizeLots) {
        const order: PlaceEffect = {
          type: "place",
          account: 0,
          instrument: BTC,
          clientId,
          side,
          priceTicks,
          sizeLots,
          timeInForce: "POST_ONLY",
          selfTrade: "EXPIRE_TAKER",
          requestExpiresAtUs: Number.MAX_SAFE_INTEGER,
        };
        exchange?.place(0, order, clock.nowUs(), { public: () => undefined, private: () => undefined });
      },
      async cancelByHand(clientId) {
        const cancel = { type: "cancel", account: 0, instrument: BTC, clientId } as const;
        exchange?.cancel(0, cancel, clock.nowUs(), { public: () => undefined, private: () => undefined });
      },
      hideFills: async () => void (faults.lostFill = 1),
      disconnect: () =>
        current.untilCut(() => {
          for (const connection of connections) connection.close("cut");
          connections.clear();
        }),
      async lose(what) {
        faults[what === "request" ? "lostRequest" : "lostAck"] = 1;
        losses += 1;
      },
      // All of them are, until nothing is lost any more.
      lost: () => Promise.resolve(losses),
      heal: async () => void Object.assign(faults, NO_FAULTS),
      wire: undefined,
      async close() {
        await Promise.all(all.flatMap((get) => get()).map((desk) => desk.close()));
        await venues.stop();
        removeAddress(home, "lab", token);
        await server.close();
        venues.persist();
        await store.close();
        market.close();
        remove();
      },
    };
  }

  function truth(): AccountTruth {
    venues.persist();
    return {
      balances: exchange?.balances(0).map(({ asset, totalAtoms }) => ({ asset, totalAtoms })) ?? [],
      openOrders: exchange?.openOrders(0) ?? [],
      fills: store.fills("a", FIRST_FILL, FILLS_MAX).fills,
    };
  }

  return open();
}

/** Signs of life, and between them what was ordered up. */
function withOrders(still: MarketDriver, ordered: Untimed<MarketRecord>[], fromUs: number): MarketDriver {
  let first = still.next();
  let atUs = fromUs;
  let turn = 0;
  return {
    next() {
      // The books as they begin; nothing else ever comes of a market that stands still.
      if (first !== undefined && first.exchangeAtUs <= fromUs) {
        const record = first;
        first = still.next();
        return record;
      }
      atUs += MARKET_STEP_US;
      const record = ordered.shift() ?? { kind: "alive", instrument: turn++ % 2 };
      return { ...record, exchangeAtUs: atUs } as MarketRecord;
    },
  };
}
