/**
 * A line of the log that says how often it would have been said: a venue that changes its frames sends thousands a
 * second.
 */

const APART_US = 10_000_000;

interface RareLogOptions {
  readonly nowUs: () => number;
  readonly log: (fields: { readonly text: string; readonly unsaid: number }) => void;
}

/** The first is said at once; of those within 10 s of the last only their number, with the next. */
export function createRareLog({ nowUs, log }: RareLogOptions): (text: string) => void {
  let saidAtUs = -Infinity;
  let unsaid = 0;
  return (text) => {
    if (nowUs() - saidAtUs < APART_US) return void unsaid++;
    log({ text, unsaid });
    saidAtUs = nowUs();
    unsaid = 0;
  };
}
