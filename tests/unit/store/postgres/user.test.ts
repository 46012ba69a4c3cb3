import { chmodSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { allows, canReach, makeOpenFolder } from "../../../../server/store/postgres/user.ts";
import { folderOf, SOMEBODY } from "./fakePackage.ts";

describe("whether a user can reach a folder", () => {
  it("is so for whoever runs us", () => {
    expect(canReach(undefined, "/nowhere")).toBe(true);
  });

  it("is so when every folder down to it lets others pass, and for no other", () => {
    const top = folderOf(0o755);
    const folder = join(top, "a", "b");
    mkdirSync(folder, { recursive: true });
    for (const each of [join(top, "a"), folder]) chmodSync(each, 0o711);
    expect(canReach(SOMEBODY, folder)).toBe(true);
    for (const each of [top, join(top, "a"), folder]) {
      chmodSync(each, 0o700);
      expect(canReach(SOMEBODY, folder)).toBe(false);
      chmodSync(each, 0o711);
    }
  });

  it("goes by the bits of its owner, its group or others, whoever the user is to it", () => {
    const folder = folderOf(0o755);
    const { uid, gid } = statSync(folder);
    const [owner, member] = [
      { uid, gid },
      { uid: SOMEBODY.uid, gid },
    ];
    const passes = (mode: number) => {
      chmodSync(folder, mode);
      return [owner, member, SOMEBODY].map((user) => allows(user, folder, 1));
    };
    expect(passes(0o700)).toEqual([true, false, false]);
    expect(passes(0o610)).toEqual([false, true, false]);
    expect(passes(0o601)).toEqual([false, false, true]);
  });
});

it("a folder is made open under any umask, and one that is there stays as it is", () => {
  const top = folderOf(0o700);
  const before = process.umask(0o077);
  onTestFinished(() => void process.umask(before));
  makeOpenFolder(join(top, "a", "b"));
  const modeOf = (path: string) => statSync(path).mode & 0o777;
  expect([top, join(top, "a"), join(top, "a", "b")].map(modeOf)).toEqual([0o700, 0o755, 0o755]);
});
