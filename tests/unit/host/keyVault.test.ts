import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UserError } from "../../../server/contract/errors.ts";
import { listKeys, readKey, removeKey, storeKey } from "../../../server/host/keyVault.ts";

const DESK = { account: "binance", holder: "desk" } as const;
const GUARD = { account: "binance", holder: "guard" } as const;
const KEY = { apiKey: "public-part-1234", secret: "very-secret-text", passphrase: "pass-words" };

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "crossdesk-vault-"));
  vi.stubEnv("CROSSDESK_MASTER_KEY", "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const vault = () => join(home, "keys.json");

function edit(change: (file: { keys: Record<string, unknown>[] }) => void): void {
  const file = JSON.parse(readFileSync(vault(), "utf8")) as { keys: Record<string, unknown>[] };
  change(file);
  writeFileSync(vault(), JSON.stringify(file), { mode: 0o600 });
}

describe("the key vault", () => {
  it("gives back what was stored, by account and holder, and nothing for another", () => {
    storeKey(home, DESK, KEY, 1);
    storeKey(home, GUARD, { apiKey: "other", secret: "s" }, 2);
    expect(readKey(home, DESK)).toEqual(KEY);
    expect(readKey(home, GUARD)).toEqual({ apiKey: "other", secret: "s" });
    expect(readKey(home, { account: "okx", holder: "desk" })).toBeUndefined();
  });

  it("keeps nothing readable on the disk but the end of the public part, and both files closed", () => {
    storeKey(home, DESK, KEY, 7);
    const text = readFileSync(vault(), "utf8");
    for (const part of Object.values(KEY)) expect(text).not.toContain(part);
    expect(listKeys(home)).toEqual([{ ...DESK, ending: "1234", storedAtMs: 7 }]);
    for (const path of [vault(), join(home, "master.key")]) expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("replaces a key of the same name and removes one", () => {
    storeKey(home, DESK, KEY, 1);
    storeKey(home, DESK, { apiKey: "new", secret: "n" }, 2);
    expect(readKey(home, DESK)).toEqual({ apiKey: "new", secret: "n" });
    expect(listKeys(home)).toHaveLength(1);
    expect(removeKey(home, DESK)).toBe(true);
    expect(removeKey(home, DESK)).toBe(false);
    expect(readKey(home, DESK)).toBeUndefined();
  });

  it("does not open an entry that was moved to another account or holder", () => {
    storeKey(home, DESK, KEY, 1);
    edit(({ keys }) => {
      if (keys[0] !== undefined) keys[0]["holder"] = "guard";
    });
    expect(() => readKey(home, GUARD)).toThrow(UserError);
  });

  it("does not open an entry of which a bit was changed, and does not say what is in it", () => {
    storeKey(home, DESK, KEY, 1);
    edit(({ keys }) => {
      const sealed = Buffer.from(String(keys[0]?.["sealed"]), "base64");
      sealed[0] = (sealed[0] ?? 0) ^ 1;
      if (keys[0] !== undefined) keys[0]["sealed"] = sealed.toString("base64");
    });
    expect(() => readKey(home, DESK)).toThrow(/does not open.*store the key again/);
  });

  it("opens with the master key of the environment alone, once stored with it", () => {
    vi.stubEnv("CROSSDESK_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));
    storeKey(home, DESK, KEY, 1);
    expect(readKey(home, DESK)).toEqual(KEY);
    vi.stubEnv("CROSSDESK_MASTER_KEY", Buffer.alloc(32, 8).toString("base64"));
    expect(() => readKey(home, DESK)).toThrow(UserError);
    vi.stubEnv("CROSSDESK_MASTER_KEY", "");
    expect(() => readKey(home, DESK)).toThrow("there is no master key");
    vi.stubEnv("CROSSDESK_MASTER_KEY", "too short");
    expect(() => readKey(home, DESK)).toThrow("must be 32 random bytes in base64");
  });

  it("refuses files that others may read, and one that is no key file", () => {
    storeKey(home, DESK, KEY, 1);
    chmodSync(join(home, "master.key"), 0o640);
    expect(() => readKey(home, DESK)).toThrow("may be read by others");
    chmodSync(join(home, "master.key"), 0o600);
    chmodSync(vault(), 0o604);
    expect(() => listKeys(home)).toThrow("may be read by others");
    writeFileSync(vault(), "{}");
    chmodSync(vault(), 0o600);
    expect(() => listKeys(home)).toThrow("cannot be read as a key file");
  });
});
