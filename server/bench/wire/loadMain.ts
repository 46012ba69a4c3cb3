/**
 * Orders through the gateways of several venues as fast as they are acknowledged: a fixed number of them is on its way
 * at each venue, each is placed, canceled when it is acknowledged, and followed by the next. `--home DIR`; asked for
 * so many milliseconds by its parent, it answers with a `LoadResult` each time.
 */
import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineConfig } from "../../contract/config.ts";
import { clientIdOf } from "../../core/orders/clientId.ts";
import { createClock } from "../../host/clock.ts";
import { readDeskFile } from "../../host/deskHome.ts";
import { createLog } from "../../host/log.ts";
import { createCcxtVenue, spawnGateway } from "../../venues/ccxt/venue.ts";
import type { VenueEvent } from "../../venues/venue.ts";
import { benchAccess } from "./access.ts";
import { bundlePath } from "./bundles.ts";
import { restingTicks, SIZE_BASE } from "./walk.ts";

export interface LoadResult {
  readonly acknowledged: number;
  readonly elapsedMs: number;
  readonly refused: number;
  readonly byVenue: readonly number[];
  /** From the cancel to its end of the order as the engine would hear of it. */
  readonly cancelsNs: Float64Array;
}

/** On their way at each venue. More make the venues busier, and each request slower. */
const UNDER_WAY = 4;

const { home = "" } = parseArgs({ options: { home: { type: "string" } } }).values;
const { config } = readDeskFile(home);
const clock = createClock();
const venue = createCcxtVenue({
  config,
  access: benchAccess(home, config),
  clock,
  log: createLog("load"),
  spawn: spawnGateway(bundlePath("gateway")),
});

let placed = 0;
let refused = 0;
let byVenue = config.accounts.map(() => 0);
let cancelsNs: number[] = [];
const canceledAtNs = new Map<string, bigint>();
const up = new Set<number>();
const isStarted = new Promise<void>((resolve) => {
  const start = (): void => {
    if (up.size < config.accounts.length) return;
    resolve();
    for (const account of up) for (let n = 0; n < UNDER_WAY; n++) place(account);
  };
  venue.open({
    event: (event) => hear(event, start),
    connection: () => undefined,
    marketEnded: () => undefined,
  });
});

function hear(event: VenueEvent, start: () => void): void {
  // What it has not asked for is of no interest.
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check
  switch (event.type) {
    case "account":
      if (event.status !== "up" || up.has(event.account)) return;
      up.add(event.account);
      return start();
    case "book":
      return venue.consumed(event.instrument);
    case "orderAccepted":
      count(event.account);
      return cancel(event.account, event.clientId);
    case "orderCanceled": {
      const sentAtNs = canceledAtNs.get(event.clientId);
      if (sentAtNs === undefined) return;
      canceledAtNs.delete(event.clientId);
      cancelsNs.push(Number(process.hrtime.bigint() - sentAtNs));
      count(event.account);
      return place(event.account);
    }
    case "orderRejected":
    case "orderUnknown":
    case "cancelRejected":
      refused++;
      return place(event.account);
    default:
  }
}

function count(account: number): void {
  byVenue[account] = (byVenue[account] ?? 0) + 1;
}

function place(account: number): void {
  const instrument = instrumentOf(config, account);
  const definition = config.instruments[instrument];
  const expiryMs = config.accounts[account]?.requestExpiryMs ?? 0;
  if (definition === undefined) throw new Error(`invariant: account ${account} trades nothing`);
  venue.send({
    type: "place",
    account,
    instrument,
    clientId: clientIdOf("quote", config.deskCode, config.epoch, placed++),
    side: "buy",
    priceTicks: restingTicks(definition),
    sizeLots: Math.round(SIZE_BASE / Number(definition.lot)),
    timeInForce: "POST_ONLY",
    selfTrade: "EXPIRE_TAKER",
    requestExpiresAtUs: clock.nowUs() + expiryMs * 1_000,
  });
}

function cancel(account: number, clientId: string): void {
  canceledAtNs.set(clientId, process.hrtime.bigint());
  venue.send({ type: "cancel", account, instrument: instrumentOf(config, account), clientId });
}

function instrumentOf({ instruments, accounts }: EngineConfig, account: number): number {
  return instruments.findIndex((definition) => definition.account === accounts[account]?.account);
}

async function measure(forMs: number): Promise<void> {
  await isStarted;
  byVenue = byVenue.map(() => 0);
  cancelsNs = [];
  refused = 0;
  const startedMs = performance.now();
  await sleep(forMs);
  const elapsedMs = performance.now() - startedMs;
  const acknowledged = byVenue.reduce((sum, one) => sum + one, 0);
  const result = { acknowledged, elapsedMs, refused, byVenue, cancelsNs: Float64Array.from(cancelsNs) };
  process.send?.(result satisfies LoadResult);
}

process.on("message", (forMs: number) => void measure(forMs));
process.on("disconnect", () => process.exit(0));
