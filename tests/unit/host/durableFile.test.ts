import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeDurably } from "../../../server/host/durableFile.ts";
import { temporaryHome } from "./fixture.ts";

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

it("throws where it cannot write", () => {
  const home = temporaryHome();
  expect(() => writeDurably(join(home, "missing", "file"), "text")).toThrow(/ENOENT/);
  expect(readdirSync(home)).toEqual([]);
});
