/**
 * The lab as a service: simulated venues on the real clock, with accounts that survive it. It persists what
 * happened before it tells anyone. Open orders of a lab that died are canceled, like at a venue's maintenance.
 */
import { join } from "node:path";
import type { DeskFile } from "../../contract/deskFile.ts";
import type { OrderEffect } from "../../contract/effects.ts";
import { TRUTH_FILLS_MAX } from "../../contract/labWire.ts";
import type { FillsCursor, TruthPage } from "../../contract/labWire.ts";
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import { decimalToScaled } from "../../core/decimal.ts";
import { createToken, removeAddress, writeAddress } from "../../host/addressFile.ts";
import type { Address } from "../../host/addressFile.ts";
import type { Clock } from "../../host/clock.ts";
import { readDeskFile } from "../../host/deskHome.ts";
import { frameServer } from "../../host/frameServer.ts";
import type { Log } from "../../host/log.ts";
import { createExchange } from "../exchange/exchange.ts";
import { FaultPlan } from "../world/faults.ts";
import { LatencyProfile } from "../world/latency.ts";
import { createDurableExchange } from "./durableExchange.ts";
import type { DurableExchange } from "./durableExchange.ts";
import { LiveWorld } from "./liveWorld.ts";
import { openLabMarket, readPrices } from "./market.ts";
import { Sessions } from "./sessions.ts";
import { FIRST_FILL, openLabStore } from "./store.ts";
import type { LabStore } from "./store.ts";

/** Finer than any venue's latency, and a small part of one core. */
const TURN_EVERY_MS = 4;

/** Steps of one turn: some milliseconds of work, and one frame of events well below its limit. */
const STEPS_PER_TURN = 2_048;

/** How much of the market's path a killed lab may lose. */
const PRICES_EVERY_US = MICROS_PER_SECOND;

/** Venues that are this far behind the desk's clock are said to be. */
const LATE_US = MICROS_PER_SECOND;

interface LabOptions {
  readonly home: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly faults?: FaultPlan | undefined;
}

export interface Lab {
  readonly address: Address;
  /** What the accounts hold, from the first fill on or from where the last page ended; undefined: no such account. */
  truth(account: string, from?: FillsCursor): TruthPage | undefined;
  /** A desk trades here at this moment. */
  readonly hasDesk: boolean;
  stop(): Promise<void>;
}

/** Throws a UserError when the desk file, the accounts or the recording cannot be used. */
export async function startLab({ home, clock, log, faults }: LabOptions): Promise<Lab> {
  const desk = readDeskFile(home);
  const { config } = desk;
  const names = config.accounts.map(({ account }) => account);
  const store = openLabStore(join(home, "lab"), names, clock.nowUs());
  const exchanges = openExchanges(desk, store);
  const market = openLabMarket(desk, {
    nowUs: clock.nowUs(),
    prices: store.prices(),
    generation: store.generation,
  });
  const token = createToken();
  const world = new LiveWorld({
    config,
    exchanges,
    driver: market.driver,
    latency: LatencyProfile.parse(desk.latency),
    faults: faults ?? FaultPlan.parse({}),
    seed: desk.lab.seed + store.generation - 1,
    clock,
    deliver: (event) => sessions.deliver(event),
    fillsSince: (account, sinceUs) => {
      persist();
      return store.fills(names[account] ?? "", { ...FIRST_FILL, atUs: sinceUs }).fills;
    },
    onMarketEnd: () => {
      log.info("the recording has come to its end");
      sessions.tellMarketEnd();
    },
  });
  const sessions: Sessions = new Sessions({
    config,
    token,
    log,
    request: (effect, sentAtUs) => {
      world.advance(STEPS_PER_TURN);
      world.send(reanchored(effect, world.nowUs - sentAtUs));
      return world.nowUs;
    },
    onDesk: () => {
      world.advance(STEPS_PER_TURN);
      world.resubscribeAll();
    },
    truth,
    marketEnded: () => world.marketEnded,
  });

  function truth(account: string, from = FIRST_FILL): TruthPage | undefined {
    const index = names.indexOf(account);
    const exchange = exchanges[index];
    if (exchange === undefined) return undefined;
    persist();
    const { fills, next } = store.fills(account, from, TRUTH_FILLS_MAX);
    const balances = exchange.balances(index).map(({ asset, totalAtoms }) => ({ asset, totalAtoms }));
    return { balances, openOrders: exchange.openOrders(index), fills, next };
  }

  /** Fills, orders and balances of all that has happened, in one transaction. */
  function persist(): void {
    for (const exchange of exchanges) exchange.stage();
    store.commit();
  }

  let pricesAtUs = clock.nowUs();
  function keepPrices(): void {
    if (desk.lab.market !== "agents" || world.nowUs - pricesAtUs < PRICES_EVERY_US) return;
    pricesAtUs = world.nowUs;
    store.putPrices(readPrices(config, exchanges));
  }

  let isLate = false;
  function watchLag(): void {
    const lagUs = clock.nowUs() - world.nowUs;
    if (isLate === lagUs > LATE_US) return;
    isLate = !isLate;
    if (isLate) log.warn("this machine is too slow for the market: it runs late", { lagMs: lagUs / 1e3 });
    else log.info("the market runs on time again");
  }

  let waiting: { cancel(): void } | undefined;
  function turn(): void {
    const isDone = world.advance(STEPS_PER_TURN);
    keepPrices();
    persist();
    sessions.flush();
    watchLag();
    waiting = isDone ? later(turn) : soon(turn);
  }

  const server = frameServer({ onConnection: (connection) => sessions.accept(connection) });
  const port = await server.listen();
  turn();
  const address = writeAddress(home, "lab", { port, token });
  log.info("the lab is open", { port, market: desk.lab.market, generation: store.generation });
  return {
    address,
    truth,
    get hasDesk() {
      return sessions.hasDesk;
    },
    async stop() {
      waiting?.cancel();
      removeAddress(home, "lab", token);
      await server.close();
      persist();
      await store.close();
      market.close();
    },
  };
}

function openExchanges(
  { config, deposits }: Pick<DeskFile, "config" | "deposits">,
  store: LabStore,
): DurableExchange[] {
  return config.accounts.map(({ account: name }, account) =>
    createDurableExchange({
      inner: createExchange({ config, accounts: [account] }),
      account,
      name,
      store,
      deposits: new Map(
        deposits
          .filter((deposit) => deposit.account === name)
          .map(({ asset, amount }) => {
            const decimals = config.assets.find((spec) => spec.asset === asset)?.decimals;
            if (decimals === undefined)
              throw new Error(`invariant: a deposit of ${asset}, which is no asset`);
            return [asset, decimalToScaled(amount, decimals)];
          }),
      ),
    }),
  );
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
