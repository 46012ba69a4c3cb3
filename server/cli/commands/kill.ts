import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import type { Command } from "commander";
import type { Profile } from "../../contract/deskFile.ts";
import { UserError } from "../../contract/errors.ts";
import type { StopReceipt } from "../../contract/link.ts";
import { connectLink } from "../../link/client.ts";
import { stopDesk } from "../../link/stop.ts";
import { targetHome, withProfile } from "../deskTarget.ts";
import { createOutput, withJson, type Output } from "../output.ts";

interface KillFlags {
  readonly profile?: Profile;
  readonly reason: string;
  readonly json?: boolean;
}

export function registerKill(program: Command): void {
  const command = program
    .command("kill")
    .description(
      "stops everything: latches the desk, cancels every order, and proves venue by venue that none is left",
    )
    .option("--reason <text>", "why, for the record", "by command line");
  withJson(withProfile(command)).action(async (flags: KillFlags) => {
    const output = createOutput(flags);
    const home = targetHome(flags.profile);
    const link = connectLink({ home, client: "kill" });
    const told = new Set<string>();
    try {
      const receipt = await stopDesk({
        home,
        link,
        nowMs: () => Date.now(),
        scope: { level: "desk" },
        actor: `${userInfo().username} (command line)`,
        reason: flags.reason,
        receiptId: randomUUID(),
        onProgress: (soFar) => tell(soFar, told, output),
      });
      output.result(receipt);
      if (receipt.failure !== undefined) throw new UserError(receipt.failure);
      output.line("stopped and sealed; a person arms it again on its page");
    } finally {
      link.close();
    }
  });
}

/** Each step once, with the time since the request. */
function tell(receipt: StopReceipt, told: Set<string>, output: Output): void {
  const { requestedAtMs } = receipt;
  const say = (what: string, atMs: number | undefined): void => {
    if (atMs === undefined || told.has(what)) return;
    told.add(what);
    output.line(`${String(Math.round(atMs - requestedAtMs)).padStart(6)} ms  ${what}`);
  };
  say(`receipt ${receipt.receiptId}`, requestedAtMs);
  say("latched on disk", receipt.latchedAtMs);
  say("the engine has stopped quoting", receipt.acknowledgedAtMs);
  for (const { account, clearedAtUs, sealedAtUs } of receipt.accounts) {
    if (clearedAtUs !== undefined) say(`${account}: no order left`, Date.now());
    if (sealedAtUs !== undefined) say(`${account}: sealed, nothing on the wire`, Date.now());
  }
}
