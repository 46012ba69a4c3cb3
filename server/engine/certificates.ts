/**
 * What `certify` found, in `<home>/certificates.json`: the newest result of each account, place, symbol and ccxt version.
 * A result that failed, or has no end, takes the place of one that had passed.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../contract/errors.ts";
import { writeDurably } from "../host/durableFile.ts";
import { withFileLock } from "../host/fileLock.ts";
import { requiredChecks } from "../venues/ccxt/certify/checkNames.ts";
import { findExchange } from "../venues/ccxt/exchangeId.ts";

const Certificate = z.strictObject({
  account: z.string(),
  venue: z.string(),
  /** Version of ccxt. */
  ccxt: z.string(),
  /** `venue`, `testnet`, or the address of an emulator. */
  at: z.string(),
  symbol: z.string(),
  /** `keyMark` of the key that it was made with. */
  key: z.string(),
  madeAtMs: z.int(),
  passed: z.boolean(),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      outcome: z.enum(["passed", "failed", "skipped"]),
      evidence: z.string(),
    }),
  ),
});
export type Certificate = z.infer<typeof Certificate>;

const CertificatesFile = z.strictObject({ format: z.literal(2), certificates: z.array(Certificate) });

type Place = Pick<Certificate, "account" | "venue" | "ccxt" | "at" | "symbol">;

/** Of a version whose checks were others: it says nothing that counts now. */
const OlderFile = z.object({ format: z.literal(1) });

/**
 * Empty when nothing was ever certified, and where that was by an earlier version. Throws a UserError for a file that
 * cannot be read.
 */
export function readCertificates(home: string): readonly Certificate[] {
  const file = readFile(home);
  return file?.format === 2 ? file.certificates : [];
}

/** What to tell a person of a file of an earlier version; undefined where there is none. Throws as the above does. */
export function olderCertificates(home: string): string | undefined {
  if (readFile(home)?.format !== 1) return undefined;
  return `${pathOf(home)} is of an earlier version, with other checks: what it holds counts no more and is replaced`;
}

/** Durable when it returns. */
export function storeCertificate(home: string, certificate: Certificate): void {
  const path = pathOf(home);
  withFileLock(`${path}.lock`, () => {
    const others = readCertificates(home).filter((one) => !isSamePlace(one, certificate));
    const file = CertificatesFile.parse({ format: 2, certificates: [...others, certificate] });
    writeDurably(path, `${JSON.stringify(file, undefined, 2)}\n`, 0o600);
  });
}

/** Each check that this code has was made there with this key, and passed; what was skipped was not made. */
export function isCertified(certificate: Certificate, at: Place & Pick<Certificate, "key">): boolean {
  const { passed, key, account, venue, checks } = certificate;
  if (!passed || key !== at.key || !isSamePlace(certificate, at)) return false;
  if (checks.some(({ outcome }) => outcome === "failed")) return false;
  const made = new Set(checks.filter(({ outcome }) => outcome === "passed").map(({ name }) => name));
  return requiredChecks(findExchange(account, venue)).every((name) => made.has(name));
}

/** Tells one key from another, and nothing of either. */
export function keyMark({ apiKey }: { readonly apiKey: string }): string {
  return createHash("sha256").update(`crossdesk ${apiKey}`).digest("hex").slice(0, 16);
}

function isSamePlace(one: Place, other: Place): boolean {
  return (["account", "venue", "ccxt", "at", "symbol"] as const).every(
    (field) => one[field] === other[field],
  );
}

function readFile(home: string): z.infer<typeof CertificatesFile | typeof OlderFile> | undefined {
  const path = pathOf(home);
  if (!existsSync(path)) return undefined;
  try {
    return z.union([CertificatesFile, OlderFile]).parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new UserError(`${path} holds no certificates: delete it, and certify again`, { cause });
  }
}

function pathOf(home: string): string {
  return join(home, "certificates.json");
}
