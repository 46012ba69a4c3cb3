import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { UserError } from "../../../server/contract/errors.ts";
import {
  deskHome,
  ensureHome,
  readDeskFile,
  repositoryRoot,
  writeDeskFile,
} from "../../../server/host/deskHome.ts";
import { CONFIG } from "../engine/journal/fixture.ts";
import { temporaryHome } from "./fixture.ts";

afterEach(() => vi.unstubAllEnvs());

describe("a desk's home", () => {
  it("is below the clone, one per profile", () => {
    vi.stubEnv("CROSSDESK_HOME", undefined);
    expect(deskHome("demo")).toBe(join(repositoryRoot(), ".crossdesk", "demo"));
    expect(existsSync(join(repositoryRoot(), "server", "host", "deskHome.ts"))).toBe(true);
  });

  it("is below CROSSDESK_HOME where that is set", () => {
    vi.stubEnv("CROSSDESK_HOME", "/somewhere/else");
    expect(deskHome("replay")).toBe("/somewhere/else/replay");
  });

  it("is closed to others, also when it was there and open", () => {
    const home = join(temporaryHome(), "a", "demo");
    mkdirSync(home, { recursive: true });
    chmodSync(home, 0o755);
    ensureHome(home);
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });
});

const DESK = {
  format: 1,
  profile: "replay",
  config: CONFIG,
  clock: { originUs: 1, wallOriginUs: 2, speed: 10 },
  lab: { market: "agents", seed: 7 },
  latency: { orderMs: [1, 2] },
  deposits: [{ account: "alpha", asset: "USDT", amount: "1000" }],
  armAtStart: true,
  assumptions: ["fees as published"],
} as const;

describe("desk.json", () => {
  it("is read as it was written", () => {
    const home = temporaryHome();
    writeDeskFile(home, { ...DESK, deposits: [...DESK.deposits], assumptions: [...DESK.assumptions] });
    expect(readDeskFile(home)).toEqual(DESK);
    expect(statSync(join(home, "desk.json")).mode & 0o777).toBe(0o600);
  });

  const damaged = [
    { name: "is missing", text: undefined },
    { name: "is cut short", text: '{"format":1' },
    { name: "is of another format", text: JSON.stringify({ ...DESK, format: 2 }) },
    { name: "has a field it must not have", text: JSON.stringify({ ...DESK, extra: 1 }) },
  ];
  for (const { name, text } of damaged)
    it(`that ${name} is refused in one line that says what to do`, () => {
      const home = temporaryHome();
      if (text !== undefined) writeFileSync(join(home, "desk.json"), text);
      const read = () => readDeskFile(home);
      expect(read).toThrow(UserError);
      expect(read).toThrow(/^[^\n]*desk\.json[^\n]*start[^\n]*$/);
    });
});
