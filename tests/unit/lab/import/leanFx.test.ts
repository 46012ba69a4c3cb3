import { describe, expect, it } from "vitest";
import { importFiles, zip } from "./folders.ts";

const day = (text: string, date = "20140506") => zip(`${date}_eurusd_tick_quote.csv`, text);

describe("the lean-fx importer", () => {
  it("merges both markets by UTC time: FXCM stamps in UTC−5", async () => {
    const { events, manifest } = await importFiles({
      "fxcm/20140506_quote.zip": day("339,1.38833,1.38835\r\n634,1.38835,1.38836"),
      "oanda/20140506_quote.zip": day("18000500,1.38742,1.38755\r\n"),
    });
    const fiveAtUs = Date.UTC(2014, 4, 6, 5) * 1_000;
    expect(events).toEqual([
      {
        kind: "touch",
        instrument: 0,
        receivedAtUs: fiveAtUs + 339_000,
        bidTicks: 138_833,
        askTicks: 138_835,
      },
      {
        kind: "touch",
        instrument: 1,
        receivedAtUs: fiveAtUs + 500_000,
        bidTicks: 138_742,
        askTicks: 138_755,
      },
      {
        kind: "touch",
        instrument: 0,
        receivedAtUs: fiveAtUs + 634_000,
        bidTicks: 138_835,
        askTicks: 138_836,
      },
    ]);
    expect(manifest.instruments.map((i) => i.definition)).toMatchObject([
      { account: "fxcm", symbol: "EUR/USD", base: "EUR", quote: "USD", tick: "0.00001", lot: "1000" },
      { account: "oanda", symbol: "EUR/USD" },
    ]);
    expect(manifest.instruments[0]).toMatchObject({
      recorded: ["top"],
      depthSizes: false,
      venueStamps: false,
    });
    expect(manifest.assumptions).toContain("fxcm stamps its ticks in UTC−5");
  });

  it("joins the days of a market", async () => {
    const { manifest } = await importFiles({
      "oanda/20140507_quote.zip": day("0,1.3,1.4", "20140507"),
      "oanda/20140506_quote.zip": day("86399999,1.3,1.4"),
    });
    expect(manifest.toUs - manifest.fromUs).toBe(1_000);
  });

  it("keeps crossed and locked ticks as they are and counts them", async () => {
    const { events, defects } = await importFiles({
      "fxcm/20140506_quote.zip": day("1,1.5,1.4\n2,1.5,1.5\n3,1.4,1.5\n"),
    });
    expect(defects).toEqual({ CROSSED: 1, LOCKED: 1 });
    expect(events[0]).toMatchObject({ bidTicks: 15, askTicks: 14 });
  });

  it.each([
    {
      name: "too few columns",
      zipped: day("1,1.5"),
      says: /^fxcm\/20140506_quote\.zip:1: expected ms,bid,ask, found 2/,
    },
    { name: "a time beyond the day", zipped: day("1,1,2\n86400000,1,2"), says: /zip:2: 86400000 is no time/ },
    { name: "times out of order", zipped: day("2,1,2\n1,1,2"), says: /zip:2: its time lies before/ },
    { name: "a missing price", zipped: day("1,,1.5"), says: /zip:1: "" is no price/ },
    {
      name: "another resolution",
      zipped: zip("20140506_eurusd_minute_quote.csv", ""),
      says: /expected tick quotes/,
    },
    {
      name: "a zip that is cut off",
      zipped: day("1,1,2").subarray(0, 40),
      says: /zip: the zip is cut off or damaged/,
    },
    {
      name: "a zip whose content changed",
      zipped: flip(day("1,1.25,2")),
      says: /zip: the zip is cut off or damaged/,
    },
  ])("refuses $name with one line that names the place", async ({ zipped, says }) => {
    await expect(importFiles({ "fxcm/20140506_quote.zip": zipped })).rejects.toThrow(says);
  });

  it("refuses two pairs of one market", async () => {
    const files = {
      "fxcm/20140506_quote.zip": day("1,1,2"),
      "fxcm/20140507_quote.zip": zip("20140507_usdjpy_tick_quote.csv", "1,100,101"),
    };
    await expect(importFiles(files)).rejects.toThrow(/fxcm holds more than one pair: EUR\/USD, USD\/JPY/);
  });
});

/** Another digit in the stored text, behind the local header of 30 bytes and the name. */
function flip(zipped: Buffer): Buffer {
  const offset = zipped.indexOf("1.25");
  zipped[offset] = (zipped[offset] ?? 0) + 1;
  return zipped;
}
