import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { judgeLogs } from "../../../../server/bench/soak/logs.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "crossdesk-logs-"));
  mkdirSync(join(home, "log"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function judge(lines: readonly string[]): string[] {
  writeFileSync(join(home, "log", "engine.log"), lines.join("\n"));
  const findings: string[] = [];
  judgeLogs(home, (text) => findings.push(text));
  return findings;
}

it("passes what a venue that does wrong leads to", () => {
  expect(judge(['{"level":"warn","text":"the entry socket is lost"}'])).toEqual([]);
});

it("finds failures that nobody waited for, and engines and threads that died", () => {
  const lines = [
    '{"text":"a failure that nobody waited for: connections are built anew"}',
    '{"text":"a gateway ended; it is started again"}',
    "[UnhandledPromiseRejection: x]",
  ];
  expect(judge(lines)).toEqual(lines.map((line) => `engine.log: ${line}`));
});

it("tells a long list by its beginning", () => {
  expect(judge(Array.from({ length: 12 }, () => "invariant: x"))).toHaveLength(11);
});
