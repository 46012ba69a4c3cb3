import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createToken, readAddress, removeAddress, writeAddress } from "../../../server/host/addressFile.ts";
import { temporaryHome } from "./fixture.ts";

describe("an address file", () => {
  it("is read as it was written, and by its owner alone", () => {
    const home = temporaryHome();
    const written = writeAddress(home, "engine", { port: 4_711, token: "secret" });
    expect(readAddress(home, "engine")).toEqual(written);
    expect(written).toMatchObject({ pid: process.pid, port: 4_711, token: "secret" });
    expect(statSync(join(home, "run", "engine.json")).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, "run")).mode & 0o777).toBe(0o700);
  });

  it("of another server is another file", () => {
    const home = temporaryHome();
    writeAddress(home, "engine", { port: 4_711, token: "secret" });
    expect(readAddress(home, "lab")).toBeUndefined();
  });

  it("of a process that died leads nowhere", () => {
    const home = temporaryHome();
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    mkdirSync(join(home, "run"));
    const address = { pid, port: 4_711, token: "secret", startedAtMs: 1 };
    writeFileSync(join(home, "run", "engine.json"), JSON.stringify(address));
    expect(readAddress(home, "engine")).toBeUndefined();
  });

  for (const text of ["", "{", "[]", '{"port":"4711"}'])
    it(`that reads ${JSON.stringify(text)} leads nowhere`, () => {
      const home = temporaryHome();
      mkdirSync(join(home, "run"));
      writeFileSync(join(home, "run", "engine.json"), text);
      expect(readAddress(home, "engine")).toBeUndefined();
    });

  it("is removed by the server that wrote it, and left alone by one that was replaced", () => {
    const home = temporaryHome();
    writeAddress(home, "engine", { port: 4_711, token: "old" });
    writeAddress(home, "engine", { port: 4_712, token: "new" });
    removeAddress(home, "engine", "old");
    expect(readAddress(home, "engine")?.port).toBe(4_712);
    removeAddress(home, "engine", "new");
    expect(existsSync(join(home, "run", "engine.json"))).toBe(false);
  });
});

it("a token is never the same twice", () => {
  expect(createToken()).not.toBe(createToken());
  expect(createToken()).toHaveLength(43);
});
