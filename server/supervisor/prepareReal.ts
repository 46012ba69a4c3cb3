/**
 * What a desk over real venues starts from. At its first start the venues are asked what they list; after that it goes
 * on from its file, and what a venue changes meanwhile is adopted by whoever reads its books.
 */
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { DeskFile } from "../contract/deskFile.ts";
import { UserError } from "../contract/errors.ts";
import { VenuesFile } from "../contract/venuesFile.ts";
import { ensureHome, hasDesk, readDeskFile, writeDeskFile } from "../host/deskHome.ts";
import { readKey } from "../host/keyVault.ts";
import { LATENCY_PRESETS, type LatencyProfile } from "../lab/world/latency.ts";
import { describeCapital, describeFees } from "../replay/scenario.ts";
import { findExchange } from "../venues/ccxt/exchangeId.ts";
import { readDefinitions } from "../venues/ccxt/record/liveMarket.ts";
import { realConfig } from "./realDesk.ts";

export interface RealStart {
  readonly profile: "paper" | "live";
  /** Absent: the desk's own, else those that `DEFAULT_VENUES` names. */
  readonly venues: VenuesFile | undefined;
}

const QUOTED_IN_USDT = ["BTC/USDT", "ETH/USDT"];

/** The demo's markets at the real venues. */
const DEFAULT_VENUES = VenuesFile.parse({
  reportingAsset: "USD",
  capital: 100_000,
  accounts: [
    ...["binance", "okx"].map((venue) => ({
      account: venue,
      venue,
      symbols: QUOTED_IN_USDT,
      stock: { USDT: "100000", BTC: "1", ETH: "20" },
    })),
    {
      account: "kraken",
      venue: "kraken",
      symbols: ["BTC/USD", "ETH/USD"],
      references: ["USDT/USD"],
      stock: { USD: "100000", BTC: "1", ETH: "20" },
    },
  ],
});

/** Throws a UserError for what is no such file. */
export function readVenuesFile(path: string): VenuesFile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UserError(`${path} cannot be read as JSON: ${error instanceof Error ? error.message : ""}`, {
      cause: error,
    });
  }
  const parsed = VenuesFile.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new UserError(`${path}: ${z.prettifyError(parsed.error).replace(/\s*\n\s*/g, " ")}`);
}

/** Throws a UserError when a key is missing, a venue does not answer, or this home is of another desk. */
export async function prepareReal(home: string, start: RealStart, nowUs: () => number): Promise<DeskFile> {
  ensureHome(home);
  const desk = hasDesk(home) ? existing(home, start) : await begin(home, start, nowUs);
  if (start.profile === "live")
    requireKeys(
      home,
      desk.config.accounts.map(({ account }) => account),
    );
  return desk;
}

function existing(home: string, { venues }: RealStart): DeskFile {
  const desk = readDeskFile(home);
  if (venues !== undefined && !isDeepStrictEqual(venues, desk.real))
    throw new UserError(
      `the desk in ${home} has other venues: leave --venues away, or move that directory to begin anew`,
    );
  return desk;
}

async function begin(home: string, start: RealStart, nowUs: () => number): Promise<DeskFile> {
  const file = start.venues ?? DEFAULT_VENUES;
  const accounts = file.accounts.map((account) => ({
    ...account,
    exchange: findExchange(account.account, account.venue),
  }));
  // Before anybody is asked anything: without keys there is no desk.
  if (start.profile === "live")
    requireKeys(
      home,
      accounts.map(({ account }) => account),
    );
  const listed = await Promise.all(
    accounts.map(({ exchange, symbols, references, baseUrl }) =>
      readDefinitions(
        { exchange, origin: baseUrl, credentials: undefined },
        [...symbols, ...references],
        nowUs,
      ),
    ),
  );
  const desk = start.profile === "live" ? liveDesk(file, listed) : paperDesk(file, listed);
  writeDeskFile(home, desk);
  return desk;
}

type Listed = Parameters<typeof realConfig>[0]["listed"];

function liveDesk(file: VenuesFile, listed: Listed): DeskFile {
  return {
    format: 1,
    profile: "live",
    config: realConfig({ file, listed, deskCode: newDeskCode(), venues: "live" }),
    lab: { market: "real", seed: 1 },
    venues: "real",
    real: file,
    latency: LATENCY_PRESETS.zero,
    deposits: [],
    armAtStart: false,
    assumptions: [],
  };
}

function paperDesk(file: VenuesFile, listed: Listed): DeskFile {
  const config = realConfig({ file, listed, deskCode: "ppr", venues: "simulated" });
  return {
    format: 1,
    profile: "paper",
    config,
    lab: { market: "real", seed: 1 },
    real: file,
    latency: PAPER_LATENCY,
    deposits: file.accounts.flatMap(({ account, stock }) =>
      Object.entries(stock).map(([asset, amount]) => ({ account, asset, amount })),
    ),
    armAtStart: true,
    assumptions: [
      "books and trades are the venues' own; our orders meet them in matching of our own, and no order leaves this machine",
      "requests and answers take 20 ms each way (99th percentile 150 ms)",
      ...config.accounts.map(({ account, fees }) => describeFees(account, fees)),
      describeCapital(file.capital, file.reportingAsset),
    ],
  };
}

/** Books and trades have travelled already. */
const PAPER_LATENCY: LatencyProfile = { ...LATENCY_PRESETS.internet, feed: { constantUs: 0 } };

/** Not that of another desk on these accounts, as far as chance goes; `certify` has one that begins with a z. */
function newDeskCode(): string {
  return randomInt(35 * 36 * 36)
    .toString(36)
    .padStart(3, "0");
}

function requireKeys(home: string, accounts: readonly string[]): void {
  const missing = accounts.filter((account) => readKey(home, { account, holder: "desk" }) === undefined);
  if (missing.length === 0) return;
  const calls = missing.map((account) => `npm run desk -- keys set ${account} --profile live`);
  throw new UserError(`there is no key of ${missing.join(", ")}: ${calls.join("; ")}`);
}
