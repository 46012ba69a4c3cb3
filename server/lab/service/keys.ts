/**
 * The keys with which clients sign at the venues on the wire: two per account, so that the guard has its own. They are
 * made once and kept in `<home>/lab/keys.json`, readable by its owner alone; nothing logs them.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { UserError } from "../../contract/errors.ts";
import { writeDurably } from "../../host/durableFile.ts";
import type { WireKey } from "../wire/ports.ts";

const HOLDERS = ["desk", "guard"] as const;

const StoredKey = z.strictObject({
  /** By name. */
  account: z.string(),
  holder: z.enum(HOLDERS),
  apiKey: z.string().min(1),
  secret: z.base64(),
  passphrase: z.string(),
  mayTrade: z.boolean(),
  mayWithdraw: z.boolean(),
});
export type StoredKey = z.infer<typeof StoredKey>;

const KeysFile = z.strictObject({ keys: z.array(StoredKey) });

export function keysPath(home: string): string {
  return join(home, "lab", "keys.json");
}

/** Of all these accounts; makes what is missing. Throws a UserError when the file is no keys file. */
export function openKeys(home: string, accounts: readonly string[]): StoredKey[] {
  const kept = readKeys(home);
  const missing = accounts.flatMap((account) =>
    HOLDERS.filter((holder) => !kept.some((key) => key.account === account && key.holder === holder)).map(
      (holder) => createKey(account, holder),
    ),
  );
  const keys = [...kept, ...missing];
  if (missing.length > 0) {
    const path = keysPath(home);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeDurably(path, `${JSON.stringify({ keys }, undefined, 2)}\n`, 0o600);
  }
  return keys.filter(({ account }) => accounts.includes(account));
}

/** Empty before the lab was first started. */
export function readKeys(home: string): StoredKey[] {
  const path = keysPath(home);
  if (!existsSync(path)) return [];
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    content = undefined;
  }
  const parsed = KeysFile.safeParse(content);
  // Without a word of what it holds: an error message ends up in logs.
  if (!parsed.success) throw new UserError(`${path} holds no keys: delete it, and the lab makes new ones`);
  return parsed.data.keys;
}

/** As a front-end has it. */
export function wireKey({ account: _, ...key }: StoredKey, account: number): WireKey {
  return { ...key, account };
}

/** Letters and digits for the name, as venues have it; 64 bytes in base64 for the secret, as Kraken decodes it. */
function createKey(account: string, holder: StoredKey["holder"]): StoredKey {
  return {
    account,
    holder,
    apiKey: randomBytes(32).toString("hex"),
    secret: randomBytes(64).toString("base64"),
    passphrase: randomBytes(8).toString("hex"),
    mayTrade: true,
    mayWithdraw: false,
  };
}
