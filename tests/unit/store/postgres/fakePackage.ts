/** A PostgreSQL package as npm leaves it where install scripts are off, below a folder that is closed to others. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { PostgresUser } from "../../../../server/store/postgres/user.ts";
import { allows } from "../../../../server/store/postgres/user.ts";

/** Neither owner nor group of anything here. */
export const SOMEBODY: PostgresUser = { uid: 54_321, gid: 54_321 };

/** A folder of this mode that goes with the test. */
export function folderOf(mode: number): string {
  const folder = mkdtempSync(join(tmpdir(), "crossdesk-closed-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, mode);
  return folder;
}

export interface FakePackage {
  readonly folder: string;
  readonly version: string;
}

export function fakePackage(parent: string): FakePackage {
  const folder = join(parent, "package");
  for (const part of ["bin", "lib", "share/timezone"])
    mkdirSync(join(folder, "native", part), { recursive: true, mode: 0o755 });
  const write = (path: string, text: string, mode: number) => {
    writeFileSync(join(folder, "native", path), text);
    chmodSync(join(folder, "native", path), mode);
  };
  write("bin/postgres", "#!/bin/sh\necho postgres\n", 0o755);
  write("bin/initdb", "#!/bin/sh\necho initdb\n", 0o644);
  write("lib/libpq.so.5.18", "library", 0o644);
  write("share/timezone/UTC", "zone", 0o600);
  const links = ["libpq.so", "libpq.so.5"].map((name) => ({
    source: "native/lib/libpq.so.5.18",
    target: `native/lib/${name}`,
  }));
  write("pg-symlinks.json", JSON.stringify(links), 0o644);
  return { folder, version: "1.2.3" };
}

/** Files and folders below one that the user can neither read nor pass. */
export function closedBelow(user: PostgresUser, folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const isOpen = allows(user, path, 4) && (!entry.isDirectory() || allows(user, path, 1));
    return isOpen ? [] : [path];
  });
}
