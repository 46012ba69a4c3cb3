/** An error in one line of a log, without what a message may quote of a request: keys and signatures stand in URLs. */

const SECRETS =
  /\b((?:api[-_]?)?(?:sign(?:ature)?|key)|token|passphrase|listenKey)(["']?\s*[=:]\s*["']?)[^&\s"',}]+/gi;

const LENGTH_MAX = 300;

export function describeError(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replaceAll(SECRETS, "$1$2…").slice(0, LENGTH_MAX);
}
