/** `/start?token=…`: the one-time address that the terminal printed becomes a session. */
import { SESSION_KEY_HEADER, SESSION_KEY_ITEM } from "../contract/session.ts";
import { consumeStartToken } from "../host/startTokens.ts";
import { foreignness } from "./requestGuard.ts";
import type { Services } from "./services.ts";

/** Until people and roles are there, whoever holds the terminal is the operator. */
const ACTOR = "operator";

export function signIn(request: Request, { home, sessions, nowMs, log }: Services): Response {
  // A link from the terminal, a mail or a chat comes from no site of ours: only the name must be right.
  const headers = new Headers(request.headers);
  headers.delete("sec-fetch-site");
  const foreign = foreignness(headers);
  if (foreign !== undefined) return page(403, "Not from here", foreign);
  const token = new URL(request.url).searchParams.get("token");
  // Whoever only asks for the head (a preview of the link) must not use it up.
  try {
    if (token !== null && request.method === "GET" && consumeStartToken(home, token, nowMs())) {
      const { setCookie, key } = sessions.start(ACTOR);
      return entrance(setCookie, key);
    }
  } catch (error) {
    // Neither the use of an address nor a session may be known to this process alone: nobody is let in.
    log.error("a sign-in could not be written down", { error });
    return page(
      503,
      "The desk cannot write to its disk",
      `Make room on the disk that holds ${home}, then ask for a new address: this one may be used up. The desk's log says what failed.`,
      "npm run desk -- status --url",
    );
  }
  // A page that is in may be opened by its old address again; a page without a key is told how to get one.
  if (token !== null && sessions.find(headers).status === "keyless") return back();
  return page(
    401,
    token === null ? "This browser is not signed in" : "This address has been used, or is too old",
    "An address lets one browser in, once, within ten minutes. This prints a new one:",
    "npm run desk -- status --url",
  );
}

/** The address has a secret in it: it is neither kept nor told to the next page. */
const PRIVATE = { "cache-control": "no-store", "referrer-policy": "no-referrer" };
const HTML = { ...PRIVATE, "content-type": "text/html; charset=utf-8" };

/** Leaves the key where pages of this origin alone find it; what is no browser reads it from the header. */
function entrance(setCookie: string, key: string): Response {
  const script = `localStorage.setItem(${JSON.stringify(SESSION_KEY_ITEM)},${JSON.stringify(key)});location.replace("/")`;
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Crossdesk</title><link rel="icon" href="/icon.svg"></head>
<body><noscript>The desk needs scripts: allow them and ask for another address.</noscript><script>${script}</script></body></html>`;
  return new Response(body, { headers: { ...HTML, "set-cookie": setCookie, [SESSION_KEY_HEADER]: key } });
}

function back(): Response {
  return new Response(null, { status: 303, headers: { ...PRIVATE, location: "/" } });
}

function page(status: number, title: string, text: string, command = ""): Response {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Crossdesk</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="/icon.svg">
<style>:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:36rem;margin:12vh auto;padding:0 1rem}
code{display:block;padding:.75rem 1rem;border:1px solid;border-radius:4px;margin-top:1rem}</style></head>
<body><h1>${escape(title)}</h1><p>${escape(text)}</p>${command === "" ? "" : `<code>${escape(command)}</code>`}</body></html>`;
  return new Response(html, { status, headers: HTML });
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
