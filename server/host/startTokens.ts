/**
 * One-time tokens that let a browser in: printed by the start and by `status --url`, taken by the first
 * browser that shows them. The file holds hashes alone, and nothing older than ten minutes counts.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { createToken } from "./addressFile.ts";
import { writeDurably } from "./durableFile.ts";
import { withFileLock } from "./fileLock.ts";

const VALID_MS = 600_000;
/** Printed and never used; more is somebody who asks in a loop. */
const TOKENS_MAX = 20;

const Tokens = z.array(z.strictObject({ sha256: z.string(), issuedAtMs: z.number() }));
type Tokens = z.infer<typeof Tokens>;

export function issueStartToken(home: string, nowMs: number = Date.now()): string {
  const token = createToken();
  update(home, nowMs, (tokens) => [...tokens, { sha256: hash(token), issuedAtMs: nowMs }].slice(-TOKENS_MAX));
  return token;
}

/** True once for each token that was issued within ten minutes. */
export function consumeStartToken(home: string, token: string, nowMs: number = Date.now()): boolean {
  const shown = Buffer.from(hash(token));
  const isShown = ({ sha256 }: Tokens[number]): boolean => {
    const known = Buffer.from(sha256);
    return known.length === shown.length && timingSafeEqual(known, shown);
  };
  // Anyone can ask: a guess costs a look, and neither the lock nor a write.
  if (!read(tokensPath(home)).some(isShown)) return false;
  let found = false;
  update(home, nowMs, (tokens) => {
    found = tokens.some(isShown);
    return tokens.filter((issued) => !isShown(issued));
  });
  return found;
}

function update(home: string, nowMs: number, change: (valid: Tokens) => Tokens): void {
  const path = tokensPath(home);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  withFileLock(`${path}.lock`, () => {
    const valid = read(path).filter(({ issuedAtMs }) => nowMs - issuedAtMs < VALID_MS);
    writeDurably(path, JSON.stringify(change(valid)), 0o600);
  });
}

function tokensPath(home: string): string {
  return join(home, "run", "start-tokens.json");
}

/** A file that is not ours lets nobody in. */
function read(path: string): Tokens {
  try {
    return Tokens.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return [];
  }
}

function hash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
