import type { Command } from "commander";
import type { Profile } from "../../contract/deskFile.ts";
import { createLog } from "../../host/log.ts";
import { loneDesk, startLoneLab } from "../../lab/service/alone.ts";
import type { LoneLab } from "../../lab/service/alone.ts";
import { parsePort, parseSeed } from "../backtestFlags.ts";
import { targetHome, withProfile } from "../deskTarget.ts";
import { UsageError } from "../errors.ts";

interface LabFlags {
  readonly profile?: Profile;
  readonly port?: number;
  readonly seed?: number;
}

const DEFAULT_SEED = 1;

export function registerLab(program: Command): void {
  const command = program
    .command("lab")
    .description("the simulated venues of a desk alone; whoever speaks their protocol can trade there")
    .option("--port <n>", "no desk's, but the demo's venues on this port and those behind it", parsePort)
    .option("--seed <n>", `with --port: of the simulated market (default: ${DEFAULT_SEED})`, parseSeed);
  withProfile(command).action(async ({ profile, port, seed }: LabFlags) => {
    if (port !== undefined) {
      if (profile !== undefined)
        throw new UsageError("--port starts venues of no desk: leave --profile away");
      return serveAlone(port, seed ?? DEFAULT_SEED);
    }
    if (seed !== undefined) throw new UsageError("--seed goes with --port");
    process.argv = [...process.argv.slice(0, 2), "--home", targetHome(profile)];
    await import("../../lab/service/main.ts");
  });
}

async function serveAlone(port: number, seed: number): Promise<void> {
  const lab = await startLoneLab(
    loneDesk(seed),
    createLog("lab", () => undefined),
    { firstPort: port },
  );
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
  });
  process.stdout.write(
    `${describe(lab)}\nCtrl-C stops it and forgets its accounts; docs/lab.md says how to trade there\n`,
  );
  await stopped;
  await lab.stop();
}

/** The keys are worth nothing anywhere else, and gone when the lab is. */
function describe({ venues }: LoneLab): string {
  return venues
    .flatMap(({ venue, origin, keys }) => [
      `${venue}  ${origin}`,
      ...keys.map(
        ({ account, holder, apiKey, secret, passphrase }) =>
          `  ${account} (${holder})  key ${apiKey}  secret ${secret}  passphrase ${passphrase}`,
      ),
    ])
    .join("\n");
}
