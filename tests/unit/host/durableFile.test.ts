import { openSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { makeFolderDurably, writeDurably } from "../../../server/host/durableFile.ts";
import { temporaryHome } from "./fixture.ts";

// As it is; only looked at: what a power cut would leave cannot be had here.
vi.mock("node:fs", { spy: true });

it("replaces a file as a whole and leaves nothing beside it", () => {
  const home = temporaryHome();
  const path = join(home, "latch.json");
  writeFileSync(path, "before, and longer than what comes");
  writeDurably(path, "after");
  expect(readFileSync(path, "utf8")).toBe("after");
  expect(readdirSync(home)).toEqual(["latch.json"]);
});

it("gives a file the mode that was asked for", () => {
  const path = join(temporaryHome(), "token");
  writeDurably(path, "secret", 0o600);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it("makes a folder with those above it, and leaves one that is there as it is", () => {
  const path = join(temporaryHome(), "a", "b", "c");
  makeFolderDurably(path);
  writeFileSync(join(path, "file"), "text");
  makeFolderDurably(path);
  expect(readdirSync(path)).toEqual(["file"]);
});

it("syncs each folder that names a new one, up to the one that was there", () => {
  const home = temporaryHome();
  vi.mocked(openSync).mockClear();
  makeFolderDurably(join(home, "a", "b"));
  expect(vi.mocked(openSync).mock.calls.map(([path]) => path)).toEqual([join(home, "a"), home]);
});

it("throws where it cannot write", () => {
  const home = temporaryHome();
  expect(() => writeDurably(join(home, "missing", "file"), "text")).toThrow(/ENOENT/);
  expect(readdirSync(home)).toEqual([]);
});
