import { resolve } from "node:path";
import type { Command } from "commander";
import { UserError } from "../../contract/errors.ts";
import { JournalError } from "../../engine/journal/journalError.ts";
import { readManifest } from "../../engine/journal/manifest.ts";
import { verifyJournal, type JournalVerdict } from "../../engine/journal/verify.ts";
import { createOutput, withJson } from "../output.ts";
import { startProgress } from "../progress.ts";

interface VerifyOptions {
  readonly journal: string;
  readonly json?: boolean;
}

export function registerJournal(program: Command): void {
  const group = program.command("journal").description("what a run wrote down: every event and every effect");
  const verify = group
    .command("verify")
    .description("reads a whole journal and names the first record that is missing or altered")
    .requiredOption("--journal <dir>", "directory of the journal");
  withJson(verify).action(async (options: VerifyOptions) => {
    const output = createOutput(options);
    const verdict = await verifyWithProgress(resolve(options.journal));
    output.result(verdict);
    if (!verdict.ok) throw new UserError(`${verdict.code}: ${verdict.text}`);
    const { events, effects, segments, snapshots, firstSeq } = verdict;
    output.line(
      `whole      ${events} events, ${effects} effects, ${snapshots} snapshots in ${segments} segments`,
    );
    if (firstSeq > 1)
      output.line(`begins     at event ${firstSeq}: what was before has been recorded and pruned`);
    output.line(
      verdict.ended ? `ended      run ${verdict.runId}` : `not ended  run ${verdict.runId} goes on or died`,
    );
  });
}

async function verifyWithProgress(directory: string): Promise<JournalVerdict> {
  const progress = startProgress({ label: "events", total: readTotal(directory) });
  try {
    return await verifyJournal(directory, progress.update);
  } finally {
    progress.stop();
  }
}

/** How many events there should be, for the bar alone: what is wrong with a manifest, the verdict says. */
function readTotal(directory: string): number | undefined {
  try {
    return readManifest(directory).end?.events;
  } catch (error) {
    if (error instanceof JournalError && error.code === "BAD_MANIFEST") return undefined;
    throw error;
  }
}
