/** A live desk at the lab's emulators: it connects, sees everything, and changes nothing. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createDeskVenue } from "../../../server/engine/deskVenue.ts";
import { keyMark, storeCertificate, type Certificate } from "../../../server/engine/certificates.ts";
import { certifiedAccounts, missingForLive, uncertifiedSymbols } from "../../../server/engine/realVenue.ts";
import { startEngine, type RunningEngine } from "../../../server/engine/service/start.ts";
import { createClock } from "../../../server/host/clock.ts";
import { readKey, removeKey } from "../../../server/host/keyVault.ts";
import { connectLink } from "../../../server/link/client.ts";
import { prepareReal } from "../../../server/supervisor/prepareReal.ts";
import { CHECK_NAMES, requiredChecks } from "../../../server/venues/ccxt/certify/checkNames.ts";
import { ccxtVersion } from "../../../server/venues/ccxt/version.ts";
import { gatewayHere } from "../../support/gatewayHere.ts";
import { openRealLab, SILENT, type RealLab } from "../../support/realLab.ts";
import { expectSoon } from "../../venue/expectSoon.ts";

let real: RealLab;
beforeAll(async () => void (real = await openRealLab()), 60_000);
afterAll(() => real.close());

const clock = createClock();
const nowUs = (): number => clock.nowUs();
const ACCOUNTS = ["binance", "okx", "kraken"];

let engine: RunningEngine | undefined;
afterEach(async () => {
  await engine?.stop("the test is over");
  engine = undefined;
});

async function start(home: string) {
  const desk = await prepareReal(home, { profile: "live", venues: real.venues }, nowUs);
  const venue = createDeskVenue({ home, desk, clock, log: SILENT, spawn: gatewayHere(clock) });
  engine = await startEngine({ home, venue, clock, log: SILENT });
  return desk;
}

/** Everything that was ever asked of the account, by whomever. */
async function ordersAt(account: string): Promise<readonly string[]> {
  const outcome = await real.client.control({ do: "orders", account, limit: 1_000 });
  if (!outcome.ok) throw new Error(outcome.text);
  return (outcome.orders ?? []).map(({ clientId, status }) => `${clientId} ${status}`);
}

describe("a live desk", () => {
  it("reads books, orders and balances, is refused to be armed, and leaves no trace at the venues", async () => {
    const home = real.home("live");
    for (const account of ACCOUNTS) {
      const instrument = ACCOUNTS.indexOf(account) * 2;
      const byHand = { clientId: `hand${instrument}`, side: "buy", priceTicks: 100_000, sizeLots: 100_000 };
      const order = { do: "place", account, instrument, ...byHand, timeInForce: "GTC" } as const;
      expect(await real.client.control({ ...order, side: "buy" })).toEqual({ ok: true });
    }
    await start(home);
    const link = connectLink({ home, client: "test" });
    try {
      const view = () => link.ask({ ask: "desk" });
      await expectSoon(async () => (await view()).accounts.map(({ status }) => status), {
        withinMs: 40_000,
      }).toEqual(["READY", "READY", "READY"]);
      const desk = await view();
      expect(desk.state).toBe("DISARMED");
      expect(desk.observeOnly).toMatch(
        /guard .* day reconciliation .* roles .* certificate .*certify --venue okx/,
      );
      await expectSoon(async () =>
        (await view()).markets.every(({ instruments }) => instruments.every(({ bid }) => bid !== undefined)),
      ).toBe(true);
      const command = { type: "arm", scope: { level: "desk" } } as const;
      const input = { commandId: randomUUID(), actor: "ann", reason: "to see", command };
      expect(await link.command(input)).toMatchObject({ accepted: false, code: "NOT_READY_FOR_LIVE" });
      const kill = { type: "setTradingState", scope: { level: "desk" }, state: "KILLED" } as const;
      await link.command({ ...input, commandId: randomUUID(), command: kill });
    } finally {
      link.close();
    }
    await engine?.stop("enough");
    engine = undefined;
    for (const account of ACCOUNTS)
      expect(await ordersAt(account)).toEqual([`hand${ACCOUNTS.indexOf(account) * 2} OPEN`]);
  }, 90_000);

  it("does not begin without a key, and says how to store it", async () => {
    const home = real.home("live");
    removeKey(home, { account: "okx", holder: "desk" });
    await expect(start(home)).rejects.toThrow(
      "there is no key of okx: npm run desk -- keys set okx --profile live",
    );
  });
});

describe("a certificate", () => {
  const evidence = "";
  const checks = requiredChecks("okx").map((name) => ({ name, outcome: "passed" as const, evidence }));

  async function openOkx() {
    const home = real.home("live");
    const desk = await prepareReal(home, { profile: "live", venues: real.venues }, nowUs);
    const key = readKey(home, { account: "okx", holder: "desk" });
    const at = real.venues.accounts[1]?.baseUrl ?? "";
    const place = {
      account: "okx",
      venue: "okx",
      ccxt: ccxtVersion(),
      at,
      key: keyMark(key ?? { apiKey: "" }),
    };
    const good: Certificate = { ...place, symbol: "BTC/USDT", madeAtMs: 1, passed: true, checks };
    storeCertificate(home, { ...good, symbol: "ETH/USDT" });
    const certified = (): string[] => certifiedAccounts(home, desk);
    return { home, desk, good, certified };
  }

  it.each([
    { name: "with another ccxt", change: { ccxt: "4.0.0" } },
    { name: "at the venue, for an emulator", change: { at: "venue" } },
    { name: "at a test network", change: { at: "testnet" } },
    { name: "with another key", change: { key: keyMark({ apiKey: "another" }) } },
    { name: "of another account", change: { account: "okx-2" } },
    { name: "of another symbol", change: { symbol: "SOL/USDT" } },
    { name: "that did not pass", change: { passed: false } },
    { name: "without checks", change: { checks: [] } },
    { name: "without one of the checks", change: { checks: checks.slice(1) } },
    {
      name: "with a check that was skipped",
      change: { checks: checks.map((one, at) => (at === 3 ? { ...one, outcome: "skipped" as const } : one)) },
    },
    {
      name: "with a check that failed",
      change: { checks: [...checks, { name: "the adapter starts", outcome: "failed" as const, evidence }] },
    },
  ])("does not count: one $name", async ({ change }) => {
    const { home, good, certified } = await openOkx();
    storeCertificate(home, { ...good, ...change });
    expect(certified()).toEqual([]);
  });

  it("counts in every symbol that is quoted, until a newer one takes its place", async () => {
    const { home, desk, good, certified } = await openOkx();
    expect(uncertifiedSymbols(home, desk, good)).toEqual(["BTC/USDT"]);
    storeCertificate(home, good);
    expect(certified()).toEqual(["okx"]);
    expect(missingForLive(home, desk).at(-1)?.text).toContain("binance, kraken");
    storeCertificate(home, { ...good, passed: false, checks: [] });
    expect(certified()).toEqual([]);
    expect(readFileSync(join(home, "certificates.json"), "utf8")).not.toMatch(/secret|apiKey/);
  });

  it("is asked of no venue for a switch that it does not have", () => {
    expect(requiredChecks("okx")).toContain(CHECK_NAMES.silence);
    expect(requiredChecks("binance")).toHaveLength(requiredChecks("okx").length - 1);
    expect(requiredChecks("binance")).not.toContain(CHECK_NAMES.silence);
  });
});
