/** What the processes of a desk have logged and must not: failures that nobody waited for, threads and engines that died. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What no fault of a venue may lead to. */
const NEVER = [
  /unhandled/i,
  /a failure that nobody waited for/,
  /a gateway ended/,
  /the engine failed/,
  /invariant:/,
  /a front-end failed/,
];

/** Of a long list the first ones tell enough. */
const SHOWN_MAX = 10;

export function judgeLogs(home: string, onFinding: (text: string) => void): void {
  const folder = join(home, "log");
  if (!existsSync(folder)) return onFinding(`no logs in ${folder}`);
  const found = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), "utf8")
      .split("\n")
      .filter((line) => NEVER.some((pattern) => pattern.test(line)))
      .map((line) => `${name}: ${line}`),
  );
  for (const line of found.slice(0, SHOWN_MAX)) onFinding(line);
  if (found.length > SHOWN_MAX) onFinding(`${found.length - SHOWN_MAX} more such lines`);
}
