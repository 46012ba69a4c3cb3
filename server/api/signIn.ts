/** `/start?token=…`: the one-time address that the terminal printed becomes a session. */
import { consumeStartToken } from "../host/startTokens.ts";
import { foreignness } from "./requestGuard.ts";
import type { Services } from "./services.ts";
import { issueSession, readSession } from "./session.ts";

/** Until people and roles are there, whoever holds the terminal is the operator. */
const ACTOR = "operator";

export function signIn(request: Request, services: Services): Response {
  // A link from the terminal, a mail or a chat comes from no site of ours: only the name must be right.
  const headers = new Headers(request.headers);
  headers.delete("sec-fetch-site");
  const foreign = foreignness(headers);
  if (foreign !== undefined) return page(403, "Not from here", foreign);
  const { home, sessionKey, nowMs } = services;
  const token = new URL(request.url).searchParams.get("token");
  // Whoever only asks for the head (a preview of the link) must not use it up.
  if (token !== null && request.method === "GET" && consumeStartToken(home, token, nowMs()))
    return enter({ "set-cookie": issueSession(sessionKey, { actor: ACTOR, issuedAtMs: nowMs() }) });
  if (readSession(sessionKey, request.headers.get("cookie"), nowMs()) !== undefined) return enter({});
  return page(
    401,
    token === null ? "This browser is not signed in" : "This address has been used, or is too old",
    "An address lets one browser in, once, within ten minutes. This prints a new one:",
    "npm run desk -- status --url",
  );
}

/** The address has a secret in it: it is neither kept nor told to the next page. */
const PRIVATE = { "cache-control": "no-store", "referrer-policy": "no-referrer" };

function enter(headers: Readonly<Record<string, string>>): Response {
  return new Response(null, { status: 303, headers: { ...PRIVATE, ...headers, location: "/" } });
}

function page(status: number, title: string, text: string, command = ""): Response {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Crossdesk</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="/icon.svg">
<style>:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:36rem;margin:12vh auto;padding:0 1rem}
code{display:block;padding:.75rem 1rem;border:1px solid;border-radius:4px;margin-top:1rem}</style></head>
<body><h1>${escape(title)}</h1><p>${escape(text)}</p>${command === "" ? "" : `<code>${escape(command)}</code>`}</body></html>`;
  return new Response(html, { status, headers: { ...PRIVATE, "content-type": "text/html; charset=utf-8" } });
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
