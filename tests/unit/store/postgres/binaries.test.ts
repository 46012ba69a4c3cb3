import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { UserError } from "../../../../server/contract/errors.ts";
import { prepareBinaries } from "../../../../server/store/postgres/binaries.ts";
import { allows, canReach } from "../../../../server/store/postgres/user.ts";
import { closedBelow, fakePackage, folderOf, SOMEBODY } from "./fakePackage.ts";

const linksIn = (native: string) =>
  ["libpq.so", "libpq.so.5"].map((name) =>
    existsSync(join(native, "lib", name)) ? readlinkSync(join(native, "lib", name)) : undefined,
  );
const COMPLETE = ["libpq.so.5.18", "libpq.so.5.18"];
const NONE = [undefined, undefined];

const nativeOf = ({ postgres }: { readonly postgres: string }) => dirname(dirname(postgres));

describe("a package whose install scripts did not run", () => {
  it("gets its links and its executable bits where it is, when whoever runs it can read it", () => {
    const given = fakePackage(folderOf(0o755));
    const native = join(given.folder, "native");
    for (let times = 0; times < 2; times += 1) {
      const found = prepareBinaries(given, undefined, "/nowhere");
      expect(found).toEqual({ postgres: join(native, "bin/postgres"), initdb: join(native, "bin/initdb") });
    }
    expect(linksIn(native)).toEqual(COMPLETE);
    expect(readFileSync(join(native, "lib/libpq.so"), "utf8")).toBe("library");
    expect(statSync(join(native, "bin/initdb")).mode & 0o777).toBe(0o755);
  });

  it("is used where it is by another user, too, when nothing above it is closed", () => {
    const given = fakePackage(folderOf(0o755));
    expect(nativeOf(prepareBinaries(given, SOMEBODY, "/nowhere"))).toBe(join(given.folder, "native"));
  });
});

describe("below a folder that is closed to others", () => {
  it("is copied once, complete and open, and is left as it was", () => {
    const given = fakePackage(folderOf(0o700));
    const sharedRoot = join(folderOf(0o755), "shared");
    const found = prepareBinaries(given, SOMEBODY, sharedRoot);
    const native = nativeOf(found);
    expect(dirname(native)).toBe(join(sharedRoot, `postgresql-1.2.3-${process.arch}`));
    expect(linksIn(native)).toEqual(COMPLETE);
    expect(canReach(SOMEBODY, dirname(found.postgres))).toBe(true);
    expect(closedBelow(SOMEBODY, sharedRoot)).toEqual([]);
    expect(allows(SOMEBODY, found.postgres, 1)).toBe(true);
    expect(linksIn(join(given.folder, "native"))).toEqual(NONE);

    writeFileSync(join(native, "mark"), "");
    expect(prepareBinaries(given, SOMEBODY, sharedRoot)).toEqual(found);
    expect(existsSync(join(native, "mark"))).toBe(true);
    expect(readdirSync(sharedRoot)).toHaveLength(1);
  });

  it("is copied for everyone under a umask that keeps all from others", () => {
    const given = fakePackage(folderOf(0o700));
    const open = folderOf(0o755);
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    const found = prepareBinaries(given, SOMEBODY, join(open, "var/shared"));
    expect(canReach(SOMEBODY, dirname(found.postgres))).toBe(true);
    expect(closedBelow(SOMEBODY, open)).toEqual([]);
  });

  it("has a copy of each version", () => {
    const given = fakePackage(folderOf(0o700));
    const sharedRoot = folderOf(0o755);
    const first = prepareBinaries(given, SOMEBODY, sharedRoot);
    const next = prepareBinaries({ ...given, version: "1.2.4" }, SOMEBODY, sharedRoot);
    expect(next.postgres).not.toBe(first.postgres);
    expect(readdirSync(sharedRoot)).toHaveLength(2);
  });

  it("leaves no half of a copy when it cannot be made, and says what to do", () => {
    const given = fakePackage(folderOf(0o700));
    writeFileSync(join(given.folder, "native/pg-symlinks.json"), "no list");
    const sharedRoot = folderOf(0o755);
    const attempt = () => prepareBinaries(given, SOMEBODY, sharedRoot);
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow(/could not be copied to .* make room there, or set DATABASE_URL/);
    expect(readdirSync(sharedRoot)).toEqual([]);
  });
});

describe("a package that an install under a strict umask has left", () => {
  it.each(["native/bin/postgres", "native/share"])("closed at %s is copied, and opened there", (path) => {
    const given = fakePackage(folderOf(0o755));
    chmodSync(join(given.folder, path), 0o700);
    const sharedRoot = folderOf(0o755);
    const found = prepareBinaries(given, SOMEBODY, sharedRoot);
    expect(found.postgres.startsWith(sharedRoot)).toBe(true);
    expect(closedBelow(SOMEBODY, sharedRoot)).toEqual([]);
  });
});

it("needs no list of links: other platforms have none", () => {
  const given = { folder: join(folderOf(0o755), "package"), version: "1" };
  mkdirSync(join(given.folder, "native/bin"), { recursive: true });
  for (const name of ["postgres", "initdb"])
    writeFileSync(join(given.folder, "native/bin", name), "", { mode: 0o755 });
  expect(existsSync(prepareBinaries(given, undefined, "/nowhere").postgres)).toBe(true);
});
