/** What a client addressed: its path as the venue has it, and its query. */

export interface Target {
  readonly path: string;
  /** Behind the question mark, as it was sent. */
  readonly query: string;
}

/**
 * A leading segment with a dot in it names the venue's own host, and goes: one port can stand in for all hosts of a
 * venue. Undefined for what is no path.
 */
export function parseTarget(url: string | undefined): Target | undefined {
  if (url === undefined || !url.startsWith("/")) return undefined;
  const mark = url.indexOf("?");
  const full = mark === -1 ? url : url.slice(0, mark);
  const query = mark === -1 ? "" : url.slice(mark + 1);
  const [, first = ""] = full.split("/", 2);
  const path = first.includes(".") ? full.slice(first.length + 1) : full;
  return { path: path === "" ? "/" : path, query };
}
