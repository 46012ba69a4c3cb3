/**
 * API keys at rest: AES-256-GCM, one entry per venue account and holder, in `<home>/keys.json` (0600). The master key
 * is `CROSSDESK_MASTER_KEY` or a file of its own beside it, made with the first entry. An entry is bound to its account
 * and holder: moved to another, or changed in a single bit, it does not open.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../contract/errors.ts";
import { writeDurably } from "./durableFile.ts";

const KEY_HOLDERS = ["desk", "guard"] as const;
/** The guard has keys of its own: its nonces and its budget are not the desk's. */
export type KeyHolder = (typeof KEY_HOLDERS)[number];

export const ApiKey = z.strictObject({
  apiKey: z.string().min(1).max(512),
  secret: z.string().min(1).max(8_192),
  passphrase: z.string().min(1).max(512).optional(),
});
export type ApiKey = z.infer<typeof ApiKey>;

export interface KeyName {
  readonly account: string;
  readonly holder: KeyHolder;
}

/** What may be shown of a key. */
export interface KeyListing extends KeyName {
  readonly ending: string;
  readonly storedAtMs: number;
}

const MASTER_BYTES = 32;
/** What GCM is made for: a random one of 96 bits per entry. */
const NONCE_BYTES = 12;
const ENDING_CHARS = 4;
const OTHERS = 0o077;

const Base64 = z.base64();
const Entry = z.strictObject({
  account: z.string().min(1),
  holder: z.enum(KEY_HOLDERS),
  ending: z.string(),
  storedAtMs: z.number(),
  nonce: Base64,
  tag: Base64,
  sealed: Base64,
});
type Entry = z.infer<typeof Entry>;
const VaultFile = z.strictObject({ format: z.literal(1), keys: z.array(Entry).max(1_000) });

/** Replaces the key of that name. Throws a UserError when the vault or its master key cannot be used. */
export function storeKey(home: string, name: KeyName, key: ApiKey, storedAtMs: number): void {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", masterKey(home, "make"), nonce);
  cipher.setAAD(boundTo(name));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(ApiKey.parse(key)), "utf8"), cipher.final()]);
  const entry: Entry = {
    ...name,
    ending: key.apiKey.slice(-ENDING_CHARS),
    storedAtMs,
    nonce: nonce.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    sealed: sealed.toString("base64"),
  };
  writeEntries(home, [...readEntries(home).filter((other) => !isOf(other, name)), entry]);
}

/** Undefined when there is none of that name. */
export function readKey(home: string, name: KeyName): ApiKey | undefined {
  const entry = readEntries(home).find((other) => isOf(other, name));
  if (entry === undefined) return undefined;
  const decipher = createDecipheriv(
    "aes-256-gcm",
    masterKey(home, "find"),
    Buffer.from(entry.nonce, "base64"),
  );
  decipher.setAAD(boundTo(name));
  decipher.setAuthTag(Buffer.from(entry.tag, "base64"));
  try {
    const text = Buffer.concat([decipher.update(Buffer.from(entry.sealed, "base64")), decipher.final()]);
    return ApiKey.parse(JSON.parse(text.toString("utf8")));
  } catch {
    // What went wrong inside may quote the text: only that it did is said.
    throw new UserError(
      `the key of ${name.account} (${name.holder}) does not open: CROSSDESK_MASTER_KEY or ${masterPath(home)} is not the one it was stored with, or ${vaultPath(home)} was changed; store the key again`,
    );
  }
}

export function listKeys(home: string): KeyListing[] {
  return readEntries(home).map(({ account, holder, ending, storedAtMs }) => ({
    account,
    holder,
    ending,
    storedAtMs,
  }));
}

/** False when there was none of that name. */
export function removeKey(home: string, name: KeyName): boolean {
  const entries = readEntries(home);
  const rest = entries.filter((other) => !isOf(other, name));
  if (rest.length === entries.length) return false;
  writeEntries(home, rest);
  return true;
}

function isOf(entry: KeyName, { account, holder }: KeyName): boolean {
  return entry.account === account && entry.holder === holder;
}

function boundTo({ account, holder }: KeyName): Buffer {
  return Buffer.from(JSON.stringify([account, holder]), "utf8");
}

function vaultPath(home: string): string {
  return join(home, "keys.json");
}

function masterPath(home: string): string {
  return join(home, "master.key");
}

function readEntries(home: string): Entry[] {
  const path = vaultPath(home);
  if (!existsSync(path)) return [];
  requireClosed(path);
  try {
    return VaultFile.parse(JSON.parse(readFileSync(path, "utf8"))).keys;
  } catch (cause) {
    throw new UserError(
      `${path} cannot be read as a key file: restore it, or delete it and store the keys again`,
      {
        cause,
      },
    );
  }
}

function writeEntries(home: string, keys: readonly Entry[]): void {
  writeDurably(vaultPath(home), `${JSON.stringify({ format: 1, keys })}\n`, 0o600);
}

function masterKey(home: string, ifNone: "make" | "find"): Buffer {
  const given = process.env["CROSSDESK_MASTER_KEY"];
  if (given !== undefined && given !== "") return parseMaster(given, "CROSSDESK_MASTER_KEY");
  const path = masterPath(home);
  if (!existsSync(path) && ifNone === "make")
    writeDurably(path, `${randomBytes(MASTER_BYTES).toString("base64")}\n`, 0o600);
  if (!existsSync(path))
    throw new UserError(`there is no master key: set CROSSDESK_MASTER_KEY, or bring back ${path}`);
  requireClosed(path);
  return parseMaster(readFileSync(path, "utf8").trim(), path);
}

function parseMaster(text: string, where: string): Buffer {
  const key = Buffer.from(text, "base64");
  if (key.length === MASTER_BYTES && key.toString("base64") === text) return key;
  throw new UserError(
    `${where} must be ${MASTER_BYTES} random bytes in base64: make one with  head -c ${MASTER_BYTES} /dev/urandom | base64`,
  );
}

function requireClosed(path: string): void {
  if ((statSync(path).mode & OTHERS) !== 0)
    throw new UserError(`${path} may be read by others: close it with  chmod 600 ${path}`);
}
