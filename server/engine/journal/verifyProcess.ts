/** The other side of `verifyApart`: verifies the directory it is given and sends the verdict. */
import { verifyJournal } from "./verify.ts";
import type { JournalVerdict } from "./verify.ts";

export type VerifyMessage = { readonly events: number } | { readonly verdict: JournalVerdict };

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error("verifyProcess needs the directory of a journal");

const verdict = await verifyJournal(directory, (events) => send({ events }));
send({ verdict });

function send(message: VerifyMessage): void {
  process.send?.(message);
}
