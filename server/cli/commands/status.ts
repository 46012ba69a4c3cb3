import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Profile } from "../../contract/deskFile.ts";
import { UserError } from "../../contract/errors.ts";
import type { DeskView } from "../../contract/views.ts";
import { issueStartToken } from "../../host/startTokens.ts";
import { connectLink, untilConnected } from "../../link/client.ts";
import { readLatch } from "../../link/latch.ts";
import { describeScope } from "../../core/risk/tradingState.ts";
import { askSupervisor, type SupervisorStatus } from "../../supervisor/control.ts";
import { targetHome, withProfile } from "../deskTarget.ts";
import { createOutput, withJson } from "../output.ts";

const LINK_WAIT_MS = 1_500;

interface StatusFlags {
  readonly profile?: Profile;
  readonly url?: boolean;
  readonly json?: boolean;
}

export function registerStatus(program: Command): void {
  const command = program
    .command("status")
    .description("what runs, what is stopped, and how far the database is behind")
    .option("--url", "print a fresh one-time address for a browser, and nothing else");
  withJson(withProfile(command)).action(async (flags: StatusFlags) => {
    const output = createOutput(flags);
    const home = targetHome(flags.profile);
    const supervisor = await askSupervisor(home, "status");
    if (flags.url === true) {
      if (supervisor?.url === undefined) throw new UserError("no desk is running: npm start starts one");
      const url = `${supervisor.url}/start?token=${issueStartToken(home)}`;
      output.result({ url });
      if (flags.json !== true) output.line(url);
      return;
    }
    const desk = await readDesk(home);
    const { entries, problem } = readLatch(home);
    const recorder = readRecorder(home);
    for (const line of describe(supervisor, desk)) output.line(line);
    for (const { scope, state, actor, reason, atMs } of entries)
      output.line(
        `latched   ${describeScope(scope)} ${state} by ${actor}, ${new Date(atMs).toISOString()}: ${reason}`,
      );
    if (problem !== undefined) output.line(`latched   ${problem}`);
    output.line(recorder === undefined ? "recorder  has written nothing yet" : `recorder  ${recorder.text}`);
    output.result({ home, supervisor, desk, latch: entries, recorder: recorder?.raw });
  });
}

async function readDesk(home: string): Promise<DeskView | undefined> {
  const link = connectLink({ home, client: "status" });
  try {
    return (await untilConnected(link, LINK_WAIT_MS)) ? await link.ask({ ask: "desk" }) : undefined;
  } finally {
    link.close();
  }
}

function describe(supervisor: SupervisorStatus | undefined, desk: DeskView | undefined): string[] {
  const lines: string[] = [];
  if (supervisor === undefined) lines.push("desk      is not running: npm start starts it");
  else {
    lines.push(`desk      ${supervisor.phase}, pid ${supervisor.pid}, ${supervisor.url ?? "no pages yet"}`);
    for (const { name, pid, restarts, trouble } of supervisor.processes) {
      const again = restarts === 0 ? "" : `, started again ${restarts} times`;
      lines.push(`${name.padEnd(9)} ${trouble ?? (pid === undefined ? "is there" : `pid ${pid}`)}${again}`);
    }
  }
  if (desk === undefined) return [...lines, "engine    does not answer"];
  lines.push(`engine    ${desk.state}, parameters v${desk.paramVersion}`);
  if (desk.observeOnly !== undefined) lines.push(`engine    OBSERVE-ONLY: ${desk.observeOnly}`);
  for (const { account, status, state, halted, brokenBy } of desk.accounts) {
    const why = halted ?? brokenBy;
    lines.push(`venue     ${account} ${status}, ${state}${why === undefined ? "" : `: ${why}`}`);
  }
  return lines;
}

function readRecorder(home: string): { readonly text: string; readonly raw: unknown } | undefined {
  const path = join(home, "recorder.json");
  if (!existsSync(path)) return undefined;
  const raw = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>>;
  const text = `run ${String(raw["epoch"])}, event ${String(raw["seq"])}, ${String(raw["lagEvents"])} behind, database ${String(raw["database"])}`;
  return { text, raw };
}
