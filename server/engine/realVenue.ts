/** Where a desk's real accounts are reached, and as whom; and the desk's leave to do more there than watch. */
import type { DeskFile } from "../contract/deskFile.ts";
import { UserError } from "../contract/errors.ts";
import type { VenueAccount } from "../contract/instrument.ts";
import { liveRequirementsMissing, type LiveRequirement } from "../contract/liveRequirements.ts";
import { readKey } from "../host/keyVault.ts";
import { findExchange } from "../venues/ccxt/exchangeId.ts";
import type { VenueAccess } from "../venues/ccxt/ports.ts";
import { ccxtVersion } from "../venues/ccxt/version.ts";
import { isCertified, keyMark, readCertificates } from "./certificates.ts";

/** Throws a UserError when the account's venue has no adapter, or there is no key. */
export function realAccess(home: string, desk: DeskFile, index: number): VenueAccess {
  const terms = desk.config.accounts[index];
  if (terms === undefined) throw new Error(`invariant: there is no account ${index}`);
  const { account, venue } = terms;
  const credentials = readKey(home, { account, holder: "desk" });
  if (credentials === undefined)
    throw new UserError(
      `there is no key of ${account}: npm run desk -- keys set ${account} --profile ${desk.profile}`,
    );
  return {
    exchange: findExchange(account, venue),
    origin: originOf(desk, account),
    credentials,
    ...(watchesOnly(home, desk) ? { deadMansSwitch: "off" as const } : {}),
  };
}

/** What of live trading is missing, as the files say now. */
export function missingForLive(home: string, desk: DeskFile): readonly LiveRequirement[] {
  return liveRequirementsMissing({ ...desk.config, certified: certifiedAccounts(home, desk) });
}

export function watchesOnly(home: string, desk: DeskFile): boolean {
  return missingForLive(home, desk).length > 0;
}

/** Undefined: the venue itself. */
export function originOf({ real }: Pick<DeskFile, "real">, account: string): string | undefined {
  return real?.accounts.find((one) => one.account === account)?.baseUrl;
}

/** The accounts of which nothing is left to certify. */
export function certifiedAccounts(home: string, desk: DeskFile): string[] {
  return desk.config.accounts
    .filter((terms) => uncertifiedSymbols(home, desk, terms).length === 0)
    .map(({ account }) => account);
}

/** What an account trades and has not passed the suite in: where it is reached, with its key, with the ccxt that runs now. */
export function uncertifiedSymbols(
  home: string,
  desk: DeskFile,
  { account, venue }: Pick<VenueAccount, "account" | "venue">,
): string[] {
  const symbols = tradedSymbols(desk, account);
  const credentials = readKey(home, { account, holder: "desk" });
  if (credentials === undefined) return symbols;
  const certificates = readCertificates(home);
  const key = keyMark(credentials);
  const at = { account, venue, ccxt: ccxtVersion(), at: originOf(desk, account) ?? "venue", key };
  return symbols.filter((symbol) => !certificates.some((one) => isCertified(one, { ...at, symbol })));
}

/** What the account quotes; of one that quotes nothing, what it watches. */
function tradedSymbols({ config }: Pick<DeskFile, "config">, account: string): string[] {
  const listed = config.instruments.filter((instrument) => instrument.account === account);
  const quoted = listed.filter((instrument) => instrument.quoted);
  return (quoted.length > 0 ? quoted : listed).map(({ symbol }) => symbol);
}
