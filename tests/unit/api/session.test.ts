import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { issueSession, readSession, readSessionKey, renewal } from "../../../server/api/session.ts";
import { UserError } from "../../../server/contract/errors.ts";

const HOUR_MS = 3_600_000;
const NOW_MS = 1_700_000_000_000;

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "crossdesk-session-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

function cookie(key: Buffer, issuedAtMs = NOW_MS): string {
  return issueSession(key, { actor: "ann", issuedAtMs }).split(";")[0] ?? "";
}

describe("the session key", () => {
  it("is made once and stays", () => {
    const key = readSessionKey(home);
    expect(key).toHaveLength(32);
    expect(readSessionKey(home)).toEqual(key);
    expect(readFileSync(join(home, "session.key"))).toEqual(key);
  });

  it("is not guessed when its file is none: it says what to do", () => {
    writeFileSync(join(home, "session.key"), "");
    expect(() => readSessionKey(home)).toThrow(UserError);
    expect(() => readSessionKey(home)).toThrow(/remove it and start again/);
  });
});

describe("a session", () => {
  it("is who it was issued to, for twelve hours", () => {
    const key = readSessionKey(home);
    expect(readSession(key, cookie(key), NOW_MS + 12 * HOUR_MS - 1)?.actor).toBe("ann");
    expect(readSession(key, cookie(key), NOW_MS + 12 * HOUR_MS)).toBeUndefined();
  });

  it("is of one desk: the cookie of another on the same machine is neither taken nor overwritten", () => {
    const [one, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    expect(cookie(one).split("=")[0]).not.toBe(cookie(other).split("=")[0]);
    expect(readSession(one, `${cookie(other)}; ${cookie(one)}`, NOW_MS)?.actor).toBe("ann");
    expect(readSession(one, cookie(other), NOW_MS)).toBeUndefined();
  });

  it.each(["", "a", "a.b", "a.b.c", ".", "..", "e30.", "%%%.%%%"])("is not %j", (value) => {
    const key = readSessionKey(home);
    const [name = ""] = cookie(key).split("=");
    expect(readSession(key, `${name}=${value}`, NOW_MS)).toBeUndefined();
  });

  it("is renewed from its first hour on, for the same person", () => {
    const key = readSessionKey(home);
    const session = { actor: "ann", issuedAtMs: NOW_MS };
    expect(renewal(key, session, NOW_MS + HOUR_MS - 1)).toBeUndefined();
    const renewed = renewal(key, session, NOW_MS + HOUR_MS)?.split(";")[0] ?? "";
    expect(readSession(key, renewed, NOW_MS)).toEqual({ actor: "ann", issuedAtMs: NOW_MS + HOUR_MS });
  });
});
