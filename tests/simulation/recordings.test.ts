/**
 * Defects that real recordings have, each on a market made for it: none of them may turn into an order. The
 * recordings themselves are run too where a developer's machine has them beside the repository.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isCrossed } from "../../server/core/book/book.ts";
import { uptimeShare } from "../../server/core/quote/uptime.ts";
import { importRecording } from "../../server/lab/import/importRecording.ts";
import { openRecording, type Recording } from "../../server/lab/recording/reader.ts";
import { importFiles, zip } from "../unit/lab/import/folders.ts";
import { instrument, record } from "../unit/lab/recording/fixtures.ts";
import {
  LATENCY_MS,
  passiveBps,
  runRecorded,
  tape,
  TAPE_START_US,
  walkTicks,
  type RecordedRunOptions,
  type Sent,
  type TapeVenue,
} from "./recordedDesk.ts";

/** Volatility is known and both sides are quoted by then. */
const WARM_MS = 30_000;
const RUN_S = 90;

const msOf = (atUs: number): number => (atUs - TAPE_START_US) / 1e3;
const warm = (sent: readonly Sent[]): Sent[] => sent.filter(({ atUs }) => msOf(atUs) > WARM_MS);
const at = (sent: readonly Sent[], index: number): Sent[] => sent.filter((each) => each.instrument === index);

/** What the recorder had seen of the market without any defect when the order left. */
const trueMid = ({ atUs }: Pick<Sent, "atUs">): number => walkTicks(msOf(atUs));

function play(venues: readonly TapeVenue[], options?: RecordedRunOptions, seconds = RUN_S) {
  return runWithKnownFlow(record(tape(seconds, venues)), options);
}

/** Bids below and asks above the venue's own mid, at the same distance on average. */
function expectBothSides(sent: readonly Sent[], basisBps: (ms: number) => number): void {
  const distance = (each: Sent) => passiveBps(each, trueMid(each) * (1 + basisBps(msOf(each.atUs)) * 1e-4));
  const mean = (side: Sent["side"]) => {
    const distances = sent.filter((each) => each.side === side).map(distance);
    expect(distances.length).toBeGreaterThan(10);
    return distances.reduce((sum, bps) => sum + bps, 0) / distances.length;
  };
  for (const each of sent) expect(distance(each)).toBeGreaterThan(0);
  expect(Math.abs(mean("buy") - mean("sell"))).toBeLessThan(2);
}

/** These tapes are written for their defects, not for flow: what it would teach is set. */
function runWithKnownFlow(recording: Recording, options: RecordedRunOptions = {}) {
  const parameters = {
    intensitySource: "set",
    adverseSelectionSource: "set",
    venueWeights: "set",
    ...(options.settings?.["parameters"] as object | undefined),
  };
  return runRecorded(recording, { ...options, settings: { ...options.settings, parameters } });
}

describe("a defect of a recording", () => {
  it("a recorder's clock behind the venues changes nothing at all", () => {
    const right = play([{ stampMs: -10 }, { stampMs: -25 }]);
    const behind = play([{ stampMs: 700 }, { stampMs: -25 }]);
    expect(warm(right.sent).length).toBeGreaterThan(50);
    expect(behind.sent).toEqual(right.sent);
  });

  it("a venue that is sampled once a second is never quoted through the price of the others", () => {
    const { sent, run } = play([{}, { everyMs: 1_000 }]);
    const slow = at(warm(sent), 1);
    expect(slow.length).toBeGreaterThan(20);
    for (const each of slow) expect(passiveBps(each, trueMid(each))).toBeGreaterThan(0);
    expect(run.engine.state.counts.anomalies).toBe(0);
  });

  describe("two minutes of silence", () => {
    const FROM_MS = 40_000;
    const TO_MS = 160_000;
    const SECONDS = 200;
    const isSilent = (ms: number) => ms >= FROM_MS && ms < TO_MS;
    const silenceMaxMs = 3_000;
    /** The grid of the tape, the timer that notices, and a way to the venue. */
    const pulledByMs = FROM_MS + silenceMaxMs + 100 + 100 + 2 * LATENCY_MS;
    const settings = { parameters: { channelSilenceMaxMs: silenceMaxMs } };

    it.each([
      { who: "one venue", venues: [{ isSilent }, {}], silent: [0] },
      { who: "every venue", venues: [{ isSilent }, { isSilent }], silent: [0, 1] },
    ])("of $who leaves no quote there and brings no order", ({ venues, silent }) => {
      let openBefore = 0;
      const openDuring: string[] = [];
      const { sent } = play(
        venues,
        {
          settings,
          look({ atUs }, { exchanges }) {
            for (const account of silent) {
              const open = exchanges[account]?.openOrders(account) ?? [];
              if (msOf(atUs) < FROM_MS) openBefore += open.length;
              if (msOf(atUs) > pulledByMs && msOf(atUs) < TO_MS)
                openDuring.push(...open.map(({ clientId }) => `${clientId} at ${msOf(atUs)} ms`));
            }
          },
        },
        SECONDS,
      );
      expect(openBefore).toBeGreaterThan(0);
      expect(openDuring).toEqual([]);
      const during = sent.filter(({ instrument: index, atUs }) => {
        const ms = msOf(atUs);
        return silent.includes(index) && ms > FROM_MS + silenceMaxMs + 200 && ms < TO_MS;
      });
      expect(during).toEqual([]);
      expect(sent.filter(({ atUs }) => msOf(atUs) > TO_MS + 5_000).length).toBeGreaterThan(0);
    });
  });

  it("a venue without bid and ask never gets an order", () => {
    const prints = instrument("b", { recorded: ["trades"], levels: 0 });
    const events = tape(RUN_S, [{}, { kind: "prints" }]);
    const { sent, run } = runWithKnownFlow(record(events, [instrument("a"), prints]));
    expect(at(sent, 0).length).toBeGreaterThan(20);
    expect(at(sent, 1)).toEqual([]);
    expect(run.engine.state.instruments[1]?.reason).toBe("NO_BOOK");
  });

  describe("a basis of 4 to 8 bps between USD and USDT", () => {
    const basisBps = (ms: number) => 6 + 2 * Math.sin(ms / 20_000);
    const inUsd = instrument("b");
    const instruments = [
      instrument("a"),
      { ...inUsd, definition: { ...inUsd.definition, symbol: "BTC/USD", quote: "USD", settle: "USD" } },
    ];
    const events = tape(RUN_S, [{}, { basisBps }]);

    it("with an assumed rate leads to quotes on both sides of each venue's own mid", () => {
      const { sent, run } = runWithKnownFlow(record(events, instruments), { assume: { "USD/USDT": 1 } });
      for (const index of [0, 1]) {
        expectBothSides(at(warm(sent), index), (ms) => (index === 1 ? basisBps(ms) : 0));
        const inst = run.engine.state.instruments[index];
        expect(inst === undefined ? 0 : uptimeShare(inst, run.engine.state.nowUs)).toBeGreaterThan(0.5);
      }
    });

    it("without one leaves the venue in the other currency out of it", () => {
      const { sent, run } = runWithKnownFlow(record(events, instruments));
      expect(at(sent, 1)).toEqual([]);
      expect(run.engine.state.instruments[1]?.reason).toBe("NO_CONVERSION");
      expect(run.engine.state.markets[0]?.fair).toBeCloseTo(
        run.engine.state.instruments[0]?.midReporting ?? NaN,
        6,
      );
      expectBothSides(at(sent, 0), () => 0);
    });
  });

  it("a crossed book gets no order, neither on a tick nor for a while", () => {
    const isCrossedAt = (ms: number) => ms % 1_000 === 0 || (ms > 50_000 && ms < 60_000);
    const bad: string[] = [];
    let uncrossed = 0;
    let crossed = false;
    const { sent } = play([{ isCrossed: isCrossedAt }, {}], {
      look(event, { run: { engine } }) {
        if (event.type === "book" && event.instrument === 0)
          crossed = isCrossed(engine.state.instruments[0]?.book ?? expect.fail("there is no instrument"));
        const wanted = engine.state.instruments[0]?.slots.filter(
          ({ wantedTicks }) => wantedTicks !== undefined,
        );
        if (!crossed) uncrossed += 1;
        else if (event.type === "timer" && wanted?.length !== 0) bad.push(`wanted at ${msOf(event.atUs)} ms`);
      },
    });
    expect(bad).toEqual([]);
    expect(uncrossed).toBeGreaterThan(0);
    const long = sent.filter(({ instrument: index, atUs }) => {
      const ms = msOf(atUs);
      return index === 0 && ms > 50_000 + 2 * LATENCY_MS + 100 && ms < 60_000;
    });
    expect(long).toEqual([]);
    expect(at(warm(sent), 0).length).toBeGreaterThan(0);
  });

  it("two time zones are one market once imported: no order strays from the price of its instant", async () => {
    const price = (ms: number) => 1.39 * (1 + 1e-4 * (3 * Math.sin(ms / 6_000) + Math.sin(ms / 900)));
    const day = (startMs: number) => {
      const lines = [];
      for (let ms = 0; ms < RUN_S * 1e3; ms += 250)
        lines.push(`${startMs + ms},${(price(ms) - 0.00005).toFixed(5)},${(price(ms) + 0.00005).toFixed(5)}`);
      return zip("20140506_eurusd_tick_quote.csv", lines.join("\n"));
    };
    const utcMs = 18_000_000;
    const { dir } = await importFiles({
      "fxcm/20140506_quote.zip": day(utcMs - 5 * 3_600_000),
      "oanda/20140506_quote.zip": day(utcMs),
    });
    const recording = openRecording(dir);
    try {
      const { sent } = runRecorded(recording, { settings: { parameters: { targetInventorySdPct: 60 } } });
      const startUs = Date.UTC(2014, 4, 6, 5) * 1_000;
      expect(at(sent, 0).length).toBeGreaterThan(10);
      expect(at(sent, 1).length).toBeGreaterThan(10);
      for (const each of sent) {
        const mid = price((each.atUs - startUs) / 1e3) / 0.00001;
        expect(passiveBps(each, mid)).toBeGreaterThan(0);
        expect(passiveBps(each, mid)).toBeLessThan(15);
      }
    } finally {
      recording.close();
    }
  });
});

const DATA = join(import.meta.dirname, "../../../shared/data");
const MINUTE_US = 60_000_000;

interface RealRun extends RecordedRunOptions {
  readonly folder: string;
  /** From the start of the recording. */
  readonly fromMin: number;
  readonly minutes: number;
}

/** At every order that leaves: was its book crossed, or had its channel been silent for too long? */
function findBadOrders(
  recording: Recording,
  options: RecordedRunOptions,
): { bad: string[]; stateHash: string; sent: number } {
  const bad: string[] = [];
  const spokeAtUs = new Map<number, number>();
  const { run, sent } = runRecorded(recording, {
    ...options,
    look(event, { effects, run: { engine } }) {
      if (event.type === "book" || event.type === "trade" || event.type === "feed")
        spokeAtUs.set(event.instrument, event.atUs);
      for (const effect of effects) {
        if (effect.type !== "place" && effect.type !== "amend") continue;
        const inst = engine.state.instruments[effect.instrument];
        if (inst === undefined || isCrossed(inst.book)) bad.push(`${effect.clientId} on a crossed book`);
        const silentMs = (event.atUs - (spokeAtUs.get(effect.instrument) ?? 0)) / 1e3;
        if (silentMs > (inst?.params.channelSilenceMaxMs ?? 0))
          bad.push(`${effect.clientId} after ${silentMs} ms`);
      }
    },
  });
  return { bad, stateHash: run.stateHash(), sent: sent.length };
}

describe.skipIf(!existsSync(DATA))("a real recording", () => {
  const RUNS: readonly RealRun[] = [
    { folder: "crypto5-2025-09-26", fromMin: 20, minutes: 3, assume: { "USD/USDT": 1 } },
    { folder: "crypto5-2025-09-26", fromMin: 20, minutes: 5 },
    { folder: "linkusdt-2021-08-20", fromMin: 5, minutes: 5 },
    { folder: "binance-wire-2024-08-08", fromMin: 0, minutes: 1 },
    { folder: "fx-eurusd-2014-05", fromMin: 1_440, minutes: 5 },
  ];

  it.each(RUNS)(
    "of $folder brings no order on a crossed or silent book, and the same hash twice",
    { timeout: 60_000 },
    async ({ folder, fromMin, minutes, ...options }) => {
      const { dir } = await importRecording(join(DATA, folder));
      const recording = openRecording(dir);
      try {
        const fromUs = recording.manifest.fromUs + fromMin * MINUTE_US;
        const range = { ...options, fromUs, toUs: fromUs + minutes * MINUTE_US };
        const first = findBadOrders(recording, range);
        expect(first.bad).toEqual([]);
        expect(first.sent).toBeGreaterThan(0);
        expect(findBadOrders(recording, range).stateHash).toBe(first.stateHash);
      } finally {
        recording.close();
      }
    },
  );
});
