import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hashSources } from "../../../server/supervisor/build.ts";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "crossdesk-build-"));
  for (const folder of ["app", "components", "server/store/generated", "prisma"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "package-lock.json"), "{}");
  writeFileSync(join(root, "app/page.tsx"), "one");
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

it("builds again after any change of a source or of the lock file, wherever the clone lies", () => {
  const before = hashSources(root);
  const elsewhere = mkdtempSync(join(tmpdir(), "crossdesk-build-"));
  cpSync(root, elsewhere, { recursive: true });
  expect(hashSources(elsewhere)).toBe(before);
  writeFileSync(join(elsewhere, "app/page.tsx"), "two");
  expect(hashSources(elsewhere)).not.toBe(before);
  rmSync(elsewhere, { recursive: true });
  writeFileSync(join(root, "package-lock.json"), "{ }");
  expect(hashSources(root)).not.toBe(before);
});

it("does not build again for what a build itself generates", () => {
  const before = hashSources(root);
  writeFileSync(join(root, "server/store/generated/client.ts"), "made");
  expect(hashSources(root)).toBe(before);
});
