import { mkdtempSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { registerCertify } from "../../../../server/cli/commands/certify.ts";
import { buildProgram, runProgram } from "../../../../server/cli/program.ts";
import { keyMark, readCertificates, type Certificate } from "../../../../server/engine/certificates.ts";
import { lockTrial } from "../../../../server/engine/trialLock.ts";
import { ensureHome } from "../../../../server/host/deskHome.ts";
import { storeKey } from "../../../../server/host/keyVault.ts";
import { endsTidily } from "../../../../server/cli/tidyEnd.ts";
import { prepareReal } from "../../../../server/supervisor/prepareReal.ts";
import { CHECK_NAMES } from "../../../../server/venues/ccxt/certify/checkNames.ts";
import { openRealLab, type RealLab } from "../../../support/realLab.ts";

let real: RealLab;
let root = "";
beforeAll(async () => {
  real = await openRealLab();
  root = mkdtempSync(join(tmpdir(), "crossdesk-certify-"));
  const home = join(root, "live");
  ensureHome(home);
  for (const { keys } of real.lab.venues)
    for (const { account, holder, apiKey, secret, passphrase } of keys)
      storeKey(home, { account, holder }, { apiKey, secret, passphrase }, 1);
}, 60_000);
afterAll(async () => {
  await real.close();
  rmSync(root, { recursive: true, force: true });
});

let out = "";
let err = "";
beforeEach(() => {
  out = "";
  err = "";
  vi.stubEnv("CROSSDESK_HOME", root);
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((err += String(text)), true));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const run = (...argv: string[]) => runProgram(buildProgram([registerCertify]), ["certify", ...argv]);
const originOf = (venue: string) => real.lab.venues.find((one) => one.venue === venue)?.origin ?? "";

function keyOf(account: string) {
  const keys = real.lab.venues.flatMap((venue) => venue.keys);
  const key = keys.find((one) => one.account === account && one.holder === "desk");
  if (key === undefined) throw new Error(`the lab has no key of ${account}`);
  return key;
}

describe("desk certify", () => {
  it("prints each check with its evidence, and keeps the result for the live desk", async () => {
    const origin = originOf("binance");
    expect(await run("--venue", "binance", "--origin", origin, "--with-fill")).toBe(0);
    expect(out).toMatch(/^binance at http:\/\/127\.0\.0\.1:\d+, BTC\/USDT, ccxt 4\./);
    expect(out).toMatch(/ok {7}a post-only order rests.*: 0\.\d+ at \d/);
    expect(out).toMatch(/skipped +the dead-man's switch .*: the venue has none/);
    expect(out).toMatch(/--with-fill may cost up to 0\.\d+ USDT/);
    expect(out).toContain("ok       nothing of ours is open");
    expect(out).toContain(`certified at ${origin}, and nowhere else`);
    expect(readCertificates(join(root, "live"))).toMatchObject([
      { account: "binance", at: origin, symbol: "BTC/USDT", key: keyMark(keyOf("binance")), passed: true },
    ]);
    for (const { secret, apiKey } of real.lab.venues.flatMap(({ keys }) => keys))
      for (const text of [out, err, JSON.stringify(readCertificates(join(root, "live")))])
        expect(text.includes(secret) || text.includes(apiKey)).toBe(false);
  }, 60_000);

  it("tidies up at Ctrl-C, and what was certified before is not any more", async () => {
    const origin = originOf("binance");
    let meanwhile: readonly Certificate[] = [];
    const listeners = (): number[] =>
      ["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => process.listenerCount(signal));
    const before = listeners();
    const kill = vi.spyOn(process, "kill");
    vi.mocked(process.stderr.write).mockImplementation((text) => {
      err += String(text);
      // Already from its start on: whatever may end it.
      if (String(text).includes(CHECK_NAMES.book)) meanwhile = readCertificates(join(root, "live"));
      // Two orders rest there for a second and more.
      if (String(text).includes(CHECK_NAMES.cancelAll))
        setTimeout(() => {
          process.emit("SIGINT", "SIGINT");
          // npm's, of the same Ctrl-C.
          process.emit("SIGINT", "SIGINT");
        }, 700);
      return true;
    });
    expect(await run("--venue", "binance", "--origin", origin, "--with-fill")).toBe(1);
    expect(kill).not.toHaveBeenCalledWith(process.pid, "SIGINT");
    expect(listeners()).toEqual(before);
    expect(meanwhile).toMatchObject([{ passed: false, checks: [] }]);
    expect(err).toContain("ending: what rests is cancelled first");
    expect(out).toMatch(/skipped +a cancel of everything ends everything: it was ended/);
    expect(out).toContain("ok       nothing of ours is open");
    expect(err).toMatch(/binance is not certified: it was ended before its end\n$/);
    expect(readCertificates(join(root, "live"))).toMatchObject([{ account: "binance", passed: false }]);
    expect((await real.client.truth("binance")).openOrders).toEqual([]);
  }, 60_000);

  it("tidies up, too, when something throws that nobody catches", async () => {
    vi.mocked(process.stderr.write).mockImplementation((said) => {
      err += String(said);
      if (String(said).includes(CHECK_NAMES.cancelAll))
        setTimeout(() => endsTidily(new Error("in a socket")), 700);
      return true;
    });
    expect(await run("--venue", "okx", "--origin", originOf("okx"))).toBe(1);
    expect(err).toContain("in a socket");
    expect(err).toMatch(/okx is not certified: it was ended before its end\n$/);
    expect(out).toContain("ok       nothing of ours is open");
    expect((await real.client.truth("okx")).openOrders).toEqual([]);
  }, 120_000);

  it("keeps the certificate of before when it is ended before anything was sent", async () => {
    const home = join(root, "live");
    const before = readCertificates(home);
    const ended = run("--venue", "binance", "--origin", originOf("binance"));
    process.emit("SIGINT", "SIGINT");
    expect(await ended).toBe(1);
    expect(err).toContain("ended before anything was sent: what was certified still is");
    expect(readCertificates(home)).toEqual(before);
  }, 60_000);

  it("does not try an account twice at once, and leaves the certificate to the first", async () => {
    const home = join(root, "live");
    const before = readCertificates(home);
    const unlock = lockTrial(home, "binance");
    expect(await run("--venue", "binance", "--origin", originOf("binance"))).toBe(1);
    unlock();
    expect(err).toContain("binance is being certified by process");
    expect(readCertificates(home)).toEqual(before);
  }, 60_000);

  it("takes an account's key to no other venue than its own", async () => {
    expect(await run("--venue", "binance", "--account", "okx", "--origin", originOf("binance"))).toBe(1);
    expect(err).toBe("okx is an account at okx: its key is not for binance\n");
  });

  it("takes the venue of an account from the live desk", async () => {
    const home = real.home("live");
    const accounts = real.venues.accounts.map((one) =>
      one.account === "okx" ? { ...one, account: "second" } : one,
    );
    vi.stubEnv("CROSSDESK_HOME", join(home, ".."));
    await rename(home, join(home, "..", "live"));
    const live = join(home, "..", "live");
    const { apiKey, secret, passphrase } = keyOf("okx");
    for (const account of ["second", "third"])
      storeKey(live, { account, holder: "desk" }, { apiKey, secret, passphrase }, 1);
    const venues = { ...real.venues, accounts };
    await prepareReal(live, { profile: "live", venues }, () => Date.now() * 1_000);
    expect(await run("--venue", "binance", "--account", "second")).toBe(1);
    expect(err).toBe("second is an account at okx: its key is not for binance\n");
    err = "";
    expect(await run("--venue", "okx", "--account", "third")).toBe(1);
    expect(err).toBe("the live desk has no account third\n");
  }, 60_000);

  it("exits 1 with what failed, and takes the certificate away", async () => {
    const origin = originOf("binance");
    const fault = { kind: "clockSkew", offsetMs: 20_000, forMs: 600_000 } as const;
    await real.client.control({ do: "fault", venue: "binance", fault });
    expect(await run("--venue", "binance", "--origin", origin, "--json")).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ passed: false, venue: "binance" });
    expect(err).toMatch(/binance is not certified: the clocks agree: the venue is \d+ ms ahead .*NTP\n$/);
    const kept = readCertificates(join(root, "live")).filter(({ account }) => account === "binance");
    expect(kept).toMatchObject([{ passed: false }]);
  }, 60_000);

  it.each([
    { argv: ["--venue", "kraken", "--testnet"], exitCode: 2, text: "kraken has no test network" },
    { argv: ["--venue", "okx", "--origin", "https://okx.example"], exitCode: 2, text: "only an emulator" },
    {
      argv: ["--venue", "okx", "--account", "two"],
      exitCode: 1,
      text: "desk -- keys set two --profile live",
    },
    { argv: ["--venue", "gate"], exitCode: 2, text: "Allowed choices are binance, okx, kraken" },
  ])("refuses $argv in one line", async ({ argv, exitCode, text }) => {
    expect(await run(...argv)).toBe(exitCode);
    expect(err).toContain(text);
    expect(err.trim().split("\n")).toHaveLength(1);
  });
});
