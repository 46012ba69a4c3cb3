/** Error codes in an answer: HTTP says 200, and each order has a code of its own. */
import type { VenueError } from "../exchange.ts";
import { listOf, recordOf, textAt } from "../fields.ts";

/** Those of the orders first. */
export function errorsOf(answer: unknown): readonly VenueError[] {
  const body = recordOf(answer);
  const own = listOf(body["data"])
    .map(recordOf)
    .flatMap((row) => errorOf(textAt(row, "sCode"), textAt(row, "sMsg")));
  return [...own, ...errorOf(textAt(body, "code"), textAt(body, "msg"))];
}

function errorOf(code: string | undefined, text = ""): readonly VenueError[] {
  return code === undefined || code === "0" ? [] : [{ code, text }];
}
