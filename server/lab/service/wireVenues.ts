/**
 * Venues on the wire: one exchange per venue behind its own protocol on its own port, one market of others for all of
 * them, one clock. A desk reaches them as any client of these exchanges does.
 */
import { MICROS_PER_MS } from "../../contract/units.ts";
import type { Clock } from "../../host/clock.ts";
import type { Log } from "../../host/log.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { createVenueHost } from "../wire/host/host.ts";
import { startFaultSchedule } from "../wire/host/schedule.ts";
import type { FaultSchedule } from "../wire/host/schedule.ts";
import { Turns } from "../wire/host/turns.ts";
import { createLatencySampler, LatencyProfile } from "../world/latency.ts";
import { createControl } from "./control.ts";
import { describeLab } from "./describe.ts";
import { readPrices } from "./market.ts";
import type { LabMarket } from "./market.ts";
import { createPlayer } from "./player.ts";
import { createUpkeep } from "./upkeep.ts";
import type { LabVenues } from "./venues.ts";
import { createWireKeeper, listedInstruments } from "./wireKeeper.ts";
import { createWireVenue } from "./wireVenue.ts";
import type { WireVenue, WireVenueOptions } from "./wireVenue.ts";

/** Of the front-ends' own clockwork: batches of books, heartbeats, dead-man's switches. */
const TICK_US = 10 * MICROS_PER_MS;

export interface WireVenuesOptions extends WireVenueOptions {
  readonly market: LabMarket;
  readonly clock: Clock;
  readonly log: Log;
  /** Where each venue shall listen: throws what `listen` throws. */
  readonly choosePort: (venue: string, listen: (port: number) => Promise<number>) => Promise<number>;
}

/** The venues listen when this resolves. Throws a UserError when a venue has no front-end or no port. */
export async function openWireVenues(options: WireVenuesOptions): Promise<LabVenues> {
  const { desk, store, market, clock, log } = options;
  const { config } = desk;
  /** What was before anyone could connect only shapes the books. */
  let preloadUs: number | undefined = clock.nowUs();
  let hasEnded = false;

  const keeper = createWireKeeper(config, store);
  const names = [...new Set(config.accounts.map(({ venue }) => venue))];
  const time = new Turns({
    clock,
    market: {
      get nextAtUs() {
        return player.nextAtUs;
      },
      step: applyNext,
    },
    makeSafe: persist,
    afterTurn() {
      upkeep(time.servedUs);
      if (!player.hasEnded || hasEnded) return;
      hasEnded = true;
      log.info("the recording has come to its end");
    },
  });
  const nowUs = (): number => preloadUs ?? time.nowUs();
  const venues = names.map((venue) => createWireVenue(venue, options, keeper, nowUs));
  const cores = venues.map(({ core }) => core);
  const coreOf = config.instruments.map((_, instrument) =>
    cores.find(({ listings }) => listings.some((listing) => listing.instrument === instrument)),
  );
  const exchanges = config.accounts.map(({ venue }) => exchangeOf(venues[names.indexOf(venue)]));
  const listed = {
    ...config,
    get instruments() {
      return listedInstruments(config, store);
    },
  };
  const upkeep = createUpkeep({ desk: { lab: desk.lab, config: listed }, exchanges, store, clock, log });
  const player = createPlayer(market, { nowUs, prices: () => readPrices(listed, exchanges) });

  function applyNext(): void {
    const record = player.take();
    if (record !== undefined) coreOf[record.instrument]?.applyMarket(record);
  }

  /** In one transaction. */
  function persist(): void {
    keeper.stage(cores);
    store.commit();
  }

  const startUs = clock.nowUs();
  while (player.nextAtUs < startUs) {
    preloadUs = player.nextAtUs;
    applyNext();
  }
  preloadUs = undefined;

  const latency = LatencyProfile.parse(desk.latency);
  const hosts = venues.map(({ core, faults, front }) => {
    const account = config.accounts[core.accounts[0] ?? 0]?.account ?? core.venue;
    const latencyUs = createLatencySampler(latency, account, desk.lab.seed + store.generation - 1);
    return createVenueHost({ core, front, faults, time, latencyUs, log });
  });
  const ports: Record<string, number> = {};
  try {
    for (const host of hosts)
      ports[host.core.venue] = await options.choosePort(host.core.venue, (port) => host.listen(port));
  } catch (error) {
    for (const host of hosts) await host.close();
    throw error;
  }

  function tick(): void {
    for (const { front } of hosts) front.tick();
    time.at(time.nowUs() + TICK_US, tick);
  }

  let schedule: FaultSchedule | undefined;
  return {
    exchanges,
    persist,
    ports,
    control: createControl({
      config,
      hosts,
      nowUs,
      play: (play) => player.change(play),
      describe: () =>
        describeLab(hosts, ports, {
          desk,
          play: player.play,
          generation: store.generation,
          nowUs: nowUs(),
        }),
      schedule(plan) {
        const next = plan === undefined ? undefined : startFaultSchedule(plan, hosts, time);
        schedule?.stop();
        schedule = next;
      },
    }),
    get hasClients() {
      return hosts.some((host) => host.hasClients);
    },
    start() {
      time.at(time.nowUs() + TICK_US, tick);
      time.start();
    },
    async stop() {
      time.stop();
      for (const host of hosts) await host.close();
    },
  };
}

function exchangeOf(venue: WireVenue | undefined): Exchange {
  if (venue === undefined) throw new Error("invariant: an account without a venue");
  return venue.exchange;
}
