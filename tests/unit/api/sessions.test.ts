import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SESSION_LASTS_MS, Sessions } from "../../../server/api/sessions.ts";
import { SESSION_KEY_HEADER } from "../../../server/contract/session.ts";

let home: string;
let nowMs: number;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "crossdesk-sessions-"));
  nowMs = 1_700_000_000_000;
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function opened(of = home): Sessions {
  return new Sessions(of, () => nowMs);
}

function shownBy(sessions: Sessions, actor = "ann"): Headers {
  const { setCookie, key } = sessions.start(actor);
  return new Headers({ cookie: setCookie.split(";")[0] ?? "", [SESSION_KEY_HEADER]: key });
}

function statusOf(sessions: Sessions, headers: Headers): string {
  return sessions.find(headers).status;
}

function sessionOf(sessions: Sessions, headers: Headers) {
  const shown = sessions.find(headers);
  if (shown.status !== "open") throw new Error(`the session is ${shown.status}`);
  return shown.session;
}

describe("a session", () => {
  it("is who it was started for, over a restart too", () => {
    const headers = shownBy(opened());
    expect(sessionOf(opened(), headers)).toMatchObject({ actor: "ann", endsAtMs: nowMs + SESSION_LASTS_MS });
  });

  it("needs both halves, and both of its own", () => {
    const sessions = opened();
    const [one, other] = [shownBy(sessions), shownBy(sessions)];
    const mixed = new Headers(one);
    mixed.set(SESSION_KEY_HEADER, other.get(SESSION_KEY_HEADER) ?? "");
    expect(statusOf(sessions, mixed)).toBe("keyless");
    for (const [half, status] of [
      ["cookie", "none"],
      [SESSION_KEY_HEADER, "keyless"],
    ] as const) {
      const headers = new Headers(one);
      headers.delete(half);
      expect(statusOf(sessions, headers)).toBe(status);
    }
    expect(statusOf(sessions, one)).toBe("open");
  });

  it("ends after twelve hours, and what was opened with it knows", () => {
    const sessions = opened();
    const headers = shownBy(sessions);
    const session = sessionOf(sessions, headers);
    nowMs += SESSION_LASTS_MS - 1;
    expect(statusOf(sessions, headers)).toBe("open");
    expect(session.isOver()).toBe(false);
    nowMs += 1;
    expect(statusOf(sessions, headers)).toBe("none");
    expect(session.isOver()).toBe(true);
  });

  it("that was ended stays so, over a restart too, and takes no other with it", () => {
    const sessions = opened();
    const [one, other] = [shownBy(sessions), shownBy(sessions, "bob")];
    const session = sessionOf(sessions, one);
    session.end();
    expect(session.isOver()).toBe(true);
    for (const after of [sessions, opened()]) {
      expect(statusOf(after, one)).toBe("none");
      expect(sessionOf(after, other).actor).toBe("bob");
    }
  });

  it("is over at once although the disk refuses to note it, and the next change notes it", () => {
    const sessions = opened();
    const headers = shownBy(sessions);
    const session = sessionOf(sessions, headers);
    mkdirSync(join(home, "sessions.json.new"));
    expect(() => session.end()).toThrow("EISDIR");
    expect(session.isOver()).toBe(true);
    expect(statusOf(sessions, headers)).toBe("none");
    rmdirSync(join(home, "sessions.json.new"));
    sessions.start("bob");
    expect(statusOf(opened(), headers)).toBe("none");
  });

  it("makes room for a new one by ending the oldest of sixty-four", () => {
    const sessions = opened();
    const first = shownBy(sessions);
    const second = shownBy(sessions);
    for (let n = 0; n < 63; n++) sessions.start("more");
    expect(statusOf(sessions, first)).toBe("none");
    expect(statusOf(sessions, second)).toBe("open");
  });

  it("is of one desk: the cookie of another on the same machine is neither taken nor overwritten", () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "crossdesk-sessions-"));
    try {
      const [here, there] = [opened(), opened(elsewhere)];
      const [mine, theirs] = [shownBy(here), shownBy(there)];
      const both = new Headers(mine);
      both.set("cookie", `${theirs.get("cookie") ?? ""}; ${mine.get("cookie") ?? ""}`);
      expect(statusOf(here, both)).toBe("open");
      expect(statusOf(here, theirs)).toBe("none");
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });
});

describe("the file of sessions", () => {
  it("holds no secret", () => {
    const headers = shownBy(opened());
    const text = readFileSync(join(home, "sessions.json"), "utf8");
    expect(text).toContain("ann");
    expect(text).not.toContain(headers.get(SESSION_KEY_HEADER) ?? "");
    expect(text).not.toContain(headers.get("cookie")?.split("=")[1] ?? "");
  });

  it.each(["", "{}", '[{"actor":"eve"}]', "null"])("that says %j lets nobody in", (text) => {
    const headers = shownBy(opened());
    writeFileSync(join(home, "sessions.json"), text);
    expect(statusOf(opened(), headers)).toBe("none");
  });
});
