"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import type { PanelState } from "../ui/panelState.ts";
import { errorCode } from "./api.tsx";

const TODO: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: "Open the link that `npm run desk -- status --url` prints.",
  FOREIGN_ORIGIN: "Open the desk under the address that `npm run desk -- status --url` prints.",
  ENGINE_UNREACHABLE: "The supervisor restarts the engine; this fills by itself when it is back.",
  NO_ANSWER: "It may have been done: look at the desk before you repeat it.",
  DATABASE_DOWN: "The recorder keeps its place and catches up; live values are not affected.",
};

/** What to do about an error of the API, in one sentence. */
export function errorTodo(error: unknown): string {
  const code = errorCode(error);
  if (code === undefined) return "Look whether the desk still runs: `npm run desk -- status`.";
  return TODO[code] ?? "Try again; the log of the desk has the details.";
}

export function errorText(error: unknown): string {
  if (errorCode(error) === undefined) return "The web server does not answer.";
  return error instanceof Error ? error.message : String(error);
}

const SAYS_ALL: ReadonlySet<string> = new Set(["REFUSED", "VERSION_CONFLICT", "BAD_INPUT", "NOT_WRITTEN"]);

/** What the engine or the server said to a command; what to do where that is not said already. */
export function refusalText(error: unknown): string {
  const code = errorCode(error);
  return code !== undefined && SAYS_ALL.has(code)
    ? errorText(error)
    : `${errorText(error)} ${errorTodo(error)}`;
}

interface QueryStateOptions<T> {
  readonly isEmpty?: (value: T) => boolean;
  /** What will appear here and when. */
  readonly emptyText?: string;
}

/** State of a panel whose content is the answer to one query. Values stay, greyed, when a refresh fails. */
export function queryState<T>(
  query: UseQueryResult<T, unknown>,
  options: QueryStateOptions<T> = {},
): PanelState {
  if (query.data !== undefined) {
    if (query.error !== null)
      return { status: "stale", sinceMs: query.dataUpdatedAt, why: errorText(query.error) };
    if (options.isEmpty?.(query.data) === true)
      return { status: "empty", text: options.emptyText ?? "Nothing here yet." };
    return { status: "live", atMs: query.dataUpdatedAt };
  }
  if (query.error === null) return { status: "loading" };
  if (errorCode(query.error) === "UNAUTHENTICATED")
    return { status: "denied", who: `This page has no session. ${errorTodo(query.error)}` };
  return {
    status: "error",
    what: errorText(query.error),
    sinceMs: query.errorUpdatedAt,
    todo: errorTodo(query.error),
    retry: () => void query.refetch(),
  };
}
