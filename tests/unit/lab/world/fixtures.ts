/** A desk of two venues with exchanges that write down what reaches them and answer as they are told. */
import type { Effect, PlaceEffect } from "../../../../server/contract/effects.ts";
import type { EngineEvent } from "../../../../server/contract/events.ts";
import { Instrument, VenueAccount } from "../../../../server/contract/instrument.ts";
import type {
  DepthRecord,
  ExchangeOutput,
  MarketDriver,
  MarketRecord,
  PrivateReport,
  SimulatedExchange,
} from "../../../../server/lab/ports.ts";
import { FaultPlan } from "../../../../server/lab/world/faults.ts";
import type { LatencyProfile } from "../../../../server/lab/world/latency.ts";
import { LATENCY_PRESETS } from "../../../../server/lab/world/latency.ts";
import type { WorldOptions, WorldResult } from "../../../../server/lab/world/world.ts";
import { runWorld } from "../../../../server/lab/world/world.ts";

const ACCOUNTS = ["alpha", "beta"];

export const CONFIG = {
  accounts: ACCOUNTS.map((account) =>
    VenueAccount.parse({
      account,
      venue: account,
      fees: { name: "none", makerFrac: 0, takerFrac: 0 },
      amend: "in-place",
    }),
  ),
  instruments: ACCOUNTS.map((account) =>
    Instrument.parse({
      account,
      symbol: "BTC/USD",
      kind: "spot",
      base: "BTC",
      quote: "USD",
      settle: "USD",
      tick: "0.1",
      lot: "0.001",
    }),
  ),
};

export function driverOf(records: readonly MarketRecord[]): MarketDriver {
  let at = 0;
  return { next: () => records[at++] };
}

export function depth(
  exchangeAtUs: number,
  more: Partial<Pick<DepthRecord, "instrument" | "receivedAtUs" | "venueAtUs">> = {},
): DepthRecord {
  return { kind: "delta", instrument: 0, exchangeAtUs, bids: [exchangeAtUs, 1], asks: [], ...more };
}

export function place(clientId: string, account = 0): PlaceEffect {
  return {
    type: "place",
    account,
    instrument: account,
    clientId,
    side: "buy",
    priceTicks: 100,
    sizeLots: 5,
    timeInForce: "POST_ONLY",
    selfTrade: "EXPIRE_TAKER",
    requestExpiresAtUs: Number.MAX_SAFE_INTEGER,
  };
}

export function fillOf(clientId: string, tradeId: string, venueAtUs: number): PrivateReport {
  return {
    type: "fill",
    instrument: 0,
    clientId,
    venueOrderId: `v-${clientId}`,
    tradeId,
    side: "buy",
    priceTicks: 100,
    sizeLots: 1,
    liquidity: "maker",
    venueAtUs,
    feeAsset: "USD",
    feeAtoms: 0n,
  };
}

export interface FakeExchange extends SimulatedExchange {
  /** `<atUs> <what>`, in the order in which it happened. */
  readonly log: string[];
}

/** Accepts every order; each depth is published as it is and fills the first order of account 0 by one lot. */
export function fakeExchange({ publishesOrders = false } = {}): FakeExchange {
  const log: string[] = [];
  const open = new Map<string, PlaceEffect>();
  let trades = 0;
  return {
    log,
    applyMarket(record, atUs, output) {
      log.push(`${atUs} market`);
      if (!("bids" in record)) return;
      const { instrument, bids, asks } = record;
      output.public({
        type: "book",
        instrument,
        kind: record.kind === "delta" ? "delta" : "snapshot",
        bids,
        asks,
      });
      for (const order of [...open.values()].slice(0, 1))
        output.private(order.account, fillOf(order.clientId, `t${(trades += 1)}`, atUs));
    },
    place(account, order, atUs, output) {
      log.push(`${atUs} place ${order.clientId}`);
      open.set(order.clientId, order);
      const venueOrderId = `v-${order.clientId}`;
      output.private(account, { type: "orderAccepted", clientId: order.clientId, venueOrderId });
      if (publishesOrders) publishOrder(order, output);
    },
    amend(account, { clientId, priceTicks, sizeLots }, atUs, output) {
      log.push(`${atUs} amend ${clientId}`);
      const venueOrderId = `v-${clientId}`;
      output.private(account, { type: "orderAmended", clientId, venueOrderId, priceTicks, sizeLots });
    },
    cancel(account, { clientId }, atUs, output) {
      log.push(`${atUs} cancel ${clientId}`);
      open.delete(clientId);
      output.private(account, { type: "orderCanceled", clientId, filledLots: 0 });
    },
    cancelAll(account, atUs, output) {
      log.push(`${atUs} cancelAll`);
      for (const clientId of open.keys())
        output.private(account, { type: "orderCanceled", clientId, filledLots: 0 });
      open.clear();
    },
    openOrders: () =>
      [...open.values()].map(({ clientId, instrument, side, priceTicks, sizeLots }) => ({
        clientId,
        venueOrderId: `v-${clientId}`,
        instrument,
        side,
        priceTicks,
        sizeLots,
        filledLots: 0,
      })),
    orderStatus: () => ({ found: false }),
    balances: () => [{ asset: "USD", totalAtoms: 7n, heldAtoms: 2n }],
    deposit: () => undefined,
    snapshot: (instrument, output) =>
      output.public({ type: "book", instrument, kind: "snapshot", bids: [1, 1], asks: [2, 1] }),
  };
}

function publishOrder({ instrument, priceTicks, sizeLots }: PlaceEffect, output: ExchangeOutput): void {
  output.public({ type: "book", instrument, kind: "delta", bids: [priceTicks, sizeLots], asks: [] });
}

/** Constant latencies of three lengths, so that a sum tells which legs a message took. */
export const STEADY: LatencyProfile = {
  feed: { constantUs: 10 },
  entry: { constantUs: 100 },
  response: { constantUs: 1_000 },
  accounts: {},
};

export interface Run {
  readonly events: EngineEvent[];
  readonly result: WorldResult;
  readonly log: string[];
}

type RunOptions = Partial<Omit<WorldOptions, "faults" | "driver">> & {
  readonly records: readonly MarketRecord[];
  readonly exchange?: FakeExchange;
  readonly faults?: Partial<FaultPlan>;
};

/** Runs the fake desk; `engine` answers events with effects. */
export function run({ records, exchange = fakeExchange(), faults = {}, ...more }: RunOptions): Run {
  const events: EngineEvent[] = [];
  const { engine = (): readonly Effect[] => [] } = more;
  const result = runWorld({
    config: CONFIG,
    driver: driverOf(records),
    exchanges: [exchange, exchange],
    latency: LATENCY_PRESETS.zero,
    seed: 1,
    ...more,
    faults: FaultPlan.parse(faults),
    engine: (event) => {
      events.push(event);
      return engine(event);
    },
  });
  return { events, result, log: exchange.log };
}

/** `<atUs> <type>` of each event, without timers. */
export function linesOf(events: readonly EngineEvent[]): string[] {
  return events.filter((e) => e.type !== "timer").map((e) => `${e.atUs} ${e.type}`);
}
