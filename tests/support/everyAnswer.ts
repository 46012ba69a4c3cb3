/** Every procedure of the API, found by walking over the router, asked with every input that one of them takes. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { AnyTRPCRouter } from "@trpc/server";
import superjson from "superjson";
import { API_PATH } from "../../server/api/handler.ts";
import { appRouter } from "../../server/api/router.ts";
import { signIn } from "../../server/api/signIn.ts";
import { issueStartToken } from "../../server/host/startTokens.ts";
import { HOST, ORIGIN, type ApiDesk } from "../api/apiDesk.ts";
import type { Trace } from "./deskTraces.ts";

const STREAM_MS = 1_500;

/** Last: after them there is no session to ask with, or nothing left to stop. */
const LAST = ["killSwitch.stop", "system.signOut"];

export interface Answers {
  /** Headers and bodies, refusals included. */
  readonly answers: readonly Trace[];
  /** Procedures that refused every input. */
  readonly unanswered: readonly string[];
}

export async function askEverything(desk: ApiDesk, market: string): Promise<Answers> {
  const answers: Trace[] = [];
  const unanswered: string[] = [];
  const procedures = Object.entries((appRouter as AnyTRPCRouter)._def.procedures)
    .map(([path, procedure]) => ({ path, type: (procedure as { _def: { type: string } })._def.type }))
    .sort((a, b) => LAST.indexOf(a.path) - LAST.indexOf(b.path));
  for (const { path, type } of procedures) {
    let isAnswered = false;
    for (const input of type === "subscription" ? STREAMS(market) : INPUTS(market)) {
      const response = await desk.handle(requestOf(desk, path, type, input));
      const body = type === "subscription" ? await readFor(response, STREAM_MS) : await response.text();
      isAnswered ||= response.status === 200;
      answers.push({ where: `${path} ${response.status}`, content: `${headersOf(response)}\n${body}` });
    }
    // What may be refused for what the desk is like now is answered all the same, by a refusal in words.
    if (!isAnswered && type !== "mutation" && path !== "killSwitch.receipt") unanswered.push(path);
  }
  const started = signIn(
    new Request(`${ORIGIN}/start?token=${issueStartToken(desk.home)}`, { headers: { host: HOST } }),
    desk.services,
  );
  answers.push({ where: "/start", content: `${headersOf(started)}\n${await started.text()}` });
  return { answers, unanswered };
}

/** What any procedure may be asked with; those that do not know it refuse it. */
function INPUTS(market: string): readonly unknown[] {
  const head = () => ({ commandId: randomUUID(), reason: "a test" });
  const range = { fromUs: 0, toUs: Number.MAX_SAFE_INTEGER };
  const change = { scope: { level: "desk" }, name: "capital", value: 2_000_000 };
  return [
    undefined,
    {},
    { surprise: 1 },
    { limit: 500 },
    { market },
    range,
    { ...range, market },
    { changes: [change] },
    { receiptId: randomUUID() },
    head(),
    { ...head(), expectedVersion: 1, changes: [change] },
    { ...head(), expectedVersion: 2, version: 2 },
    { ...head(), scope: { level: "desk" }, state: "PAUSED" },
    { ...head(), market, slippageMaxBps: 10 },
    { ...head(), account: "binance", asset: market, baselineAtoms: "1" },
  ];
}

function STREAMS(market: string): readonly unknown[] {
  return [
    { topics: ["desk", "system", `market ${market}`, "orders", "fills", "alerts", "audit"] },
    { surprise: 1 },
  ];
}

function requestOf(desk: ApiDesk, path: string, type: string, input: unknown): Request {
  const address = `${ORIGIN}${API_PATH}/${path}`;
  const headers = desk.browser();
  if (type === "mutation")
    return new Request(address, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: superjson.stringify(input),
    });
  const asked = input === undefined ? "" : `?input=${encodeURIComponent(superjson.stringify(input))}`;
  const accept = type === "subscription" ? { accept: "text/event-stream" } : {};
  return new Request(`${address}${asked}`, { headers: { ...headers, ...accept } });
}

async function readFor(response: Response, ms: number): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  const pieces: Uint8Array[] = [];
  const isOver = sleep(ms, undefined);
  for (;;) {
    const piece = await Promise.race([reader.read(), isOver]);
    if (piece?.value === undefined) break;
    pieces.push(piece.value);
  }
  await reader.cancel();
  return Buffer.concat(pieces).toString();
}

function headersOf({ headers }: Response): string {
  return [...headers].map(([name, value]) => `${name}: ${value}`).join("\n");
}
