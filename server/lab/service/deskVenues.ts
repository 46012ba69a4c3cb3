/** Venues for a desk that reaches them in the lab's own sessions: no wire, the world's latency and faults between. */
import type { DeskFile } from "../../contract/deskFile.ts";
import type { OrderEffect } from "../../contract/effects.ts";
import type { Instrument } from "../../contract/instrument.ts";
import type { Clock } from "../../host/clock.ts";
import type { Log } from "../../host/log.ts";
import { createExchange } from "../exchange/exchange.ts";
import { FaultPlan } from "../world/faults.ts";
import { LatencyProfile } from "../world/latency.ts";
import { depositsOf } from "./deposits.ts";
import { createDurableExchange } from "./durableExchange.ts";
import { LiveWorld } from "./liveWorld.ts";
import type { LabMarket } from "./market.ts";
import type { Sessions } from "./sessions.ts";
import { FIRST_FILL } from "./store.ts";
import type { LabStore } from "./store.ts";
import { createUpkeep } from "./upkeep.ts";
import type { LabVenues } from "./venues.ts";

/** Finer than any venue's latency, and a small part of one core. */
const TURN_EVERY_MS = 4;

/** Steps of one turn: some milliseconds of work, and one frame of events well below its limit. */
const STEPS_PER_TURN = 2_048;

/** The store answers for older orders and knows their ids: in memory are those of the last minutes. */
const ENDED_IN_MEMORY_MAX = 1_000;

interface DeskVenuesOptions {
  readonly desk: DeskFile;
  readonly store: LabStore;
  readonly market: LabMarket;
  readonly clock: Clock;
  readonly log: Log;
  readonly faults: FaultPlan | undefined;
}

export function openDeskVenues({ desk, store, market, clock, log, faults }: DeskVenuesOptions): LabVenues {
  const { config } = desk;
  const names = config.accounts.map(({ account }) => account);
  let sessions: Sessions | undefined;
  const exchanges = names.map((name, account) =>
    createDurableExchange({
      inner: createExchange({ config, accounts: [account], endedMax: ENDED_IN_MEMORY_MAX }),
      account,
      name,
      store,
      deposits: depositsOf(desk, name),
    }),
  );
  const world = new LiveWorld({
    config,
    exchanges,
    driver: market.driver,
    latency: LatencyProfile.parse(desk.latency),
    faults: faults ?? FaultPlan.parse({}),
    seed: desk.lab.seed + store.generation - 1,
    clock,
    deliver: (event) => sessions?.deliver(event),
    fillsSince: (account, sinceUs) => {
      persist();
      return store.fills(names[account] ?? "", { ...FIRST_FILL, atUs: sinceUs }).fills;
    },
    onMarketEnd: () => {
      log.info("the recording has come to its end");
      sessions?.tellMarketEnd();
    },
  });

  /** In one transaction. */
  function persist(): void {
    for (const exchange of exchanges) exchange.stage();
    store.commit();
  }

  /** What the venues list otherwise than the desk file. */
  const listings = new Map<number, Instrument>();
  const tellListing = (instrument: number, definition: Instrument): void =>
    sessions?.deliver({ type: "instrument", atUs: world.nowUs, instrument, definition });
  market.watchListings?.((instrument, definition) => {
    listings.set(instrument, definition);
    tellListing(instrument, definition);
  });
  /** A desk that was told otherwise by an earlier life of the lab has to hear also what is as in its file again. */
  function tellListings(): void {
    if (market.watchListings === undefined) return;
    for (const [instrument, definition] of config.instruments.entries())
      tellListing(instrument, listings.get(instrument) ?? definition);
  }

  const upkeep = createUpkeep({ desk, exchanges, store, clock, log });
  let waiting: { cancel(): void } | undefined;
  function turn(): void {
    const isDone = world.advance(STEPS_PER_TURN);
    upkeep(world.nowUs);
    persist();
    sessions?.flush();
    waiting = isDone ? later(turn) : soon(turn);
  }

  return {
    exchanges,
    persist,
    ports: {},
    hasClients: false,
    trading: {
      request: (effect, sentAtUs) => {
        world.advance(STEPS_PER_TURN);
        world.send(reanchored(effect, world.nowUs - sentAtUs));
        return world.nowUs;
      },
      onDesk: () => {
        world.advance(STEPS_PER_TURN);
        tellListings();
        world.resubscribeAll();
      },
      marketEnded: () => world.marketEnded,
    },
    start(served) {
      sessions = served;
      turn();
    },
    async stop() {
      waiting?.cancel();
    },
  };
}

/** With its instants by the lab's own clock, which is `aheadUs` ahead of the desk's. */
function reanchored(effect: OrderEffect, aheadUs: number): OrderEffect {
  if ("requestExpiresAtUs" in effect)
    return { ...effect, requestExpiresAtUs: effect.requestExpiresAtUs + aheadUs };
  if (effect.type === "query" && effect.what === "fills")
    return { ...effect, sinceUs: Math.max(0, effect.sinceUs + aheadUs) };
  return effect;
}

function later(act: () => void): { cancel(): void } {
  const timer = setTimeout(act, TURN_EVERY_MS);
  return { cancel: () => clearTimeout(timer) };
}

function soon(act: () => void): { cancel(): void } {
  const immediate = setImmediate(act);
  return { cancel: () => clearImmediate(immediate) };
}
