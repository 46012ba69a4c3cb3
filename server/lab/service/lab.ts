/**
 * The lab as a service: simulated venues on the real clock, with accounts that survive it. It persists what
 * happened before it tells anyone. Open orders of a lab that died are canceled, like at a venue's maintenance.
 */
import { join } from "node:path";
import type { DeskFile } from "../../contract/deskFile.ts";
import { TRUTH_FILLS_MAX } from "../../contract/labWire.ts";
import type { FillsCursor, TruthPage } from "../../contract/labWire.ts";
import { createToken, removeAddress, writeAddress } from "../../host/addressFile.ts";
import type { Address } from "../../host/addressFile.ts";
import type { Clock } from "../../host/clock.ts";
import { readDeskFile } from "../../host/deskHome.ts";
import { frameServer } from "../../host/frameServer.ts";
import type { Log } from "../../host/log.ts";
import type { FrontEndFactory } from "../wire/ports.ts";
import { FRONT_ENDS } from "../wire/registry.ts";
import type { FaultPlan } from "../world/faults.ts";
import { openDeskVenues } from "./deskVenues.ts";
import { openKeys } from "./keys.ts";
import { openLabMarket } from "./market.ts";
import type { LabMarket } from "./market.ts";
import { Sessions } from "./sessions.ts";
import { FIRST_FILL, openLabStore } from "./store.ts";
import type { LabStore } from "./store.ts";
import type { LabVenues } from "./venues.ts";
import { listenAgain, readWirePorts, writeWirePorts } from "./wirePorts.ts";
import { openWireVenues } from "./wireVenues.ts";

export interface LabOptions {
  readonly home: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the world between a desk in the lab's own sessions and the venues. */
  readonly faults?: FaultPlan | undefined;
  readonly wire?: WireOptions | undefined;
  /** Instead of the market that the desk file asks for: one that the lab cannot open by itself. */
  readonly openMarket?: ((desk: DeskFile) => LabMarket) | undefined;
}

export interface WireOptions {
  /** Instead of those of the lab's own exchanges. */
  readonly frontEnds?: Readonly<Record<string, FrontEndFactory>> | undefined;
  /** Of the first venue; the others follow it, in the order of their accounts. Absent: where they were before. */
  readonly firstPort?: number | undefined;
  /** Only throughput benches lift the venues' limits. */
  readonly limits?: "lifted" | undefined;
}

export interface Lab {
  readonly address: Address;
  /** What the accounts hold, from the first fill on or from where the last page ended; undefined: no such account. */
  truth(account: string, from?: FillsCursor): TruthPage | undefined;
  /** A desk trades here at this moment: in a session, or with a socket open at a venue. */
  readonly hasDesk: boolean;
  /** Of the venues on the wire, by name. */
  readonly ports: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/** Throws a UserError when the desk file, the accounts, a port or the recording cannot be used. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const { home, clock, log } = options;
  const desk = readDeskFile(home);
  const { config } = desk;
  const names = config.accounts.map(({ account }) => account);
  const store = openLabStore(join(home, "lab"), names, clock.nowUs());
  const start = { nowUs: clock.nowUs(), prices: store.prices(), generation: store.generation };
  const market = options.openMarket?.(desk) ?? openLabMarket(desk, start);
  const venues = await openVenues(options, desk, store, market).catch(async (error: unknown) => {
    market.close();
    await store.close();
    throw error;
  });
  const token = createToken();

  function truth(account: string, from = FIRST_FILL): TruthPage | undefined {
    const index = names.indexOf(account);
    const exchange = venues.exchanges[index];
    if (exchange === undefined) return undefined;
    venues.persist();
    const { fills, next } = store.fills(account, from, TRUTH_FILLS_MAX);
    const balances = exchange.balances(index).map(({ asset, totalAtoms }) => ({ asset, totalAtoms }));
    return { balances, openOrders: exchange.openOrders(index), fills, next };
  }

  const { trading, control } = venues;
  const sessions = new Sessions({ config, token, log, truth, trading, control });
  const server = frameServer({ onConnection: (connection) => sessions.accept(connection) });
  const port = await server.listen();
  venues.start(sessions);
  const address = writeAddress(home, "lab", { port, token });
  log.info("the lab is open", {
    port,
    market: desk.lab.market,
    generation: store.generation,
    ...venues.ports,
  });
  return {
    address,
    truth,
    get hasDesk() {
      return sessions.hasDesk || venues.hasClients;
    },
    ports: venues.ports,
    async stop() {
      await venues.stop();
      removeAddress(home, "lab", token);
      await server.close();
      venues.persist();
      await store.close();
      market.close();
    },
  };
}

async function openVenues(
  { home, clock, log, faults, wire = {} }: LabOptions,
  desk: DeskFile,
  store: LabStore,
  market: LabMarket,
): Promise<LabVenues> {
  if (desk.venues !== "wire") return openDeskVenues({ desk, store, market, clock, log, faults });
  const { frontEnds = FRONT_ENDS, firstPort, limits = "entry" } = wire;
  const keys = openKeys(
    home,
    desk.config.accounts.map(({ account }) => account),
  );
  const before = readWirePorts(home);
  let nth = 0;
  const venues = await openWireVenues({
    desk,
    store,
    market,
    clock,
    log,
    keys,
    frontEnds,
    limits,
    choosePort: (venue, listen) =>
      firstPort === undefined ? listenAgain(listen, before[venue]) : listen(firstPort + nth++),
  });
  writeWirePorts(home, venues.ports);
  return venues;
}
