import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LOCK_FILE, lockDirectory } from "../../../../server/engine/journal/directoryLock.ts";
import { temporaryDirectory } from "./fixture.ts";

/** A process that has ended by now. */
function deadPid(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

describe("the lock of a directory", () => {
  it("names the process that has it, and is gone when it is given back", () => {
    const directory = temporaryDirectory();
    const unlock = lockDirectory(directory);
    expect(readFileSync(join(directory, LOCK_FILE), "utf8").trim()).toBe(String(process.pid));
    unlock();
    expect(readdirSync(directory)).toEqual([]);
  });

  const held = [
    { name: "a process that runs", holder: () => process.ppid },
    { name: "this process", holder: () => process.pid },
  ];
  for (const { name, holder } of held)
    it(`is refused while ${name} has it`, () => {
      const directory = temporaryDirectory();
      writeFileSync(join(directory, LOCK_FILE), `${holder()}\n`);
      expect(() => lockDirectory(directory)).toThrow(
        expect.objectContaining({ code: "IN_USE", message: expect.stringContaining(`process ${holder()}:`) }),
      );
    });

  const stale = [
    { name: "of a process that died", content: () => `${deadPid()}\n` },
    { name: "that names nobody", content: () => "" },
  ];
  for (const { name, content } of stale)
    it(`${name} is taken over`, () => {
      const directory = temporaryDirectory();
      writeFileSync(join(directory, LOCK_FILE), content());
      lockDirectory(directory);
      expect(readFileSync(join(directory, LOCK_FILE), "utf8").trim()).toBe(String(process.pid));
    });
});
