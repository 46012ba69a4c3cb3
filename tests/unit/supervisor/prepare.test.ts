import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEngine } from "../../../server/core/setup.ts";
import { readDeskFile } from "../../../server/host/deskHome.ts";
import { prepareDesk } from "../../../server/supervisor/prepare.ts";

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
  it("begins anew, and leaves the addresses of whoever is starting it", () => {
    const home = join(directory, "replay");
    mkdirSync(join(home, "run"), { recursive: true });
    mkdirSync(join(home, "journal"));
    writeFileSync(join(home, "run", "supervisor.json"), "{}");
    const start = {
      profile: "replay",
      directory: join(directory, "no recording"),
      speed: 1,
      seed: undefined,
      assumedRates: new Map<string, number>(),
      fromUs: undefined,
      toUs: undefined,
    } as const;
    expect(() => prepareDesk(home, start, WALL_US)).toThrow("no recording");
    expect(existsSync(join(home, "journal"))).toBe(false);
    expect(existsSync(join(home, "run", "supervisor.json"))).toBe(true);
  });
});
