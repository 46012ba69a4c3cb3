/** Every procedure there is, found by walking over the router: who may not ask is not answered. */
import { mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AnyTRPCRouter } from "@trpc/server";
import superjson from "superjson";
import { API_PATH } from "../../server/api/handler.ts";
import { appRouter } from "../../server/api/router.ts";
import { SESSION_KEY_HEADER } from "../../server/contract/session.ts";
import { freshDatabase } from "../support/postgres.ts";
import { ApiDesk, HOST, ORIGIN, type Answer } from "./apiDesk.ts";
import { LiveReader } from "./sse.ts";

const HOUR_MS = 3_600_000;
const KINDS = ["query", "mutation", "subscription"] as const;
type Kind = (typeof KINDS)[number];

interface Walked {
  readonly path: string;
  readonly type: Kind;
  /** Schemas of its input; a procedure without any would take whatever it is sent. */
  readonly schemas: number;
}

const PROCEDURES = Object.entries((appRouter as AnyTRPCRouter)._def.procedures).map(
  ([path, procedure]): Walked => {
    const { type, inputs } = (procedure as { _def: { type: Kind; inputs: readonly unknown[] } })._def;
    return { path, type, schemas: inputs.length };
  },
);

let desk: ApiDesk;
beforeAll(async () => {
  // No engine and no lab: whoever is refused must not need them.
  desk = new ApiDesk(await freshDatabase());
});
afterAll(() => desk.close());

type Refusal = Pick<Answer, "code" | "message">;

async function ask(
  { path, type }: Walked,
  headers: Record<string, string>,
  input?: unknown,
): Promise<Refusal> {
  if (type === "mutation") return desk.mutate(path, input, headers);
  if (type === "query") return desk.query(path, input, headers);
  const reader = new LiveReader(desk, input as object | undefined, headers);
  // A stream that is let in does not end by itself: this test would.
  await reader.ended;
  return { code: reader.error?.code, message: reader.error?.message };
}

function without(headers: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}

interface Refused {
  readonly who: string;
  readonly headers: () => Record<string, string>;
  readonly code: string;
  readonly only?: Kind;
}

const REFUSED: readonly Refused[] = [
  {
    who: "neither cookie nor key",
    headers: () => without(without(desk.browser(), "cookie"), SESSION_KEY_HEADER),
    code: "UNAUTHENTICATED",
  },
  {
    who: "a key without the cookie",
    headers: () => without(desk.browser(), "cookie"),
    code: "UNAUTHENTICATED",
  },
  {
    who: "a cookie without the key, as a server on another port would have it",
    headers: () => without(desk.browser(), SESSION_KEY_HEADER),
    code: "UNAUTHENTICATED",
  },
  {
    who: "a cookie with the key of another session",
    headers: () => ({ ...desk.browser(), [SESSION_KEY_HEADER]: desk.signIn()[SESSION_KEY_HEADER] ?? "" }),
    code: "UNAUTHENTICATED",
  },
  {
    who: "an empty key",
    headers: () => ({ ...desk.browser(), [SESSION_KEY_HEADER]: "" }),
    code: "UNAUTHENTICATED",
  },
  {
    who: "a cookie that was never given",
    headers: () => ({ ...desk.browser(), cookie: `${cookieName()}=${"x".repeat(43)}` }),
    code: "UNAUTHENTICATED",
  },
  {
    who: "a session of twelve hours ago",
    headers: () => ({ ...desk.browser(), ...desk.signIn(desk.nowMs() - 12 * HOUR_MS) }),
    code: "UNAUTHENTICATED",
  },
  {
    who: "a page of another site",
    headers: () => ({ ...desk.browser(), origin: "https://example.com" }),
    code: "FOREIGN_ORIGIN",
  },
  {
    who: "a page of another port of this machine",
    headers: () => ({ ...desk.browser(), origin: "http://127.0.0.1:8080" }),
    code: "FOREIGN_ORIGIN",
  },
  {
    who: "a page without an origin of its own",
    headers: () => ({ ...desk.browser(), origin: "null" }),
    code: "FOREIGN_ORIGIN",
  },
  {
    who: "a name that was made to point here",
    headers: () => ({
      ...desk.browser(),
      host: "desk.example.com:4100",
      origin: "http://desk.example.com:4100",
    }),
    code: "FOREIGN_ORIGIN",
  },
  {
    who: "a request from another site",
    headers: () => ({ ...without(desk.browser(), "origin"), "sec-fetch-site": "cross-site" }),
    code: "FOREIGN_ORIGIN",
  },
  {
    who: "a request from another port of this machine",
    headers: () => ({ ...without(desk.browser(), "origin"), "sec-fetch-site": "same-site" }),
    code: "FOREIGN_ORIGIN",
  },
  {
    who: "a command that does not name its page",
    headers: () => without(desk.browser(), "origin"),
    code: "FOREIGN_ORIGIN",
    only: "mutation",
  },
];

function cookieName(): string {
  return desk.browser()["cookie"]?.split("=")[0] ?? "";
}

describe("a walk over the router", () => {
  it("finds procedures of every kind, in every router", () => {
    const routers = new Set(PROCEDURES.map(({ path }) => path.split(".")[0]));
    const names = [
      "config",
      "positions",
      "pnl",
      "quotes",
      "orders",
      "venues",
      "killSwitch",
      "stream",
      "system",
    ];
    expect(routers).toEqual(new Set(names));
    for (const kind of KINDS) expect(PROCEDURES.some(({ type }) => type === kind)).toBe(true);
  });

  it("has no procedure without a schema of its input", () => {
    expect(PROCEDURES.filter(({ schemas }) => schemas === 0)).toEqual([]);
  });
});

describe.each(PROCEDURES)("$path", (procedure) => {
  const refused = REFUSED.filter(({ only }) => only === undefined || only === procedure.type);

  it.each(refused)("refuses $who with $code, whatever it is asked", async ({ headers, code }) => {
    for (const input of [undefined, { surprise: 1 }])
      expect(await ask(procedure, headers(), input)).toMatchObject({ code });
  });

  it("refuses input that it does not know", async () => {
    const answer = await ask(procedure, desk.browser(), { surprise: 1 });
    expect(answer).toMatchObject({ code: "BAD_INPUT" });
    expect(answer.message).toMatch(/surprise|expected void/);
    expect(answer.message).not.toContain("\n");
  });

  it("lets the desk's own page in", async () => {
    if (procedure.type === "subscription") {
      const reader = new LiveReader(desk, { topics: ["desk"] });
      await reader.close();
      expect(reader).toMatchObject({ status: 200, error: undefined });
      return;
    }
    const { code } = await ask(procedure, desk.browser());
    expect([undefined, "BAD_INPUT", "ENGINE_UNREACHABLE"]).toContain(code);
  });
});

describe("a session", () => {
  const state = (headers: Record<string, string>) => desk.query("killSwitch.state", undefined, headers);

  it("ends twelve hours after the sign-in, whatever was asked in between", async () => {
    const startedAtMs = desk.nowMs();
    const headers = { ...desk.browser(), ...desk.signIn(startedAtMs) };
    desk.nowMs = () => startedAtMs + 12 * HOUR_MS - 1;
    const last = await desk.query("system.session", undefined, headers);
    desk.nowMs = () => startedAtMs + 12 * HOUR_MS;
    const late = await state(headers);
    desk.nowMs = () => new Date().getTime();
    expect(last.data).toEqual({ actor: "ann", endsAtMs: startedAtMs + 12 * HOUR_MS });
    expect(last.headers.get("set-cookie")).toBeNull();
    expect(late.code).toBe("UNAUTHENTICATED");
    expect(late.message).toContain("npm run desk -- status --url");
  });

  it("is ended by signing out, for good, and no other with it", async () => {
    const [leaving, staying] = [desk.signIn(), desk.signIn()].map((session) => ({
      ...desk.browser(),
      ...session,
    }));
    if (leaving === undefined || staying === undefined) throw new Error("there are two sessions");
    expect((await desk.mutate("system.signOut", undefined, leaving)).code).toBeUndefined();
    await desk.restartWeb();
    expect((await state(leaving)).code).toBe("UNAUTHENTICATED");
    expect((await state(staying)).code).toBeUndefined();
  });

  it("is ended by signing out although the disk refuses to note it, which is said", async () => {
    const leaving = { ...desk.browser(), ...desk.signIn() };
    const refusing = join(desk.home, "sessions.json.new");
    mkdirSync(refusing);
    const answer = await desk.mutate("system.signOut", undefined, leaving);
    rmdirSync(refusing);
    expect(answer).toMatchObject({ code: "NOT_WRITTEN", message: expect.stringContaining("Make room") });
    expect((await state(leaving)).code).toBe("UNAUTHENTICATED");
    expect(desk.log.errors.pop()).toMatchObject({ text: "a sign-out could not be written down" });
  });

  it("that shows its cookie alone is told what is missing, and what to do", async () => {
    const { message } = await state(without(desk.browser(), SESSION_KEY_HEADER));
    expect(message).toBe(
      "this page has no key of its own to the browser's session: npm run desk -- status --url prints an address that lets it in",
    );
  });

  it("outlives a restart of the web server", async () => {
    const headers = desk.browser();
    await desk.restartWeb();
    expect((await desk.query("killSwitch.state", undefined, headers)).code).toBeUndefined();
  });

  it("is found among other cookies of the same machine", async () => {
    const browser = desk.browser();
    const cookie = `theme=dark; ${browser["cookie"] ?? ""}; crossdesk_00000000=of.another-desk`;
    const answer = await state({ ...browser, cookie });
    expect(answer.code).toBeUndefined();
  });

  it("is answered under both names of this machine", async () => {
    const host = HOST.replace("127.0.0.1", "localhost");
    const headers = { ...desk.browser(), host, origin: `http://${host}` };
    expect((await desk.query("killSwitch.state", undefined, headers)).code).toBeUndefined();
  });
});

describe("a refusal", () => {
  it("has the status that HTTP has for it", async () => {
    const status = async (headers: Record<string, string>, input?: unknown): Promise<number> =>
      (await desk.query("killSwitch.state", input, headers)).status;
    expect(await status(without(desk.browser(), "cookie"))).toBe(401);
    expect(await status({ ...desk.browser(), origin: "http://127.0.0.1:1" })).toBe(403);
    expect(await status(desk.browser(), { surprise: 1 })).toBe(400);
    expect((await desk.query("quotes.desk")).status).toBe(503);
  });
});

describe("a request that is too much", () => {
  it("is refused by its size before it is read", async () => {
    const headers = { ...desk.browser(), "content-type": "application/json", "content-length": "2000000" };
    const request = new Request(`${ORIGIN}${API_PATH}/config.set`, { method: "POST", headers, body: "{}" });
    expect((await desk.handle(request)).status).toBe(413);
  });

  it("is refused when it asks hundreds of questions at once", async () => {
    const paths = Array.from({ length: 300 }, () => "killSwitch.state").join(",");
    const request = new Request(`${ORIGIN}${API_PATH}/${paths}?batch=1&input=%7B%7D`, {
      headers: desk.browser(),
    });
    const response = await desk.handle(request);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("BAD_INPUT");
  });

  it("never hides a command behind a question", async () => {
    const input = encodeURIComponent(superjson.stringify(desk.order()));
    const request = new Request(`${ORIGIN}${API_PATH}/killSwitch.stop?input=${input}`, {
      headers: desk.browser(),
    });
    expect((await desk.handle(request)).status).toBe(405);
    expect((await desk.query("killSwitch.state")).data).toMatchObject({ entries: [] });
  });
});
