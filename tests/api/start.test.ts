/** The way in: the address that the terminal printed, once. */
import { mkdirSync, readFileSync, rmdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signIn } from "../../server/api/signIn.ts";
import { SESSION_KEY_HEADER } from "../../server/contract/session.ts";
import { issueStartToken } from "../../server/host/startTokens.ts";
import { freshDatabase } from "../support/postgres.ts";
import { ApiDesk, HOST, ORIGIN } from "./apiDesk.ts";

const MINUTE_MS = 60_000;

let desk: ApiDesk;
beforeAll(async () => {
  desk = new ApiDesk(await freshDatabase());
});
afterAll(() => desk.close());

function visit(token: string | undefined, headers: Record<string, string> = {}, method = "GET"): Response {
  const address = `${ORIGIN}/start${token === undefined ? "" : `?token=${token}`}`;
  return signIn(new Request(address, { method, headers: { host: HOST, ...headers } }), desk.services);
}

function cookieOf(response: Response): string {
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

describe("the start address", () => {
  it("lets one browser in, gives its page the key, and leads it to the desk", async () => {
    const response = visit(issueStartToken(desk.home));
    expect(response.status).toBe(200);
    expect(response.headers.get("set-cookie")).toMatch(
      /; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    const key = response.headers.get(SESSION_KEY_HEADER) ?? "";
    const text = await response.text();
    expect(text).toContain(`localStorage.setItem("crossdesk-session-key","${key}");location.replace("/")`);
    const headers = { ...desk.browser(), cookie: cookieOf(response), [SESSION_KEY_HEADER]: key };
    expect((await desk.query("system.session", undefined, headers)).data).toMatchObject({
      actor: "operator",
    });
  });

  it("says what to do when the disk refuses the session", async () => {
    const refusing = join(desk.home, "sessions.json.new");
    mkdirSync(refusing);
    const response = visit(issueStartToken(desk.home));
    rmdirSync(refusing);
    expect(response.status).toBe(503);
    expect(response.headers.get("set-cookie")).toBeNull();
    expect(await response.text()).toMatch(/Make room on the disk.*npm run desk -- status --url/s);
    expect(desk.log.errors.pop()).toMatchObject({ text: "a sign-in could not be written down" });
  });

  it("gives its key to nobody who has the cookie alone", async () => {
    const cookie = cookieOf(visit(issueStartToken(desk.home)));
    for (const token of [undefined, "old"]) {
      const response = visit(token, { cookie });
      expect(response.headers.get(SESSION_KEY_HEADER)).toBeNull();
      expect(await response.text()).not.toContain("localStorage");
    }
  });

  it("lets nobody in a second time, and says how to get another", async () => {
    const token = issueStartToken(desk.home);
    const cookie = cookieOf(visit(token));
    const second = visit(token);
    expect(second.status).toBe(401);
    expect(second.headers.get("set-cookie")).toBeNull();
    const text = await second.text();
    expect(text).toContain("npm run desk -- status --url");
    expect(text).not.toContain(token);
    // The browser that is in already may open it again.
    expect(visit(token, { cookie }).status).toBe(303);
  });

  it("is too old after ten minutes", () => {
    const token = issueStartToken(desk.home, desk.nowMs() - 11 * MINUTE_MS);
    expect(visit(token).status).toBe(401);
  });

  it("is not used up by a look at its head", () => {
    const token = issueStartToken(desk.home);
    expect(visit(token, {}, "HEAD").headers.get("set-cookie")).toBeNull();
    expect(visit(token).status).toBe(200);
  });

  it("works from a link in a mail, but under no other name than this machine's", () => {
    const token = issueStartToken(desk.home);
    expect(visit(token, { host: "desk.example.com" }).status).toBe(403);
    expect(visit(token, { "sec-fetch-site": "cross-site" }).status).toBe(200);
  });

  it("shows a plain page to a browser without a token or with a wrong one", async () => {
    for (const token of [undefined, "", "x".repeat(43), "%00", "<script>"]) {
      const response = visit(token);
      expect(response.status).toBe(401);
      expect(response.headers.get("content-type")).toContain("text/html");
      expect(await response.text()).not.toContain("<script>");
    }
  });

  it("is kept by nobody: neither in a cache nor in clear on disk", () => {
    const token = issueStartToken(desk.home);
    const file = join(desk.home, "run", "start-tokens.json");
    expect(readFileSync(file, "utf8")).not.toContain(token);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { headers } = visit(token);
    const sessions = join(desk.home, "sessions.json");
    expect(statSync(sessions).mode & 0o777).toBe(0o600);
    const key = headers.get(SESSION_KEY_HEADER) ?? "";
    const cookie = headers.get("set-cookie")?.split(/[=;]/)[1] ?? "";
    expect([key, cookie].map((secret) => secret.length)).toEqual([43, 43]);
    for (const secret of [key, cookie]) expect(readFileSync(sessions, "utf8")).not.toContain(secret);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  });
});
