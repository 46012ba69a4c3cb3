import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Gone when the test has ended. */
export function temporaryHome(): string {
  const path = mkdtempSync(join(tmpdir(), "crossdesk-home-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
