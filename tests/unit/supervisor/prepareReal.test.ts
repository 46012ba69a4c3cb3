import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDeskFile } from "../../../server/host/deskHome.ts";
import { prepareReal, readVenuesFile } from "../../../server/supervisor/prepareReal.ts";
import { openRealLab, type RealLab } from "../../support/realLab.ts";

let real: RealLab;
let directory = "";
beforeAll(async () => {
  real = await openRealLab();
  directory = mkdtempSync(join(tmpdir(), "crossdesk-prepare-real-"));
}, 60_000);
afterAll(async () => {
  await real.close();
  rmSync(directory, { recursive: true, force: true });
});

const nowUs = (): number => Math.round((performance.timeOrigin + performance.now()) * 1_000);

describe("a desk over real venues", () => {
  it("has the ticks and minimums that its venues list, and goes on from its file", async () => {
    const home = real.home("live");
    const desk = await prepareReal(home, { profile: "live", venues: real.venues }, nowUs);
    expect(readDeskFile(home)).toEqual(desk);
    expect(
      desk.config.instruments.map(({ account, symbol, tick }) => `${account} ${symbol} ${tick}`),
    ).toEqual([
      "binance BTC/USDT 0.01",
      "binance ETH/USDT 0.01",
      "okx BTC/USDT 0.1",
      "okx ETH/USDT 0.01",
      "kraken BTC/USD 0.1",
      "kraken ETH/USD 0.01",
      "kraken USDT/USD 0.00001",
    ]);
    expect(desk).toMatchObject({ venues: "real", armAtStart: false, config: { venues: "live" } });
    expect(desk.config.deskCode).toMatch(/^[0-9a-y][0-9a-z]{2}$/);
    expect(await prepareReal(home, { profile: "live", venues: undefined }, nowUs)).toEqual(desk);
    const others = { ...real.venues, capital: 5 };
    await expect(prepareReal(home, { profile: "live", venues: others }, nowUs)).rejects.toThrow(
      "has other venues: leave --venues away",
    );
  });

  it("needs no key on paper, and its orders stay here", async () => {
    const home = join(directory, "paper");
    const desk = await prepareReal(home, { profile: "paper", venues: real.venues }, nowUs);
    expect(desk).toMatchObject({
      armAtStart: true,
      config: { venues: "simulated" },
      lab: { market: "real" },
    });
    expect(desk.venues).toBeUndefined();
    expect(desk.deposits).toContainEqual({ account: "okx", asset: "BTC", amount: "10" });
  });

  it("asks for keys before it asks a venue anything, and leaves no desk behind", async () => {
    const home = join(directory, "live");
    await expect(prepareReal(home, { profile: "live", venues: undefined }, nowUs)).rejects.toThrow(
      "there is no key of binance, okx, kraken: npm run desk -- keys set binance --profile live",
    );
    expect(existsSync(join(home, "desk.json"))).toBe(false);
  });

  it("names a venue without an adapter", async () => {
    const [first] = real.venues.accounts;
    if (first === undefined) throw new Error("no account");
    const venues = { ...real.venues, accounts: [{ ...first, venue: "gate" }] };
    const start = { profile: "paper", venues } as const;
    await expect(prepareReal(join(directory, "gate"), start, nowUs)).rejects.toThrow(
      "binance is at gate, which has no adapter",
    );
  });
});

describe("a file of venues", () => {
  it("that cannot be read says what is wrong with it, in one line", () => {
    const path = join(directory, "venues.json");
    writeFileSync(path, "{");
    expect(() => readVenuesFile(path)).toThrow("cannot be read as JSON");
    writeFileSync(path, JSON.stringify({ reportingAsset: "USD", capital: -1, accounts: [] }));
    expect(() => readVenuesFile(path)).toThrow(/^[^\n]*capital[^\n]*$/);
  });
});
