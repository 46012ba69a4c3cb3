import type { VenueError } from "../exchange.ts";
import { listOf, recordOf } from "../fields.ts";

/** Texts, one on a socket and a list over REST. */
export function errorsOf(answer: unknown): readonly VenueError[] {
  const { error } = recordOf(answer);
  const texts =
    typeof error === "string" ? [error] : listOf(error).filter((text) => typeof text === "string");
  return texts.map((text) => ({ code: text, text }));
}
