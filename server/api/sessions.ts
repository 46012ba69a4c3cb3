/**
 * Sessions: who is at the other end of a browser. Each has two secrets: a cookie that no script can read, and a
 * key that the page keeps in its origin's storage and sends in a header. The desk's home has their hashes alone;
 * a restart signs nobody out.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { SESSION_KEY_HEADER } from "../contract/session.ts";
import { createToken } from "../host/addressFile.ts";
import { writeDurably } from "../host/durableFile.ts";

/** From the sign-in, whatever is done in between: a key that was lost is worth nothing tomorrow. */
export const SESSION_LASTS_MS = 12 * 3_600_000;

/** Browsers and tools of one desk; whoever signs in beyond that ends the oldest. */
const SESSIONS_MAX = 64;

const Kept = z.strictObject({
  cookieSha256: z.string(),
  keySha256: z.string(),
  actor: z.string().min(1).max(64),
  startedAtMs: z.number(),
});
type Kept = z.infer<typeof Kept>;

export interface Session {
  readonly actor: string;
  readonly endsAtMs: number;
  /** Signed out or too old: what was opened with it ends, too. */
  readonly isOver: () => boolean;
  /** Over when it returns or throws; it throws when a restart would open it again. */
  readonly end: () => void;
}

/** What a request shows of a session. */
export type Shown =
  | { readonly status: "open"; readonly session: Session }
  /** A cookie without the key that belongs to it: a page of another port, or one that has lost its storage. */
  | { readonly status: "keyless" }
  | { readonly status: "none" };

export class Sessions {
  readonly #path: string;
  readonly #cookieName: string;
  readonly #nowMs: () => number;
  /** Oldest first. */
  #kept: readonly Kept[];

  constructor(home: string, nowMs: () => number) {
    this.#path = join(home, "sessions.json");
    // Cookies know no ports: two desks on one machine must not sign each other's browser out.
    this.#cookieName = `crossdesk_${sha256(resolve(home)).slice(0, 8)}`;
    this.#nowMs = nowMs;
    this.#kept = read(this.#path);
  }

  /** Throws when it cannot be written down. `setCookie` is the value of Set-Cookie. The desk is served over plain HTTP on the loopback address: no Secure. */
  start(actor: string): { readonly setCookie: string; readonly key: string } {
    const [cookie, key] = [createToken(), createToken()];
    const startedAtMs = this.#nowMs();
    const session = { cookieSha256: sha256(cookie), keySha256: sha256(key), actor, startedAtMs };
    const sessions = [...this.#kept.filter((kept) => !this.#isTooOld(kept)), session].slice(-SESSIONS_MAX);
    this.#write(sessions);
    this.#kept = sessions;
    const setCookie = `${this.#cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_LASTS_MS / 1_000}`;
    return { setCookie, key };
  }

  find(headers: Headers): Shown {
    const kept = this.#ofCookie(headers);
    if (kept === undefined) return { status: "none" };
    const key = headers.get(SESSION_KEY_HEADER);
    if (key === null || !isSameHash(sha256(key), kept.keySha256)) return { status: "keyless" };
    const session: Session = {
      actor: kept.actor,
      endsAtMs: kept.startedAtMs + SESSION_LASTS_MS,
      isOver: () => !this.#kept.includes(kept) || this.#isTooOld(kept),
      end: () => {
        // First: a disk that refuses the change must leave nobody signed in who wanted to be out.
        this.#kept = this.#kept.filter((other) => other !== kept);
        this.#write(this.#kept);
      },
    };
    return { status: "open", session };
  }

  #ofCookie(headers: Headers): Kept | undefined {
    const name = `${this.#cookieName}=`;
    const cookies = (headers.get("cookie") ?? "").split(/;\s*/);
    const cookie = cookies.find((one) => one.startsWith(name))?.slice(name.length);
    if (cookie === undefined) return undefined;
    const hash = sha256(cookie);
    const kept = this.#kept.find(({ cookieSha256 }) => isSameHash(hash, cookieSha256));
    return kept === undefined || this.#isTooOld(kept) ? undefined : kept;
  }

  #isTooOld({ startedAtMs }: Kept): boolean {
    return this.#nowMs() - startedAtMs >= SESSION_LASTS_MS;
  }

  #write(sessions: readonly Kept[]): void {
    writeDurably(this.#path, JSON.stringify(sessions), 0o600);
  }
}

/** A file that is not ours lets nobody in: every browser signs in anew. */
function read(path: string): readonly Kept[] {
  try {
    return z.array(Kept).parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return [];
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** In a time that says nothing about where they differ. */
function isSameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
