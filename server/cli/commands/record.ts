import { resolve } from "node:path";
import type { Command } from "commander";
import { UserError } from "../../contract/errors.ts";
import type { Instrument } from "../../contract/instrument.ts";
import { createClock } from "../../host/clock.ts";
import { createLog } from "../../host/log.ts";
import type { Manifest } from "../../lab/recording/manifest.ts";
import { EXCHANGE_IDS } from "../../venues/ccxt/ports.ts";
import { openLiveMarket } from "../../venues/ccxt/record/liveMarket.ts";
import type { LiveMarket, LiveMarketOptions } from "../../venues/ccxt/record/liveMarket.ts";
import { openUnifiedMarket } from "../../venues/ccxt/record/unifiedMarket.ts";
import type { VenueEvent } from "../../venues/venue.ts";
import { LiveRecorder } from "../liveRecorder.ts";
import { createOutput, withJson } from "../output.ts";
import { startProgress } from "../progress.ts";

const log = createLog("record");

interface RecordOptions {
  readonly venue: string;
  readonly symbol: readonly string[];
  readonly seconds?: number;
  readonly origin?: string;
  readonly out: string;
}

export function registerRecord(program: Command): void {
  const command = program
    .command("record")
    .description("live market data of a venue into a recording, until Ctrl-C or for some seconds")
    .requiredOption("--venue <name>", `${EXCHANGE_IDS.join(", ")}, or another whose market data ccxt streams`)
    .requiredOption("--symbol <symbols...>", "what to record, such as BTC/USDT; may be given again")
    .option("--seconds <count>", "how long", parseSeconds)
    .option("--origin <url>", "where the venue is reached, such as http://127.0.0.1:8080 for the lab's")
    .requiredOption("--out <dir>", "the recording; must not exist yet");
  withJson(command).action(async (options: RecordOptions & { readonly json?: boolean }) => {
    const output = createOutput(options);
    const stop = new AbortController();
    const onSignal = (): void => stop.abort();
    process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
    // ccxt drops promises of its sockets: one of them is no reason to lose a recording.
    const onRejection = (error: unknown): void => log.warn("a failure that nobody waited for", { error });
    process.on("unhandledRejection", onRejection);
    try {
      const manifest = await record(options, stop.signal);
      output.line(`written: ${resolve(options.out)}`);
      for (const [kind, count] of Object.entries(manifest.counts)) output.line(`${kind}: ${count}`);
      for (const { code, text, count } of manifest.defects) output.line(`defect: ${code} (${count}) ${text}`);
      output.result({ dir: resolve(options.out), manifest });
    } finally {
      process.off("SIGINT", onSignal).off("SIGTERM", onSignal).off("unhandledRejection", onRejection);
    }
  });
}

type OpenMarket = (options: Omit<LiveMarketOptions, "exchange">) => Promise<LiveMarket>;

/** By the venue's adapter, where there is one: it checks more. */
function openerOf(venue: string): OpenMarket {
  const adapted = EXCHANGE_IDS.find((id) => id === venue);
  return adapted === undefined
    ? (options) => openUnifiedMarket({ ...options, exchange: venue })
    : (options) => openLiveMarket({ ...options, exchange: adapted });
}

/** Ends with the signal, after its seconds, or when the venue changes its steps: one recording has one tick and lot. */
export async function record(
  options: RecordOptions,
  signal: AbortSignal,
  open = openerOf(options.venue),
): Promise<Manifest> {
  const { venue, symbol, seconds, origin, out } = options;
  const clock = createClock();
  const nowUs = (): number => clock.nowUs();
  const progress = startProgress({ label: "records" });
  // The venue may speak before it is known what it lists: nothing of it is lost.
  const early: VenueEvent[] = [];
  let recorder: LiveRecorder | undefined;
  let end: (reason?: unknown) => void = () => undefined;
  const ended = new Promise<unknown>((resolve) => (end = resolve));
  const hear = (event: VenueEvent): void => {
    if (recorder === undefined) return void early.push(event);
    if (event.type === "instrument" && isRescaled(market.definitions[event.instrument], event.definition))
      return end();
    try {
      recorder.hear(event);
    } catch (error) {
      return end(error);
    }
    progress.update(recorder.records);
  };
  signal.addEventListener("abort", () => end());
  const market = await open({
    symbols: [...new Set(symbol)],
    origin,
    nowUs,
    onEvent: hear,
    log: (level, text, fields) => log[level](text, fields),
  });
  try {
    recorder = new LiveRecorder({ dir: resolve(out), venue, definitions: market.definitions, nowUs });
    for (const event of early) hear(event);
    const timer = seconds === undefined ? undefined : setTimeout(end, seconds * 1_000);
    const failure = signal.aborted ? undefined : await ended;
    clearTimeout(timer);
    if (failure !== undefined) throw failure;
  } catch (error) {
    recorder?.abort();
    throw error;
  } finally {
    progress.stop();
    await market.stop();
  }
  if (recorder.records > 0) return recorder.finish();
  recorder.abort();
  throw new UserError(`${venue} said nothing: nothing was recorded`);
}

function isRescaled(before: Instrument | undefined, { tick, lot }: Instrument): boolean {
  return before?.tick !== tick || before.lot !== lot;
}

/** What a timer can wait for. */
const SECONDS_MAX = 2_000_000;

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(Number.isFinite(seconds) && seconds > 0 && seconds <= SECONDS_MAX))
    throw new UserError(`--seconds ${text}: give a number from 0 to ${SECONDS_MAX}`);
  return seconds;
}
