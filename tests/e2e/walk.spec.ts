/**
 * Every procedure there is, found by walking over the router and asked through the web server as it runs: who may not
 * ask is not answered. What else may be wrong with a request, tests/api/walk.test.ts tries.
 */
import type { APIRequestContext } from "@playwright/test";
import type { AnyTRPCRouter } from "@trpc/server";
import superjson from "superjson";
import { API_PATH } from "../../server/api/handler.ts";
import { appRouter } from "../../server/api/router.ts";
import { SESSION_KEY_HEADER } from "../../server/contract/session.ts";
import { signInUrl } from "../support/e2eDesk.ts";
import { expect, test } from "./fixtures.ts";

interface Walked {
  readonly path: string;
  readonly type: "query" | "mutation" | "subscription";
}

const PROCEDURES = Object.entries((appRouter as AnyTRPCRouter)._def.procedures).map(
  ([path, procedure]): Walked => ({
    path,
    type: (procedure as { _def: Pick<Walked, "type"> })._def.type,
  }),
);

/** Refusals come at once. A stream that lets somebody in has no end: it would be waited for. */
const ANSWER_WITHIN_MS = 20_000;

/** What became of one request, in a line. */
async function ask(
  request: APIRequestContext,
  { path, type }: Walked,
  headers: Record<string, string>,
): Promise<string> {
  const url = `${API_PATH}/${path}`;
  const response =
    type === "mutation"
      ? await request.post(url, {
          headers: { ...headers, "content-type": "application/json" },
          data: superjson.stringify(undefined),
          timeout: ANSWER_WITHIN_MS,
        })
      : await request.get(url, { headers, timeout: ANSWER_WITHIN_MS });
  const code = /"code":"(\w+)"/.exec(await response.text())?.[1];
  return `${path}: ${response.status()} ${code ?? "answered"}`;
}

function askAll(request: APIRequestContext, headers: Record<string, string>): Promise<readonly string[]> {
  return Promise.all(PROCEDURES.map((procedure) => ask(request, procedure, headers)));
}

function refusedAll(how: string): readonly string[] {
  return PROCEDURES.map(({ path }) => `${path}: ${how}`);
}

test("no procedure answers who has no session @desktop", async ({ request, desk }) => {
  expect(new Set(PROCEDURES.map(({ type }) => type)).size).toBe(3);
  expect(await askAll(request, { origin: desk.origin })).toEqual(refusedAll("401 UNAUTHENTICATED"));
});

test("no procedure answers a page of another origin, although its browser has a session @desktop", async ({
  request,
  desk,
}) => {
  const key = (await request.get(signInUrl(desk))).headers()[SESSION_KEY_HEADER] ?? "";
  const session = { [SESSION_KEY_HEADER]: key };
  const own = await ask(
    request,
    { path: "system.session", type: "query" },
    { ...session, origin: desk.origin },
  );
  expect(own, "the session is good").toBe("system.session: 200 answered");
  for (const origin of ["https://example.com", "http://127.0.0.1:1"])
    expect(await askAll(request, { ...session, origin })).toEqual(refusedAll("403 FOREIGN_ORIGIN"));
});
