/**
 * A slice of `npm run soak -- wire`: lab and engine as processes, with faults of the wire seconds apart, many more
 * than in the hour. How long threads stand still says nothing beside other tests; that is the soak's to judge. The same
 * desk then finds its keys refused in every way there is, and nothing that it has left anywhere may hold a piece of one.
 */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { soakDeskFile } from "../../server/bench/soak/deskFile.ts";
import { WireDesk } from "../../server/bench/soak/wireDesk.ts";
import { runOverFaultyWire } from "../../server/bench/soak/wireRun.ts";
import { readAddress } from "../../server/host/addressFile.ts";
import { repositoryRoot } from "../../server/host/deskHome.ts";
import { isProcessAlive } from "../../server/host/isProcessAlive.ts";
import { createLog } from "../../server/host/log.ts";
import { readKeys } from "../../server/lab/service/keys.ts";
import { openLabClient } from "../../server/lab/service/labClient.ts";
import { connectLink } from "../../server/link/client.ts";
import { startRecorder, type Recorder } from "../../server/recorder/recorder.ts";
import { bundleAll } from "../../server/supervisor/build.ts";
import { ApiDesk } from "../api/apiDesk.ts";
import { filesOf, journalsOf, rowsOf, type Trace } from "../support/deskTraces.ts";
import { askEverything } from "../support/everyAnswer.ts";
import { freshDatabase } from "../support/postgres.ts";
import { formsOf, PIECE_BYTES, SecretSearch, type Secret } from "../support/secretSearch.ts";
import { spendNonce, spoilKeys } from "../support/spoiltKeys.ts";

const SEED = 1;
const FAULTY_MS = 45_000;
const EVERY_S = 1.5;
/** So many faults at once leave Kraken's counters of questions and of orders full: they take 45 and 60 s to be empty. */
const CALM_WITHIN_MS = 120_000;

/** Written by the lab for its clients, in clear: the venue's own side of the keys, as a real venue has it. */
const KEYS_OF_THE_LAB = join("lab", "keys.json");
const VAULT = "keys.json";
const MASTER = "master.key";

/** What each venue says to a key that it does not take, in the engine's log. */
const REFUSALS = {
  "a wrong signature": /-1022|Signature for this request/,
  "a wrong passphrase": /50105|OK-ACCESS-PASSPHRASE/,
  "a nonce that is too low": /EAPI:Invalid nonce/,
};
const REFUSED_WITHIN_MS = 30_000;
const POLL_MS = 100;

let folder = "";
let home = "";
let url = "";
let desk: WireDesk;
let recorder: Recorder;
let isEnding = false;
const findings: string[] = [];
const secrets: Secret[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "crossdesk-wire-faults-"));
  home = join(folder, "demo");
  [url] = await Promise.all([freshDatabase(), bundleAll(repositoryRoot())]);
  desk = await WireDesk.start(home, soakDeskFile(SEED, 1, Date.now()), (text) => {
    if (!isEnding) findings.push(text);
  });
  noteSecrets();
  const log = createLog("recorder", (line) => appendFileSync(join(home, "log", "recorder.log"), line));
  recorder = startRecorder({ home, url, log, wallMs: () => Date.now() });
}, 120_000);
afterAll(async () => {
  await recorder?.stop();
  await desk?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function noteSecrets(): void {
  for (const { account, holder, apiKey, secret, passphrase } of readKeys(home))
    for (const [what, text] of Object.entries({ apiKey, secret, passphrase }))
      secrets.push({ name: `${what} of ${account} (${holder})`, text });
}

describe("a desk whose venues do everything wrong on the wire", () => {
  it("agrees with them in the end", { timeout: 500_000 }, async () => {
    const link = connectLink({ home, client: "wire faults" });
    try {
      const { report } = await runOverFaultyWire({
        home,
        link,
        seed: SEED,
        everyS: EVERY_S,
        forMs: FAULTY_MS,
        calmWithinMs: CALM_WITHIN_MS,
        standstills: "ignore",
        say: () => undefined,
        onFinding: (text) => void findings.push(text),
      });
      expect(findings).toEqual([]);
      // Else there was nothing to lose, and nothing that could have been lost.
      expect(report.fills).toBeGreaterThan(50);
      expect(Object.values(report.faults).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20);
    } finally {
      link.close();
    }
  });

  describe("and then refuse its keys", () => {
    beforeAll(async () => {
      await breakAnswers();
      await endEngine();
      // The lab goes on with the keys that it has read.
      await spendNonce(home, "kraken");
      spoilKeys(home, { binance: "secret", okx: "passphrase" });
      noteSecrets();
      await desk.comeUp();
      await refused();
    }, 120_000);

    it(
      "leaves no piece of a key in a log, a journal, a state or any other file",
      { timeout: 120_000 },
      () => {
        const search = new SecretSearch(secrets);
        const files = [...filesOf(home)].filter(({ where }) => where !== KEYS_OF_THE_LAB);
        const names = files.map(({ where }) => where);
        for (const where of [VAULT, MASTER, "desk.json", join("log", "engine.log"), join("run", "wire.json")])
          expect(names).toContain(where);
        const journal = [...journalsOf(home)];
        expect(journal.filter(({ where }) => where.startsWith("snapshot")).length).toBeGreaterThan(0);
        expect(journal.length).toBeGreaterThan(1_000);
        expect(placesIn([...files, ...journal], search)).toEqual([]);
      },
    );

    it("keeps them in a vault that only its owner can read, under a master key that is nowhere else", () => {
      const files = [...filesOf(home)];
      const closed = files.filter(({ where }) => [VAULT, MASTER, KEYS_OF_THE_LAB].includes(where));
      expect(closed.map(({ mode }) => mode)).toEqual([0o600, 0o600, 0o600]);
      const master = { name: "the master key", text: readFileSync(join(home, MASTER), "utf8").trim() };
      const elsewhere = [...files.filter(({ where }) => where !== MASTER), ...journalsOf(home)];
      expect(placesIn(elsewhere, new SecretSearch([master]))).toEqual([]);
    });

    it("writes no piece of a key into the database", { timeout: 60_000 }, async () => {
      await recorder.stop();
      const rows = await rowsOf(url);
      expect(rows.filter(({ where }) => where === "table fill").length).toBeGreaterThan(50);
      expect(placesIn(rows, new SecretSearch(secrets))).toEqual([]);
    });

    it("answers no question of a browser with a piece of a key", { timeout: 120_000 }, async () => {
      const api = new ApiDesk(url, home);
      try {
        await until(() => api.services.link.connected, "the API has its engine");
        const { answers, unanswered } = await askEverything(api, "BTC");
        expect(unanswered).toEqual([]);
        expect(placesIn(answers, new SecretSearch(secrets))).toEqual([]);
      } finally {
        await api.close();
      }
    });
  });
});

describe("the search", () => {
  const text = Buffer.from([...Array(48).keys()].map((at) => at * 5)).toString("base64");
  const search = new SecretSearch([{ name: "it", text }]);
  const findIn = (bytes: Buffer): string[] =>
    search.find(Buffer.concat([Buffer.from("key="), bytes, Buffer.from("\n")]));

  it("finds every piece of every form, and nothing shorter", () => {
    for (const { form, bytes } of formsOf(text))
      for (let at = 0; at + PIECE_BYTES <= bytes.length; at++) {
        const found = findIn(bytes.subarray(at, at + PIECE_BYTES)).length;
        const less = findIn(bytes.subarray(at, at + PIECE_BYTES - 1)).length;
        expect({ form, at, found, less }).toEqual({ form, at, found: 1, less: 0 });
      }
  });

  it("finds a secret that is encoded together with what stands around it", () => {
    for (const before of ["", ":", "ab", "user"])
      expect(search.find(Buffer.from(`${before}${text}!`).toString("base64"))).toEqual(["it, base64"]);
  });
});

function placesIn(traces: Iterable<Trace>, search: SecretSearch): string[] {
  const places: string[] = [];
  for (const { where, content } of traces)
    for (const found of search.find(content)) places.push(`${where}: ${found}`);
  return places;
}

/** Answers that say nothing, half of something, or what a proxy says; and every socket cut. */
async function breakAnswers(): Promise<void> {
  const lab = await openLabClient(home);
  try {
    const described = async () => {
      const outcome = await lab.control({ do: "describe" });
      return outcome.ok ? (outcome.description?.venues ?? []) : [];
    };
    const before = await described();
    const kinds = ["http503", "cutBody", "badJson", "internalError"] as const;
    for (const { venue } of before) {
      for (const kind of kinds) await lab.control({ do: "fault", venue, fault: { kind } });
      await lab.control({ do: "fault", venue, fault: { kind: "disconnect", of: "all" } });
    }
    const isBroken = async (): Promise<boolean> =>
      (await described()).every(({ venue, faults }) => {
        const had = before.find((one) => one.venue === venue)?.faults;
        return (["http503", "cutBody", "disconnect"] as const).every(
          (kind) => (faults[kind] ?? 0) > (had?.[kind] ?? 0),
        );
      });
    await until(isBroken, "answers of every venue were broken");
  } finally {
    lab.close();
  }
}

async function endEngine(): Promise<void> {
  const pid = readAddress(home, "engine")?.pid ?? 0;
  isEnding = true;
  process.kill(pid, "SIGTERM");
  await until(() => !isProcessAlive(pid), "the engine has ended");
  isEnding = false;
}

/** The log of the engine says how each of them was refused. */
async function refused(): Promise<void> {
  const path = join(home, "log", "engine.log");
  for (const [what, pattern] of Object.entries(REFUSALS))
    await until(() => pattern.test(readFileSync(path, "utf8")), `the venue has said ${what}`);
  // What else they say to it.
  await sleep(3_000);
}

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const endMs = Date.now() + REFUSED_WITHIN_MS; !(await isSo()); await sleep(POLL_MS))
    if (Date.now() > endMs) throw new Error(`not in time: ${what}`);
}
