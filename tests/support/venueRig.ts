/**
 * A venue for the venue suite: one account with two instruments in a market that stands still, a real engine that
 * trades over the port `Venue`, and the venue's own word of what is true. The same for the exchange in the lab's
 * process and for the emulated exchanges on the wire; what a target cannot do wrong it does not offer.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineConfig } from "../../server/contract/config.ts";
import type { ClockSpec, DeskFile } from "../../server/contract/deskFile.ts";
import type { VenueAccount } from "../../server/contract/instrument.ts";
import type { ControlOrder, ListingChange } from "../../server/contract/labControl.ts";
import type { Side } from "../../server/contract/units.ts";
import type { WireFault } from "../../server/contract/wireFaults.ts";
import { deskChanges } from "../../server/core/params/resolve.ts";
import type { AccountTruth } from "../../server/lab/service/labClient.ts";
import { LATENCY_PRESETS } from "../../server/lab/world/latency.ts";
import { writeDeskFile } from "../../server/host/deskHome.ts";
import type { RigDesk } from "./venueRigDesk.ts";

export type Target = "in-process" | "binance" | "okx" | "kraken";

/** Positions of the instruments. */
export const BTC = 0;

/** Ticks of 0.1 and lots of 0.00001: 60,000.0 in the middle, 0.01 BTC. */
export const MID = 600_000;
export const SIZE = 1_000;

/** Far enough from the others to rest, near enough for a collar. */
export const BID = MID - 1_000;
export const ASK = MID + 1_000;

/** The others' best prices are one basis point away from the middle. */
export const THEIR_BID = MID - 60;
export const THEIR_ASK = MID + 60;

/** Twice, after the one behind it, or late. */
export type ReportFault = "duplicateEvent" | "reorderedEvents" | "lateEvent";

/** How much a late report is. */
export const LATE_MS = 300;

export interface RigOptions {
  /** Of the account, where the target leaves a choice. */
  readonly amend?: VenueAccount["amend"];
  /** How much faster than the machine's time everything runs. */
  readonly speed?: number;
  readonly requestExpiryMs?: number;
  /**
   * Of the venue and of our budget. Absent: lifted, because at entry tiers a desk that asks after every fault of a
   * suite soon waits for its next question alone. "venue": ours counts nothing, so that the venue's own is heard.
   */
  readonly limits?: "entry" | "lifted" | "venue";
}

export interface VenueRig {
  readonly target: Target;
  readonly amends: VenueAccount["amend"];
  readonly desk: RigDesk;
  /** A second desk of the same home, a run later; the first is gone without a word. */
  crash(): Promise<RigDesk>;
  /** What the account holds, what rests and what was filled. */
  truth(): Promise<AccountTruth>;
  /** Others take what rests, down or up to a price. */
  take(side: Side, sizeLots: number, limitTicks: number): Promise<void>;
  /** Others show so much at a price. */
  rest(side: Side, priceTicks: number, sizeLots: number): Promise<void>;
  /** A message of the book never arrives. */
  gap(): Promise<void>;
  /** Its owner's order, past every client of ours. */
  placeByHand(clientId: string, side: Side, priceTicks: number, sizeLots: number): Promise<void>;
  /** By the id of its owner's order. */
  cancelByHand(clientId: string): Promise<void>;
  /** The venue lists the instrument otherwise from now on. */
  list(instrument: number, change: ListingChange): Promise<void>;
  /** The next report of an order comes so; in process every one does, until `heal`. */
  spoilReports(how: ReportFault): Promise<void>;
  /** From now on no fill is told, though all else is. */
  hideFills(): Promise<void>;
  /** Every connection is cut, and the desk has been told. */
  disconnect(): Promise<void>;
  /** The next such request never arrives; or it does, and its answer is lost. */
  lose(what: "request" | "answer", of: "place" | "amend" | "cancel"): Promise<void>;
  /** How many were lost so far. On the wire a request that finds its socket closed goes another way, and is not. */
  lost(what: "request" | "answer"): Promise<number>;
  /** Nothing is lost or hidden any more. */
  heal(): Promise<void>;
  /** Only where the venue is on the wire. */
  readonly wire: WireControls | undefined;
  close(): Promise<void>;
}

export interface WireControls {
  /** The text by which a fault finds such a request, and not a question that leaves just then. */
  readonly texts: Readonly<Record<"place" | "amend" | "cancel", string>>;
  fault(fault: WireFault): Promise<void>;
  /** Ended and open, newest first. */
  orders(): Promise<readonly ControlOrder[]>;
  faultCount(kind: WireFault["kind"]): Promise<number>;
}

/** Price and time as the venue has them, and a home to run in. */
export function rigDesk(target: Target, options: RigOptions): DeskFile {
  const { amend = amendOf(target), requestExpiryMs = 3_000 } = options;
  const venue = target === "in-process" ? "lab" : target;
  const config = EngineConfig.parse({
    deskCode: "abc",
    epoch: 1,
    reportingAsset: "USDT",
    assets: ["BTC", "ETH", "USDT"].map((asset) => ({ asset, decimals: 10 })),
    accounts: [
      {
        account: "a",
        venue,
        fees: { name: "test", makerFrac: 0.001, takerFrac: 0.002, paidIn: paidIn(target) },
        amend,
        requestExpiryMs,
      },
    ],
    markets: ["BTC", "ETH"].map((base) => ({ market: base, base, reportingQuote: "USDT" })),
    instruments: ["BTC", "ETH"].map((base) => ({
      account: "a",
      symbol: `${base}/USDT`,
      kind: "spot",
      base,
      quote: "USDT",
      settle: "USDT",
      tick: "0.1",
      lot: "0.00001",
      notionalMinQuote: "5",
    })),
    // It quotes nothing by itself: what it has at the venue is what a test has placed.
    initialState: "DISARMED",
    parameters: deskChanges({ capital: 100_000_000 }),
  });
  return {
    format: 1,
    profile: "demo",
    config,
    clock: options.speed === undefined ? undefined : fastClock(options.speed),
    lab: { market: "agents", seed: 1, agents: stillMarket() },
    venues: target === "in-process" ? "lab" : "wire",
    latency: LATENCY_PRESETS.zero,
    deposits: Object.entries({ USDT: "10000000", BTC: "1000", ETH: "1000" }).map(([asset, amount]) => ({
      account: "a",
      asset,
      amount,
    })),
    armAtStart: false,
    assumptions: [],
  };
}

export function makeRigHome(desk: DeskFile): { home: string; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), "crossdesk-venue-"));
  writeDeskFile(home, desk);
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

function amendOf(target: Target): VenueAccount["amend"] {
  return target === "binance" ? "cancel-new" : "in-place";
}

function paidIn(target: Target): "quote" | "received" {
  return target === "binance" || target === "okx" ? "received" : "quote";
}

function fastClock(speed: number): ClockSpec {
  const wallUs = Math.round((performance.timeOrigin + performance.now()) * 1_000);
  return { originUs: wallUs, wallOriginUs: wallUs, speed };
}

/** Prices do not move and nobody trades: what happens is what a test orders. */
function stillMarket(): unknown {
  const still = { calmVolBps: 0, stressVolBps: 0, jumpSdBps: 0 };
  const prices = { BTC: 60_000, ETH: 60_000 };
  return {
    seed: 1,
    startAtUs: 0,
    assets: Object.entries(prices).map(([asset, startPrice]) => ({ asset, startPrice, ...still })),
    books: Object.keys(prices).map((base) => ({
      account: "a",
      symbol: `${base}/USDT`,
      noiseSdBps: 0,
      basisSdBps: 0,
      halfSpreadBps: 1,
      levelSizeBase: 10,
      levelSizeShape: 100,
      updatesPerS: 0.000_001,
      noise: { baseRatePerS: 0 },
      informedRatePerS: 0,
      sniperProbability: 0,
    })),
  };
}
