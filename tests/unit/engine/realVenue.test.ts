/** A live desk at the lab's emulators: it connects, sees everything, and changes nothing. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createDeskVenue } from "../../../server/engine/deskVenue.ts";
import { storeCertificate } from "../../../server/engine/certificates.ts";
import { certifiedAccounts, missingForLive } from "../../../server/engine/realVenue.ts";
import { startEngine, type RunningEngine } from "../../../server/engine/service/start.ts";
import { createClock } from "../../../server/host/clock.ts";
import { removeKey } from "../../../server/host/keyVault.ts";
import { connectLink } from "../../../server/link/client.ts";
import { prepareReal } from "../../../server/supervisor/prepareReal.ts";
import { ccxtVersion } from "../../../server/venues/ccxt/version.ts";
import { gatewayHere, openRealLab, SILENT, type RealLab } from "../../support/realLab.ts";
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
  it("counts for its account, place and ccxt version alone", async () => {
    const home = real.home("live");
    const desk = await prepareReal(home, { profile: "live", venues: real.venues }, nowUs);
    const at = real.venues.accounts[1]?.baseUrl ?? "";
    const good = {
      account: "okx",
      venue: "okx",
      ccxt: ccxtVersion(),
      at,
      madeAtMs: 1,
      passed: true,
      checks: [],
    };
    for (const other of [{ ccxt: "4.0.0" }, { at: "venue" }, { at: "testnet" }, { passed: false }])
      storeCertificate(home, { ...good, ...other });
    expect(certifiedAccounts(home, desk)).toEqual([]);
    storeCertificate(home, good);
    expect(certifiedAccounts(home, desk)).toEqual(["okx"]);
    expect(missingForLive(home, desk).at(-1)?.text).toContain("binance, kraken");
    storeCertificate(home, { ...good, passed: false });
    expect(certifiedAccounts(home, desk)).toEqual([]);
    expect(readFileSync(join(home, "certificates.json"), "utf8")).not.toMatch(/secret|apiKey/);
  });
});
