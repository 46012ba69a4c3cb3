import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../../server/contract/errors.ts";
import { importRecording } from "../../../../server/lab/import/importRecording.ts";
import { record, temporaryDir } from "../recording/fixtures.ts";
import { makeFolder, zip } from "./folders.ts";

const DAY = "oanda/20140506_quote.zip";
const ticks = (text: string) => zip("20140506_eurusd_tick_quote.csv", text);
const GOOD = { [DAY]: ticks("1,1.5,1.6\n2,1.5,1.7\n") };

describe("importing a folder", () => {
  it("converts once, finds the result again by the content, and never writes the source", async () => {
    const source = makeFolder(GOOD);
    const storeDir = join(temporaryDir(), "store");
    const before = readFileSync(join(source, DAY));
    const first = await importRecording(source, { storeDir });
    const again = await importRecording(makeFolder(GOOD), { storeDir });
    expect(first.reused).toBe(false);
    expect(again).toEqual({ ...first, reused: true });
    expect(readdirSync(storeDir)).toHaveLength(1);
    expect(readFileSync(join(source, DAY))).toEqual(before);
    expect(readdirSync(join(source, "oanda"))).toHaveLength(1);
  });

  it("gives the same bytes wherever it runs", async () => {
    const source = makeFolder(GOOD);
    const [a, b] = await Promise.all(
      [temporaryDir(), temporaryDir()].map((storeDir) => importRecording(source, { storeDir })),
    );
    expect(a?.manifest).toEqual(b?.manifest);
  });

  it("another content is another recording", async () => {
    const storeDir = temporaryDir();
    const first = await importRecording(makeFolder(GOOD), { storeDir });
    const other = await importRecording(makeFolder({ [DAY]: ticks("1,1.5,1.6\n2,1.5,1.8\n") }), { storeDir });
    expect(other.reused).toBe(false);
    expect(other.dir).not.toBe(first.dir);
  });

  it("opens a recording of our own format where it lies", async () => {
    const { dir, manifest } = record([{ kind: "alive", instrument: 0, receivedAtUs: 5 }]);
    const storeDir = join(temporaryDir(), "store");
    expect(await importRecording(dir, { storeDir })).toEqual({ dir, manifest, reused: true });
    expect(existsSync(storeDir)).toBe(false);
  });

  it("reports progress up to twice the text, as it is read twice", async () => {
    const rows = Array.from({ length: 120_000 }, (_, at) => `${at},1.38833,1.38835`).join("\n");
    const seen: number[] = [];
    const onProgress = (done: number, total: number) => seen.push(done / total);
    await importRecording(makeFolder({ [DAY]: ticks(rows) }), { storeDir: temporaryDir(), onProgress });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.at(-1)).toBeGreaterThan(0.6);
    expect(seen.at(-1)).toBeLessThanOrEqual(1);
  });

  it.each([
    {
      name: "a path that is not there",
      dir: () => "/nowhere/at/all",
      says: /^\/nowhere\/at\/all is no folder/,
    },
    {
      name: "an unknown folder",
      dir: () => makeFolder({ "data.csv": "1,2" }),
      says: /is no folder of a known format: linkusdt \(/,
    },
    {
      name: "an unknown format",
      dir: () => makeFolder(GOOD),
      format: "tardis",
      says: /there is no format tardis; known: auto, linkusdt/,
    },
    {
      name: "a folder of another format",
      dir: () => makeFolder(GOOD),
      format: "crypto5",
      says: /is no folder of a known format: crypto5/,
    },
    { name: "files without a record", dir: () => makeFolder({ [DAY]: ticks("") }), says: /holds no records/ },
    {
      name: "a malformed line",
      dir: () => makeFolder({ [DAY]: ticks("1,1,2\n2;1;2") }),
      says: /quote\.zip:2: expected ms,bid,ask/,
    },
  ])("refuses $name with one line and leaves nothing behind", async ({ dir, format = "auto", says }) => {
    const storeDir = join(temporaryDir(), "store");
    const refusal: unknown = await importRecording(dir(), { storeDir, format }).catch(
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(UserError);
    expect(refusal).toHaveProperty("message", expect.stringMatching(says));
    expect(refusal).toHaveProperty("message", expect.not.stringContaining("\n"));
    expect(existsSync(storeDir)).toBe(false);
  });

  it("names file and line where gzip data are cut off", async () => {
    const rows = Array.from(
      { length: 5_000 },
      (_, at) => `${1_723_161_254_000_000_000 + at * 1_000} {"x":${at ** 2}}`,
    );
    const packed = gzipSync(rows.join("\n"));
    const cut = makeFolder({ "spot_btcusdt_20240808.gz": packed.subarray(0, packed.length / 2) });
    const storeDir = temporaryDir();
    await expect(importRecording(cut, { storeDir })).rejects.toThrow(
      /^spot_btcusdt_20240808\.gz:[1-4]\d{3}: the gzip data are cut off/,
    );
    const bad = makeFolder({ "spot_btcusdt_20240808.gz": Buffer.from("no gzip at all") });
    await expect(importRecording(bad, { storeDir })).rejects.toThrow(
      /^spot_btcusdt_20240808\.gz: the gzip data are damaged/,
    );
    expect(readdirSync(storeDir)).toEqual([]);
  });

  it("leaves nothing behind when the source turns out bad after writing has begun", async () => {
    const storeDir = temporaryDir();
    // A price of 0 is a number, so that only the second reading refuses it.
    const source = makeFolder({ [DAY]: ticks("1,1,2\n2,0,2") });
    await expect(importRecording(source, { storeDir })).rejects.toThrow(
      /quote\.zip:2: "0" cannot be a price here/,
    );
    expect(readdirSync(storeDir)).toEqual([]);
  });

  it("says what to do when the stored recording was damaged", async () => {
    const storeDir = temporaryDir();
    const source = makeFolder(GOOD);
    const { dir } = await importRecording(source, { storeDir });
    writeFileSync(join(dir, "market.bin"), "gone");
    await expect(importRecording(source, { storeDir })).rejects.toThrow(
      /market\.bin is damaged .*delete the recording and import it again/,
    );
  });
});
