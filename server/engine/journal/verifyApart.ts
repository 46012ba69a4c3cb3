/**
 * LMDB trusts the pages that it maps: a damaged one can end the process that reads it. So a journal
 * of doubtful health is verified in a process of its own, and its death is a verdict too.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { JournalVerdict } from "./verify.ts";
import type { VerifyMessage } from "./verifyProcess.ts";

/** Like `verifyJournal`, for a journal that is there. */
export async function verifyApart(
  directory: string,
  onProgress: (events: number) => void,
): Promise<JournalVerdict> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const program = fileURLToPath(new URL("./verifyProcess.ts", import.meta.url));
  const child = fork(program, [directory], { execArgv: ["--import", loader] });
  let verdict: JournalVerdict | undefined;
  let eventsRead = 0;
  child.on("message", (message: VerifyMessage) => {
    if ("verdict" in message) verdict = message.verdict;
    else onProgress((eventsRead = message.events));
  });
  // The last message may be read after the exit is known, but not after the channel is closed.
  await Promise.all([once(child, "exit"), once(child, "disconnect")]);
  if (verdict !== undefined) return verdict;
  if (child.signalCode !== null) return describeDeath(child.signalCode, eventsRead);
  throw new Error(`the verifying process ended with exit code ${child.exitCode} and no verdict`);
}

function describeDeath(signal: string, eventsRead: number): JournalVerdict {
  const where = `reading the journal after event ${eventsRead} ended with ${signal}`;
  return {
    ok: false,
    code: "UNREADABLE",
    firstSeq: eventsRead + 1,
    text: `${where}: a page of its database is damaged; restore it from a copy`,
  };
}
