import { resolve } from "node:path";
import type { Command } from "commander";
import { UserError } from "../../contract/errors.ts";
import { readManifest } from "../../engine/journal/manifest.ts";
import { replayJournal, type ReplayResult } from "../../replay/verify.ts";
import { createOutput, withJson, type Output } from "../output.ts";
import { startProgress } from "../progress.ts";

interface ReplayCallOptions {
  readonly journal: string;
  readonly verify?: boolean;
  readonly fromSnapshot?: boolean;
  readonly json?: boolean;
}

export function registerReplay(program: Command): void {
  const command = program
    .command("replay")
    .description("runs the engine again over a journal's events")
    .requiredOption("--journal <dir>", "directory of the journal")
    .option("--verify", "fail unless every effect and the final hash are those of the run")
    .option("--from-snapshot", "start from the newest snapshot and run only what came after it");
  withJson(command).action(async (options: ReplayCallOptions) => {
    const output = createOutput(options);
    const result = await replayWithProgress(options);
    print(result, output);
    output.result(result);
    if (options.verify === true) check(result);
  });
}

async function replayWithProgress(options: ReplayCallOptions): Promise<ReplayResult> {
  const directory = resolve(options.journal);
  const progress = startProgress({ label: "events", total: readManifest(directory).end?.events });
  try {
    return await replayJournal(directory, {
      fromSnapshot: options.fromSnapshot,
      onProgress: progress.update,
    });
  } finally {
    progress.stop();
  }
}

function print(result: ReplayResult, output: Output): void {
  const { runId, events, effects, firstSeq, fromSeq, stateHash, recordedHash, environment } = result;
  output.line(`run        ${runId}`);
  if (firstSeq > 1)
    output.line(`begins     at event ${firstSeq}: what was before has been recorded and pruned`);
  output.line(`replayed   events ${fromSeq + 1} to ${events}, ${effects} effects`);
  output.line(`state hash ${stateHash}`);
  output.line(`journaled  ${recordedHash ?? "none: the run did not end"}`);
  for (const difference of environment) output.line(`differs    ${difference}`);
}

function check({ divergedAt, sameHash, stateHash, recordedHash }: ReplayResult): void {
  if (divergedAt !== undefined) {
    const { seq, journaled, replayed } = divergedAt;
    throw new UserError(
      `the replay parts from the run at event ${seq}: ${journaled.length} effects then, ${replayed.length} now; ` +
        `run it with the code version of the journal, or find what decides differently`,
    );
  }
  if (sameHash === undefined) throw new UserError("the run did not end, so there is no hash to compare with");
  if (!sameHash) throw new UserError(`the replay arrives at ${stateHash}, the run at ${recordedHash ?? ""}`);
}
