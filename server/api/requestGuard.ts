/**
 * Requests from elsewhere are not ours: a page of another origin, or a name that somebody made point to this
 * machine. Browsers send Sec-Fetch-Site with every request and Origin with those that change something; to
 * SameSite every port of this machine is one site. What is no browser can send what it likes: `sessions.ts`.
 */

/** The web server listens on 127.0.0.1 alone. */
const NAMES = new Set(["127.0.0.1", "localhost"]);

/** What is wrong with where a request comes from, or undefined. A command has to name its page. */
export function foreignness(headers: Headers, isCommand = false): string | undefined {
  const host = headers.get("host");
  if (host === null || !NAMES.has(host.replace(/:\d{1,5}$/, "")))
    return `the desk answers at 127.0.0.1 alone, not at ${host ?? "no name"}`;
  const origin = headers.get("origin");
  if (origin === null && isCommand) return "a command names the page it comes from (Origin)";
  if (origin !== null && origin !== `http://${host}`) return `a page of ${origin} may not do this`;
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none")
    return `a request from another site (${site}) may not do this`;
  return undefined;
}
