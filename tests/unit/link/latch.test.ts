import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { StateScope } from "../../../server/contract/commands.ts";
import { clearLatch, readLatch, scopeKey, writeLatch, type LatchEntry } from "../../../server/link/latch.ts";
import { temporaryHome } from "../host/fixture.ts";

const DESK: StateScope = { level: "desk" };
const ALPHA: StateScope = { level: "account", account: "alpha" };

function entry(scope: StateScope, change: Partial<LatchEntry> = {}): LatchEntry {
  return { receiptId: "r1", scope, state: "KILLED", actor: "ann", reason: "test", atMs: 5, ...change };
}

describe("the latch", () => {
  it("holds nothing in a new home", () => {
    expect(readLatch(temporaryHome())).toEqual({ entries: [], problem: undefined });
  });

  it("is read as it was written, one entry per scope, by its owner alone", () => {
    const home = temporaryHome();
    writeLatch(home, entry(DESK));
    writeLatch(home, entry(ALPHA, { receiptId: "r2" }));
    writeLatch(home, entry(DESK, { receiptId: "r3", reason: "again" }));
    expect(readLatch(home).entries).toEqual([
      entry(ALPHA, { receiptId: "r2" }),
      entry(DESK, { receiptId: "r3", reason: "again" }),
    ]);
    expect(statSync(join(home, "latch.json")).mode & 0o777).toBe(0o600);
  });

  it("is never turned from KILLED into less", () => {
    const home = temporaryHome();
    writeLatch(home, entry(DESK));
    writeLatch(home, entry(DESK, { receiptId: "r2", state: "DISARMED" }));
    expect(readLatch(home).entries).toMatchObject([{ receiptId: "r2", state: "KILLED" }]);
  });

  it("is cleared scope by scope", () => {
    const home = temporaryHome();
    writeLatch(home, entry(DESK));
    writeLatch(home, entry(ALPHA));
    clearLatch(home, scopeKey(DESK));
    expect(readLatch(home).entries).toEqual([entry(ALPHA)]);
    clearLatch(home, scopeKey(ALPHA));
    expect(readLatch(home).entries).toEqual([]);
  });

  it("of a later stop is not cleared with an earlier receipt", () => {
    const home = temporaryHome();
    writeLatch(home, entry(DESK, { receiptId: "later" }));
    clearLatch(home, scopeKey(DESK), "earlier");
    expect(readLatch(home).entries).toHaveLength(1);
    clearLatch(home, scopeKey(DESK), "later");
    expect(readLatch(home).entries).toEqual([]);
  });

  it("is not made by clearing what is not there", () => {
    const home = temporaryHome();
    clearLatch(home, scopeKey(DESK));
    expect(existsSync(join(home, "latch.json"))).toBe(false);
  });

  it("keeps an account and a market of one name apart", () => {
    expect(scopeKey({ level: "account", account: "BTC" })).not.toBe(
      scopeKey({ level: "market", market: "BTC" }),
    );
    expect(scopeKey({ level: "account", account: "desk" })).not.toBe(scopeKey(DESK));
  });

  for (const text of [
    "",
    "{",
    '{"format":1,"entries":[{"scope":"desk"}]}',
    '{"format":2,"entries":[]}',
    "null",
  ])
    it(`that reads ${JSON.stringify(text)} counts as a stop of the desk`, () => {
      const home = temporaryHome();
      writeFileSync(join(home, "latch.json"), text);
      const latch = readLatch(home);
      expect(latch.problem).toContain("latch.json cannot be read");
      expect(latch.entries).toMatchObject([{ scope: DESK, state: "KILLED" }]);
    });

  it("that cannot be read stays a stop of the desk through other stops, until the desk is armed", () => {
    const home = temporaryHome();
    writeFileSync(join(home, "latch.json"), "{");
    writeLatch(home, entry(ALPHA));
    clearLatch(home, scopeKey(ALPHA));
    expect(readLatch(home).entries).toMatchObject([{ scope: DESK, state: "KILLED" }]);
    clearLatch(home, scopeKey(DESK));
    expect(readLatch(home)).toEqual({ entries: [], problem: undefined });
  });

  it("that cannot be read is mended by arming the desk", () => {
    const home = temporaryHome();
    writeFileSync(join(home, "latch.json"), "{");
    clearLatch(home, scopeKey(DESK));
    expect(readLatch(home)).toEqual({ entries: [], problem: undefined });
  });
});
