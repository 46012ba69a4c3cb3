import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { consumeStartToken, issueStartToken } from "../../../server/host/startTokens.ts";
import { temporaryHome } from "./fixture.ts";

const NOW_MS = 1_700_000_000_000;

it("lets one in, once, and leaves the other tokens as they are", () => {
  const home = temporaryHome();
  const [first, second] = [issueStartToken(home, NOW_MS), issueStartToken(home, NOW_MS)];
  expect(consumeStartToken(home, first, NOW_MS)).toBe(true);
  expect(consumeStartToken(home, first, NOW_MS)).toBe(false);
  expect(consumeStartToken(home, second, NOW_MS)).toBe(true);
});

it("lets nobody in after ten minutes", () => {
  const home = temporaryHome();
  const token = issueStartToken(home, NOW_MS);
  expect(consumeStartToken(home, token, NOW_MS + 600_000)).toBe(false);
});

it("neither writes nor takes the lock for a token that was never issued", () => {
  const home = temporaryHome();
  expect(consumeStartToken(home, "a guess", NOW_MS)).toBe(false);
  expect(existsSync(join(home, "run"))).toBe(false);

  issueStartToken(home, NOW_MS);
  const path = join(home, "run", "start-tokens.json");
  const before = statSync(path).ino;
  // Held by someone: whoever wants it would take it over.
  writeFileSync(`${path}.lock`, "1\n");
  expect(consumeStartToken(home, "a guess", NOW_MS)).toBe(false);
  expect(existsSync(`${path}.lock`)).toBe(true);
  expect(statSync(path).ino).toBe(before);
});
