import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEngine } from "../../../server/core/setup.ts";
import { createClock } from "../../../server/host/clock.ts";
import { readDeskFile } from "../../../server/host/deskHome.ts";
import { createRecording } from "../../../server/lab/recording/writer.ts";
import { openLabMarket } from "../../../server/lab/service/market.ts";
import { prepareDesk, type ReplayStart } from "../../../server/supervisor/prepare.ts";
import { tape, TAPE_START_US } from "../../simulation/recordedDesk.ts";
import { about, instrument } from "../lab/recording/fixtures.ts";

const WALL_US = 1_700_000_000_000_000;

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "crossdesk-prepare-"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("a demo desk", () => {
  const home = () => join(directory, "demo");

  it("is written once, closed to others, and can be started from", () => {
    const desk = prepareDesk(home(), { profile: "demo", seed: undefined }, WALL_US);
    expect(readDeskFile(home())).toEqual(desk);
    expect(statSync(home()).mode & 0o777).toBe(0o700);
    expect(desk.config.initialState).toBe("DISARMED");
    expect(createEngine(desk.config).state.accounts).toHaveLength(3);
  });

  it("goes on as it was at a second start, and refuses another seed", () => {
    const first = prepareDesk(home(), { profile: "demo", seed: 7 }, WALL_US);
    expect(prepareDesk(home(), { profile: "demo", seed: undefined }, WALL_US + 1)).toEqual(first);
    expect(() => prepareDesk(home(), { profile: "demo", seed: 8 }, WALL_US)).toThrow("plays seed 7");
  });
});

describe("a replay", () => {
  const home = () => join(directory, "replay");
  const start = (more: Partial<ReplayStart> = {}): ReplayStart => ({
    profile: "replay",
    directory: join(directory, "recording"),
    speed: 1,
    seed: undefined,
    assumedRates: new Map(),
    fromUs: undefined,
    toUs: undefined,
    ...more,
  });

  it("begins anew, and leaves the addresses of whoever is starting it", () => {
    mkdirSync(join(home(), "run"), { recursive: true });
    mkdirSync(join(home(), "journal"));
    writeFileSync(join(home(), "run", "supervisor.json"), "{}");
    const missing = start({ directory: join(directory, "no recording") });
    expect(() => prepareDesk(home(), missing, WALL_US)).toThrow("no recording");
    expect(existsSync(join(home(), "journal"))).toBe(false);
    expect(existsSync(join(home(), "run", "supervisor.json"))).toBe(true);
  });

  describe("of a minute of two venues, one of which quotes in another dollar", () => {
    beforeEach(() => {
      const instruments = ["USDT", "USDT", "USD"].map((quote, at) => {
        const one = instrument(`venue${at}`);
        const definition = { ...one.definition, symbol: `BTC/${quote}`, quote, settle: quote };
        return { ...one, definition };
      });
      const writer = createRecording(join(directory, "recording"), instruments.length);
      for (const event of tape(60, [{}, {}, {}])) writer.write(event);
      writer.finish(about(instruments));
    });

    /** A recorded message had been under way for that long. */
    const FEED_US = 20_000;
    const END_US = TAPE_START_US + 59_900_000;

    it("is written whole, disarmed, armed at its start, and can be started from", () => {
      const desk = prepareDesk(home(), start({ seed: 5 }), WALL_US);
      expect(readDeskFile(home())).toEqual(desk);
      expect(desk).toMatchObject({ profile: "replay", armAtStart: true });
      expect(desk.config).toMatchObject({ deskCode: "rpl", initialState: "DISARMED" });
      expect(desk.lab).toMatchObject({
        market: "recording",
        directory: join(directory, "recording"),
        seed: 5,
        fromUs: TAPE_START_US - FEED_US,
      });
      expect(desk.deposits.length).toBeGreaterThan(0);
      expect(createEngine(desk.config).state.accounts).toHaveLength(3);
      const market = openLabMarket(desk, { nowUs: desk.clock?.originUs ?? 0, prices: {}, generation: 1 });
      market.close();
    });

    it("stands at the recording's first instant for eight seconds, then runs at its speed", () => {
      const { clock } = prepareDesk(home(), start({ speed: 20 }), WALL_US);
      const originUs = TAPE_START_US - FEED_US;
      expect(clock).toEqual({ originUs, wallOriginUs: WALL_US + 8_000_000, speed: 20 });
      let wallMs = WALL_US / 1e3;
      const time = { wallMs: () => wallMs, monotonicMs: () => wallMs };
      const now = () => createClock(clock, time).nowUs();
      wallMs += 8_000;
      expect(now()).toBe(originUs);
      wallMs += 1_000;
      expect(now()).toBe(originUs + 20_000_000);
    });

    it("plays the part that was asked for, and never more than was recorded", () => {
      const part = { fromUs: TAPE_START_US + 10_000_000, toUs: TAPE_START_US + 20_000_000 };
      expect(prepareDesk(home(), start(part), WALL_US)).toMatchObject({
        clock: { originUs: part.fromUs - FEED_US },
        lab: { fromUs: part.fromUs - FEED_US, toUs: part.toUs },
      });
      const wide = { fromUs: 0, toUs: TAPE_START_US + 3_600_000_000 };
      expect(prepareDesk(home(), start(wide), WALL_US).lab).toMatchObject({
        fromUs: TAPE_START_US - FEED_US,
        toUs: END_US,
      });
      const later = start({ fromUs: TAPE_START_US + 3_600_000_000 });
      expect(() => prepareDesk(home(), later, WALL_US)).toThrow("nothing was recorded between");
    });

    it("takes a rate as assumed, says so, and without one says what it does not use", () => {
      const assumed = prepareDesk(home(), start({ assumedRates: new Map([["USD/USDT", 0.5]]) }), WALL_US);
      expect(assumed.config.conversions).toEqual([
        { asset: "USD", to: "USDT", pegged: true, source: { kind: "assumed", rate: 0.5 } },
      ]);
      expect(assumed.assumptions).toContain("1 USD is assumed to be 0.5 USDT at all times");
      const inverse = prepareDesk(home(), start({ assumedRates: new Map([["USDT/USD", 4]]) }), WALL_US);
      expect(inverse.config.conversions[0]?.source).toEqual({ kind: "assumed", rate: 0.25 });
      const without = prepareDesk(home(), start(), WALL_US);
      expect(without.config.conversions).toEqual([]);
      expect(without.assumptions.join()).toContain("no rate from USD to USDT");
    });

    it("leaves the recording free for the next", () => {
      for (let times = 0; times < 2; times += 1)
        expect(prepareDesk(home(), start(), WALL_US + times).clock?.wallOriginUs).toBe(
          WALL_US + times + 8_000_000,
        );
    });
  });
});
