import { basename } from "node:path";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Option, type Command } from "commander";
import type { Profile } from "../../contract/deskFile.ts";
import { UserError } from "../../contract/errors.ts";
import { accessOf } from "../../engine/deskVenue.ts";
import { createClock } from "../../host/clock.ts";
import { ensureHome, hasDesk, readDeskFile } from "../../host/deskHome.ts";
import { ApiKey, listKeys, readKey, removeKey, storeKey, type KeyHolder } from "../../host/keyVault.ts";
import { askKeyRights } from "../../venues/ccxt/askKeyRights.ts";
import { findExchange } from "../../venues/ccxt/exchangeId.ts";
import type { KeyRights } from "../../venues/ccxt/exchanges/keyRights.ts";
import { refusalOf } from "../../venues/ccxt/gateway/keyGuard.ts";
import type { VenueAccess } from "../../venues/ccxt/ports.ts";
import { targetHome, withProfile } from "../deskTarget.ts";
import { createOutput, withJson } from "../output.ts";

interface KeyFlags {
  readonly profile?: Profile;
  readonly holder: KeyHolder;
  readonly json?: boolean;
}

/** Keys come from a prompt or a pipe, never from arguments: those stay in the shell's history. */
export function registerKeys(program: Command): void {
  const keys = program.command("keys").description("API keys of venue accounts, encrypted on this machine");
  const holder = (): Option =>
    new Option("--holder <who>", "whose key: the desk's own, or the guard's")
      .choices(["desk", "guard"])
      .default("desk");
  withProfile(
    keys
      .command("set")
      .argument("<account>", "the venue account, as the desk names it")
      .description("stores a key; asks for it, or reads three lines: key, secret, passphrase (may be empty)")
      .addOption(holder()),
  ).action(async (account: string, flags: KeyFlags) => {
    const home = targetHome(flags.profile);
    const key = await askForKey();
    ensureHome(home);
    storeKey(home, { account, holder: flags.holder }, key, Date.now());
    createOutput(flags).line(`stored; the desk uses it from its next start on`);
  });
  withJson(
    withProfile(keys.command("list").description("which keys are there; of each the last characters")),
  ).action((flags: KeyFlags) => {
    const output = createOutput(flags);
    const home = targetHome(flags.profile);
    const found = listKeys(home);
    if (found.length === 0)
      output.line(`the ${basename(home)} desk has no key: ${callOf("set ACCOUNT", flags)}`);
    for (const { account, holder: whose, ending, storedAtMs } of found)
      output.line(`${account}  ${whose}  …${ending}  stored ${new Date(storedAtMs).toISOString()}`);
    output.result({ keys: found });
  });
  withJson(
    withProfile(
      keys
        .command("check")
        .argument("<account>", "the venue account, as the desk names it")
        .description("asks the venue what the desk's key may do; one that may withdraw is refused"),
    ),
  ).action(async (account: string, flags: KeyFlags) => {
    const output = createOutput(flags);
    const access = accessFor(targetHome(flags.profile), account, flags);
    const { mayTrade, mayWithdraw } = await rightsOf(access, account);
    output.result({ account, mayTrade, mayWithdraw });
    if (mayWithdraw) throw new UserError(refusalOf(account, access.exchange));
    if (!mayTrade)
      throw new UserError(`the key of ${account} may not trade: give it that right at its venue`);
    output.line(`the key of ${account} may trade, and not withdraw`);
  });
  withProfile(
    keys
      .command("remove")
      .argument("<account>", "the venue account, as the desk names it")
      .description("forgets a key; revoke it at the venue too")
      .addOption(holder()),
  ).action((account: string, flags: KeyFlags) => {
    const home = targetHome(flags.profile);
    if (!removeKey(home, { account, holder: flags.holder }))
      throw new UserError(
        `the ${basename(home)} desk has no key of ${account} (${flags.holder}): ${callOf("list", flags)} shows those there are`,
      );
    createOutput(flags).line("removed");
  });
}

/** Throws a UserError where the venue refuses the key, or does not answer. */
async function rightsOf(access: VenueAccess, account: string): Promise<KeyRights> {
  const clock = createClock();
  try {
    return await askKeyRights(access, () => clock.nowUs());
  } catch (cause) {
    // What went wrong may quote the request, and with it the key.
    const why = cause instanceof Error ? cause.name : "no answer";
    throw new UserError(
      `${access.exchange} does not say what the key of ${account} may do (${why}): check the key, and that the venue is reached`,
      { cause },
    );
  }
}

/** As its desk reaches it; before there is a desk, an account is at the venue that it is named after. */
function accessFor(home: string, account: string, flags: KeyFlags): VenueAccess {
  if (hasDesk(home)) {
    const desk = readDeskFile(home);
    const index = desk.config.accounts.findIndex((terms) => terms.account === account);
    if (index >= 0 && desk.venues !== undefined && desk.venues !== "lab") return accessOf(home, desk, index);
  }
  const credentials = readKey(home, { account, holder: "desk" });
  if (credentials === undefined)
    throw new UserError(
      `the ${basename(home)} desk has no key of ${account}: ${callOf(`set ${account}`, flags)}`,
    );
  return { exchange: findExchange(account, account), credentials };
}

/** What a person calls next. Without a profile live is meant: the others get theirs by themselves, or need none. */
function callOf(what: string, { profile = "live" }: KeyFlags): string {
  return `npm run desk -- keys ${what} --profile ${profile}`;
}

async function askForKey(): Promise<ApiKey> {
  const [apiKey = "", secret = "", passphrase = ""] = await readLines([
    "API key",
    "secret",
    "passphrase (empty where the venue has none)",
  ]);
  const parsed = ApiKey.safeParse({ apiKey, secret, ...(passphrase === "" ? {} : { passphrase }) });
  if (!parsed.success) throw new UserError("a key has at least an API key and a secret: nothing was stored");
  return parsed.data;
}

/** What is typed at a prompt is not shown. */
async function readLines(prompts: readonly string[]): Promise<string[]> {
  const isPerson = process.stdin.isTTY;
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: mute, terminal: isPerson });
  const answers: string[] = [];
  try {
    const typed = lines[Symbol.asyncIterator]();
    for (const prompt of prompts) {
      if (isPerson) process.stderr.write(`${prompt}: `);
      const { value, done } = await typed.next();
      if (isPerson) process.stderr.write("\n");
      if (done === true) break;
      answers.push(value.trim());
    }
    return answers;
  } finally {
    lines.close();
  }
}
