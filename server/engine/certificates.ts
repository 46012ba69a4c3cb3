/**
 * What `certify` found, in `<home>/certificates.json`: the newest result of each account, place and ccxt version. A
 * result that failed takes the place of one that had passed.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../contract/errors.ts";
import { writeDurably } from "../host/durableFile.ts";

const Certificate = z.strictObject({
  account: z.string(),
  venue: z.string(),
  /** Version of ccxt. */
  ccxt: z.string(),
  /** `venue`, `testnet`, or the address of an emulator. */
  at: z.string(),
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

const CertificatesFile = z.strictObject({ format: z.literal(1), certificates: z.array(Certificate) });

type Place = Pick<Certificate, "account" | "venue" | "ccxt" | "at">;

/** Empty when nothing was ever certified. Throws a UserError for a file that cannot be read. */
export function readCertificates(home: string): readonly Certificate[] {
  const path = pathOf(home);
  if (!existsSync(path)) return [];
  try {
    return CertificatesFile.parse(JSON.parse(readFileSync(path, "utf8"))).certificates;
  } catch (cause) {
    throw new UserError(`${path} holds no certificates: delete it, and certify again`, { cause });
  }
}

/** Durable when it returns. */
export function storeCertificate(home: string, certificate: Certificate): void {
  const others = readCertificates(home).filter((one) => !isSamePlace(one, certificate));
  const file = CertificatesFile.parse({ format: 1, certificates: [...others, certificate] });
  writeDurably(pathOf(home), `${JSON.stringify(file, undefined, 2)}\n`, 0o600);
}

/** Everything was tried there, and passed; what was skipped for want of a word (`--with-fill`) was not tried. */
export function isCertified(certificate: Certificate, place: Place): boolean {
  return certificate.passed && isSamePlace(certificate, place);
}

function isSamePlace(one: Place, other: Place): boolean {
  return (
    one.account === other.account &&
    one.venue === other.venue &&
    one.ccxt === other.ccxt &&
    one.at === other.at
  );
}

function pathOf(home: string): string {
  return join(home, "certificates.json");
}
