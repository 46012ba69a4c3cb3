/** The exchange in the lab's own process, reached as a desk of the lab does: over its session. */
import { join } from "node:path";
import type { PlaceEffect } from "../../server/contract/effects.ts";
import { createToken, removeAddress, writeAddress } from "../../server/host/addressFile.ts";
import { createClock } from "../../server/host/clock.ts";
import { frameServer } from "../../server/host/frameServer.ts";
import type { FrameConnection } from "../../server/host/framedSocket.ts";
import type { MarketDriver, MarketRecord } from "../../server/lab/ports.ts";
import { openDeskVenues } from "../../server/lab/service/deskVenues.ts";
import { openLabMarket } from "../../server/lab/service/market.ts";
import { Sessions } from "../../server/lab/service/sessions.ts";
import { FIRST_FILL, openLabStore } from "../../server/lab/service/store.ts";
import type { AccountTruth } from "../../server/lab/service/labClient.ts";
import { FaultPlan } from "../../server/lab/world/faults.ts";
import { createLabVenue } from "../../server/venues/lab/venue.ts";
import { BTC, makeRigHome, rigDesk, THEIR_ASK, THEIR_BID } from "./venueRig.ts";
import type { RigOptions, VenueRig } from "./venueRig.ts";
import { RigDesk } from "./venueRigDesk.ts";

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
const FILLS_MAX = 10_000;

/** What a test orders up comes into the market so soon, and in the order in which it was ordered. */
const MARKET_STEP_US = 2_000;

type Untimed<R> = R extends unknown ? Omit<R, "exchangeAtUs"> : never;

export function openLabRig(options: RigOptions): Promise<VenueRig> {
  const desk = rigDesk("in-process", options);
  const { config } = desk;
  const { home, remove } = makeRigHome(desk);
  const clock = createClock(desk.clock);
  const store = openLabStore(join(home, "lab"), ["a"], clock.nowUs());
  const ordered: Untimed<MarketRecord>[] = [];
  const still = openLabMarket(desk, { nowUs: clock.nowUs(), prices: {}, generation: 1 });
  const market = { driver: withOrders(still.driver, ordered, clock.nowUs()), close: () => still.close() };
  // The lab reads it at every request: what is set here holds from then on.
  const faults: { -readonly [K in keyof FaultPlan]: FaultPlan[K] } = FaultPlan.parse({ unknownAfterMs: 100 });
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
      async gap() {
        const [bids, asks] = [
          [THEIR_BID, 1_000_000],
          [THEIR_ASK, 1_000_000],
        ];
        ordered.push({ kind: "gap", instrument: BTC }, { kind: "snapshot", instrument: BTC, bids, asks });
      },
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
      heal: async () => void Object.assign(faults, { lostRequest: 0, lostAck: 0, lostFill: 0 }),
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
