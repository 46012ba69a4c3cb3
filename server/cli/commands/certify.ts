import { InvalidArgumentError, Option, type Command } from "commander";
import type { DeskFile } from "../../contract/deskFile.ts";
import { UserError } from "../../contract/errors.ts";
import { LoopbackUrl } from "../../contract/venuesFile.ts";
import { keyMark, olderCertificates, storeCertificate, type Certificate } from "../../engine/certificates.ts";
import { originOf, uncertifiedSymbols } from "../../engine/realVenue.ts";
import { lockTrial } from "../../engine/trialLock.ts";
import { createClock } from "../../host/clock.ts";
import { deskHome, ensureHome, hasDesk, readDeskFile } from "../../host/deskHome.ts";
import { readKey } from "../../host/keyVault.ts";
import { createLog } from "../../host/log.ts";
import { accountOf } from "../../supervisor/realDesk.ts";
import { certify } from "../../venues/ccxt/certify/certify.ts";
import type { CheckResult } from "../../venues/ccxt/certify/check.ts";
import { EXCHANGE_IDS, type ExchangeId, type VenueAccess } from "../../venues/ccxt/ports.ts";
import { readDefinitions } from "../../venues/ccxt/record/liveMarket.ts";
import { ccxtVersion } from "../../venues/ccxt/version.ts";
import { UsageError } from "../errors.ts";
import { createOutput, withJson, type Output } from "../output.ts";
import { withTidyEnd } from "../tidyEnd.ts";

interface CertifyFlags {
  readonly venue: ExchangeId;
  readonly account?: string;
  readonly symbol?: string;
  readonly testnet?: true;
  readonly origin?: string;
  readonly withFill?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

const SYMBOLS: { readonly [E in ExchangeId]: string } = {
  binance: "BTC/USDT",
  okx: "BTC/USDT",
  kraken: "BTC/USD",
};

/** ccxt knows none of Kraken's spot market, and there is none. */
const TESTNETS: readonly ExchangeId[] = ["binance", "okx"];

const MARKS = { passed: "ok", failed: "FAILED", skipped: "skipped" } as const;

export function registerCertify(program: Command): void {
  const command = program
    .command("certify")
    .description("the venue suite at the smallest size on a real account; real trading wants it passed there")
    .addOption(new Option("--venue <name>", "which venue").choices(EXCHANGE_IDS).makeOptionMandatory())
    .option(
      "--account <name>",
      "which account of the live desk, whose key is used (default: named as the venue)",
    )
    .option("--symbol <symbol>", "on what (default: BTC/USDT, at Kraken BTC/USD)")
    .option("--testnet", "the venue's test network, with a key of its own: no certificate for the real one")
    .option(
      "--with-fill",
      "trade the smallest size three times each way, at most five times, too: costs fees and spread, which are said first",
    )
    .option("--origin <url>", "an emulator on this machine in place of the venue", parseOrigin)
    .option("--verbose", "show the adapter's own log");
  withJson(command).action(async (flags: CertifyFlags) => {
    const output = createOutput(flags);
    const onEnding = (): void =>
      void process.stderr.write("ending: what rests is cancelled first (once more: it is left there)\n");
    await withTidyEnd(async (signal) => {
      const certificate = await certifyAccount(flags, output, signal);
      output.result(certificate);
      const failed = certificate.checks.find(({ outcome }) => outcome === "failed");
      if (failed !== undefined)
        throw new UserError(`${flags.venue} is not certified: ${failed.name}: ${failed.evidence}`);
      if (signal.aborted) throw new UserError(`${flags.venue} is not certified: it was ended before its end`);
    }, onEnding);
  });
}

/**
 * The result is stored, be it good or bad; from the start on that of before counts no more, however this one ends.
 * Throws a UserError when it could not even begin.
 */
async function certifyAccount(
  flags: CertifyFlags,
  output: Output,
  signal: AbortSignal,
): Promise<Certificate> {
  const { venue, account = venue, testnet } = flags;
  if (testnet && !TESTNETS.includes(venue)) throw new UsageError(`${venue} has no test network`);
  if (testnet && flags.origin !== undefined)
    throw new UsageError("--testnet and --origin exclude each other");
  const home = deskHome("live");
  const desk = hasDesk(home) ? readDeskFile(home) : undefined;
  checkVenue(flags, account, desk);
  const origin = testnet ? undefined : (flags.origin ?? (desk && originOf(desk, account)));
  const credentials = readKey(home, { account, holder: "desk" });
  if (credentials === undefined)
    throw new UserError(`there is no key of ${account}: npm run desk -- keys set ${account} --profile live`);
  const clock = createClock();
  const nowUs = (): number => clock.nowUs();
  const access: VenueAccess = { exchange: venue, origin, credentials, testnet };
  const symbol = flags.symbol ?? symbolOf(desk, account) ?? SYMBOLS[venue];
  const [definition] = await readDefinitions({ ...access, credentials: undefined }, [symbol], nowUs);
  if (definition === undefined) throw new Error("invariant: a symbol without a definition");
  if (signal.aborted) throw new UserError("ended before anything was sent: what was certified still is");
  const terms = accountOf({ account, venue, fees: "entry" });
  const where = origin ?? (testnet ? `the test network of ${venue}` : venue);
  output.line(`${account} at ${where}, ${symbol}, ccxt ${ccxtVersion()}; orders of the smallest size`);

  const began: Certificate = {
    account,
    venue,
    ccxt: ccxtVersion(),
    at: origin ?? (testnet ? "testnet" : "venue"),
    symbol,
    key: keyMark(credentials),
    madeAtMs: Date.now(),
    passed: false,
    checks: [],
  };
  ensureHome(home);
  const unlock = lockTrial(home, account);
  const adapterLog = createLog("certify", flags.verbose === true ? undefined : () => undefined);
  let onRejection = (_: unknown): void => undefined;
  try {
    const older = olderCertificates(home);
    if (older !== undefined) output.line(older);
    storeCertificate(home, began);
    const { passed, checks } = await certify({
      access,
      terms,
      definition,
      nowUs,
      monotonicMs: () => performance.now(),
      log: (level, text, fields) => adapterLog[level](text, fields),
      withFill: flags.withFill === true,
      signal,
      onStart: (name) => void process.stderr.write(`…        ${name}\n`),
      onCost: (text) => output.line(`--with-fill may cost up to ${text}`),
      onCheck: (result) => output.line(lineOf(result)),
      onTrial: (trial) => {
        // ccxt drops promises of its sockets: one of them must not end this half-way.
        onRejection = (error) => trial.failed(error);
        process.on("unhandledRejection", onRejection);
      },
    });
    const certificate = { ...began, madeAtMs: Date.now(), passed, checks: [...checks] };
    storeCertificate(home, certificate);
    output.line(verdictOf(certificate, flags));
    const open = desk === undefined || !passed ? [] : uncertifiedSymbols(home, desk, certificate);
    if (open.length > 0)
      output.line(`the live desk quotes there, too: ${open.map((one) => `--symbol ${one}`).join(", ")}`);
    return certificate;
  } finally {
    process.off("unhandledRejection", onRejection);
    unlock();
  }
}

/** A key goes to no other venue than its own. Throws a UserError where the desk says otherwise. */
function checkVenue(
  { venue, testnet, origin }: CertifyFlags,
  account: string,
  desk: DeskFile | undefined,
): void {
  // Before there is a desk, an account is known by its name alone.
  const known =
    desk === undefined
      ? EXCHANGE_IDS.find((id) => id === account)
      : desk.config.accounts.find((one) => one.account === account)?.venue;
  if (known !== undefined && known !== venue)
    throw new UserError(`${account} is an account at ${known}: its key is not for ${venue}`);
  // The desk lists none of a test network, or of an emulator that is named here.
  if (desk !== undefined && known === undefined && !testnet && origin === undefined)
    throw new UserError(`the live desk has no account ${account}`);
}

function lineOf({ name, outcome, evidence }: CheckResult): string {
  return `${MARKS[outcome].padEnd(8)} ${name}: ${evidence}`;
}

function verdictOf({ passed, checks, at }: Certificate, { venue, withFill }: CertifyFlags): string {
  if (checks.some(({ outcome }) => outcome === "failed"))
    return `not certified: mend what failed, and call it again`;
  if (!passed && withFill !== true)
    return "all of these passed; it is a certificate once --with-fill passes, too";
  if (!passed) return "ended before its end: no certificate";
  return at === "venue"
    ? `certified: ${venue} with this key, symbol and ccxt version`
    : `certified at ${at}, and nowhere else`;
}

function symbolOf(desk: DeskFile | undefined, account: string): string | undefined {
  return desk?.real?.accounts.find((one) => one.account === account)?.symbols[0];
}

function parseOrigin(text: string): string {
  const parsed = LoopbackUrl.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? "");
}
