/** One simulated venue on a port of this machine, with a market that moves when the test says so. */
import { EngineConfig } from "../../../../../server/contract/config.ts";
import type { Instrument } from "../../../../../server/contract/instrument.ts";
import type { WireFault } from "../../../../../server/contract/wireFaults.ts";
import { createExchange } from "../../../../../server/lab/exchange/exchange.ts";
import type { MarketRecord } from "../../../../../server/lab/ports.ts";
import { createVenueCore } from "../../../../../server/lab/wire/core/venueCore.ts";
import { createWireFaults } from "../../../../../server/lab/wire/host/faults.ts";
import { createVenueHost } from "../../../../../server/lab/wire/host/host.ts";
import { NO_MARKET, Turns } from "../../../../../server/lab/wire/host/turns.ts";
import { FRONT_ENDS } from "../../../../../server/lab/wire/registry.ts";
import type { ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";
import { instrument } from "./samples.ts";

export interface Emulator {
  readonly origin: string;
  readonly core: ReturnType<typeof createVenueCore>;
  readonly definitions: readonly Instrument[];
  /** A whole book around 100, other sizes each time: a new seed, another book. */
  quote(index: number, seed: number): void;
  /** One level of the best ten gets another size. */
  nudge(index: number, seed: number): void;
  move(record: Untimed<MarketRecord>): void;
  fault(fault: WireFault): void;
  close(): Promise<void>;
}

type Untimed<R> = R extends unknown ? Omit<R, "exchangeAtUs"> : never;

const TICK_MS = 10;
const LEVELS = 30;

export async function openEmulator(
  exchange: ExchangeId,
  changes: Partial<Instrument> = {},
): Promise<Emulator> {
  const nowUs = (): number => Math.round((performance.timeOrigin + performance.now()) * 1_000);
  const time = new Turns({
    clock: { nowUs },
    market: NO_MARKET,
    makeSafe: () => undefined,
    afterTurn: () => undefined,
  });
  time.start();
  const definitions = ["BTC", "ETH"].map((base) =>
    instrument({
      account: "a",
      symbol: `${base}/USDT`,
      base,
      tick: "0.1",
      lot: "0.001",
      notionalMinQuote: "5",
      ...changes,
    }),
  );
  const config = configOf(exchange, definitions);
  const core = createVenueCore({
    venue: exchange,
    config,
    accounts: [0],
    exchange: createExchange({ config, accounts: [0] }),
    nowUs,
    keys: [],
    limits: "entry",
  });
  const latencyUs = { entry: () => 0, response: () => 0, feed: () => 0 };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const front = FRONT_ENDS[exchange];
  if (front === undefined) throw new Error(`no front-end for ${exchange}`);
  const host = createVenueHost({ core, front, faults: createWireFaults(nowUs), time, latencyUs, log });
  const port = await host.listen(0);
  const timer = setInterval(() => host.front.tick(), TICK_MS);
  const move = (record: Untimed<MarketRecord>): void =>
    core.moveMarket({ ...record, exchangeAtUs: nowUs() } as MarketRecord);
  return {
    origin: `127.0.0.1:${port}`,
    core,
    definitions,
    move,
    quote: (index, seed) => move({ kind: "snapshot", instrument: index, ...levels(seed) }),
    nudge: (index, seed) => {
      const priceTicks = core.book(index).bids[2 * (seed % 10)] ?? 1;
      move({ kind: "delta", instrument: index, bids: [priceTicks, 1 + (seed % 997)], asks: [] });
    },
    fault: (fault) => host.fault(fault),
    async close() {
      clearInterval(timer);
      await host.close();
      time.stop();
    },
  };
}

/** Around a mid of 1,000 ticks that walks with the seed. */
function levels(seed: number): { readonly bids: number[]; readonly asks: number[] } {
  const mid = 1_000 + (seed % 7);
  const side = (direction: 1 | -1): number[] =>
    Array.from({ length: LEVELS }, (_, at) => [
      mid + direction * (at + 1),
      1 + ((seed * 31 + at * 17) % 900),
    ]).flat();
  return { bids: side(-1), asks: side(1) };
}

function configOf(exchange: ExchangeId, instruments: readonly Instrument[]): EngineConfig {
  return EngineConfig.parse({
    deskCode: "abc",
    epoch: 1,
    reportingAsset: "USDT",
    assets: ["BTC", "ETH", "USDT"].map((asset) => ({ asset, decimals: 8 })),
    accounts: [
      {
        account: "a",
        venue: exchange,
        fees: { name: "test", makerFrac: 0.001, takerFrac: 0.001 },
        amend: exchange === "binance" ? "cancel-new" : "in-place",
      },
    ],
    markets: instruments.map(({ base }) => ({ market: base, base, reportingQuote: "USDT" })),
    instruments,
    parameters: [{ scope: { level: "desk" }, name: "capital", value: 1_000 }],
  });
}
