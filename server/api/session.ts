/**
 * Sessions: who is at the other end of a browser. A cookie signed with a key in the desk's home, so that a
 * restart signs nobody out; it lasts twelve hours from its last renewal.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../contract/errors.ts";
import { writeDurably } from "../host/durableFile.ts";

const LASTS_MS = 12 * 3_600_000;
/** A page that asks every few seconds need not be given a cookie each time. */
const RENEW_AFTER_MS = 3_600_000;
const KEY_BYTES = 32;

const Session = z.strictObject({ actor: z.string().min(1).max(64), issuedAtMs: z.number() });
export type Session = z.infer<typeof Session>;

/** Made at the first start; readable by its owner alone. Throws a UserError on a file that is no key. */
export function readSessionKey(home: string): Buffer {
  const path = join(home, "session.key");
  if (!existsSync(path)) createKey(path);
  const key = readFileSync(path);
  if (key.length === KEY_BYTES) return key;
  throw new UserError(`${path} is no key: remove it and start again; every browser then signs in anew`);
}

/** The value of Set-Cookie. The desk is served over plain HTTP on the loopback address: no Secure. */
export function issueSession(key: Buffer, session: Session): string {
  const content = Buffer.from(JSON.stringify(session)).toString("base64url");
  const value = `${content}.${sign(key, content)}`;
  return `${cookieName(key)}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${LASTS_MS / 1_000}`;
}

/** Undefined without a cookie, and for one that is forged or too old. */
export function readSession(key: Buffer, cookies: string | null, nowMs: number): Session | undefined {
  const name = `${cookieName(key)}=`;
  const value = (cookies ?? "")
    .split(/;\s*/)
    .find((cookie) => cookie.startsWith(name))
    ?.slice(name.length);
  const [content, signature, ...rest] = value?.split(".") ?? [];
  if (content === undefined || signature === undefined || rest.length > 0) return undefined;
  const expected = Buffer.from(sign(key, content));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
  // Signed by us, perhaps by an earlier version: what it says is still looked at.
  const session = Session.safeParse(parse(Buffer.from(content, "base64url").toString())).data;
  return session === undefined || nowMs - session.issuedAtMs >= LASTS_MS ? undefined : session;
}

/** Set-Cookie for a session that is used and has grown old. */
export function renewal(key: Buffer, session: Session, nowMs: number): string | undefined {
  if (nowMs - session.issuedAtMs < RENEW_AFTER_MS) return undefined;
  return issueSession(key, { ...session, issuedAtMs: nowMs });
}

/** Cookies know no ports: two desks on one machine must not sign each other's browser out. */
function cookieName(key: Buffer): string {
  return `crossdesk_${createHash("sha256").update("cookie name").update(key).digest("hex").slice(0, 8)}`;
}

function sign(key: Buffer, content: string): string {
  return createHmac("sha256", key).update(content).digest("base64url");
}

/** Whole or not at all, and of two that start at once the first wins. */
function createKey(path: string): void {
  const own = `${path}.${randomBytes(4).toString("hex")}`;
  // Text of as many characters as the key has bytes.
  writeDurably(own, randomBytes(KEY_BYTES / 2).toString("hex"), 0o600);
  try {
    linkSync(own, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(own);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Not what we sign: no session.
  }
}
