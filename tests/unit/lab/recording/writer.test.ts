import fs from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { UserError } from "../../../../server/contract/errors.ts";
import type { RecordedEvent } from "../../../../server/lab/recording/events.ts";
import { openRecording } from "../../../../server/lab/recording/reader.ts";
import { createRecording } from "../../../../server/lab/recording/writer.ts";
import { about, instrument, temporaryDir } from "./fixtures.ts";

const ALIVE: RecordedEvent = { kind: "alive", instrument: 0, receivedAtUs: 1_000 };
const ABOUT = about([instrument("a")]);

/** No process has it: the kernel's largest is 2^22. */
const DEAD_PID = 2 ** 22 + 1;

it("counts what it wrote, a top without sizes as a top", () => {
  const dir = join(temporaryDir(), "deep", "recording");
  const writer = createRecording(dir, 1);
  writer.write({ kind: "snapshot", instrument: 0, receivedAtUs: 1_000, bids: [1, 1], asks: [] });
  writer.write({ kind: "touch", instrument: 0, receivedAtUs: 1_000, bidTicks: 1 });
  writer.write({ ...ALIVE, receivedAtUs: 2_000 });
  const manifest = writer.finish(ABOUT);
  expect(manifest.counts).toEqual({ snapshot: 1, delta: 0, top: 1, print: 0, alive: 1, gap: 0 });
  expect(manifest).toMatchObject({ fromUs: 1_000, toUs: 2_000 });
  const recording = openRecording(dir);
  recording.close();
  expect(recording.manifest).toEqual(manifest);
  expect(fs.readdirSync(dir).sort()).toEqual(["manifest.json", "market.bin"]);
});

it("has nothing under the final name before it has finished, and nothing at all after an abort", () => {
  const home = temporaryDir();
  const dir = join(home, "recording");
  const writer = createRecording(dir, 1);
  writer.write(ALIVE);
  expect(fs.existsSync(dir)).toBe(false);
  writer.abort();
  expect(fs.readdirSync(home)).toEqual([]);
});

it.each<{ name: string; broken: RecordedEvent; says: RegExp }>([
  { name: "time that goes back", broken: { ...ALIVE, receivedAtUs: 999 }, says: /time goes back/ },
  {
    name: "a delta without a snapshot",
    broken: { kind: "delta", instrument: 0, receivedAtUs: 1_000, bids: [1, 1], asks: [] },
    says: /without a snapshot/,
  },
  {
    name: "a price that is no integer",
    broken: { kind: "print", instrument: 0, receivedAtUs: 1_000, priceTicks: 1.5 },
    says: /out of range/,
  },
])("refuses $name and leaves nothing behind", ({ broken, says }) => {
  const home = temporaryDir();
  const writer = createRecording(join(home, "recording"), 1);
  writer.write(ALIVE);
  expect(() => writer.write(broken)).toThrow(says);
  expect(() => writer.write(ALIVE)).toThrow(/closed/);
  expect(fs.readdirSync(home)).toEqual([]);
});

it.each(["writeSync", "writeFileSync"] as const)(
  "says in one line that the disk is full when %s fails, and leaves nothing behind",
  (call) => {
    const home = temporaryDir();
    const writer = createRecording(join(home, "recording"), 1);
    writer.write(ALIVE);
    const full = vi.spyOn(fs, call).mockImplementation(() => {
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    });
    try {
      expect(() => writer.finish(ABOUT)).toThrow(/^no space left to write .*recording: free some/);
    } finally {
      full.mockRestore();
    }
    expect(fs.readdirSync(home)).toEqual([]);
  },
);

it("a disk that is full from the start leaves nothing that would look like another writer", () => {
  const home = temporaryDir();
  const full = vi.spyOn(fs, "writeFileSync").mockImplementation(() => {
    throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  });
  try {
    expect(() => createRecording(join(home, "recording"), 1)).toThrow(/^no space left to write/);
  } finally {
    full.mockRestore();
  }
  expect(fs.readdirSync(home)).toEqual([]);
});

it("refuses a directory that exists", () => {
  expect(() => createRecording(temporaryDir(), 1)).toThrow(/exists already/);
});

it("refuses a recording that another process is writing, and takes over from a dead one", () => {
  const dir = join(temporaryDir(), "recording");
  const first = createRecording(dir, 1);
  expect(() => createRecording(dir, 1)).toThrow(
    new UserError(`process ${process.pid} is writing ${dir}: wait until it has finished`),
  );
  fs.writeFileSync(join(`${dir}.partial`, "writer.pid"), `${DEAD_PID}\n`);
  const second = createRecording(dir, 1);
  second.write(ALIVE);
  second.finish(ABOUT);
  expect(fs.existsSync(join(dir, "manifest.json"))).toBe(true);
  first.abort();
});

it("asks for help with a working directory that names no owner", () => {
  const dir = join(temporaryDir(), "recording");
  fs.mkdirSync(`${dir}.partial`);
  expect(() => createRecording(dir, 1)).toThrow(/is in use.*delete it/);
});

it("does not overwrite what another process finished in the meantime", () => {
  const dir = join(temporaryDir(), "recording");
  const writer = createRecording(dir, 1);
  writer.write(ALIVE);
  fs.mkdirSync(dir);
  fs.writeFileSync(join(dir, "manifest.json"), "theirs");
  expect(() => writer.finish(ABOUT)).toThrow(/exists already/);
  expect(fs.readFileSync(join(dir, "manifest.json"), "utf8")).toBe("theirs");
  expect(fs.existsSync(`${dir}.partial`)).toBe(false);
});
