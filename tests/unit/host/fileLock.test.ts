import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withFileLock } from "../../../server/host/fileLock.ts";
import { temporaryHome } from "./fixture.ts";

it("gives the lock back, also when the change throws", () => {
  const path = join(temporaryHome(), "lock");
  expect(withFileLock(path, () => existsSync(path))).toBe(true);
  expect(existsSync(path)).toBe(false);
  expect(() =>
    withFileLock(path, () => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(existsSync(path)).toBe(false);
});

it("takes over a lock that was left behind", () => {
  const path = join(temporaryHome(), "lock");
  writeFileSync(path, "1\n");
  expect(withFileLock(path, () => "done")).toBe("done");
  expect(existsSync(path)).toBe(false);
});

it("loses no change of processes that change a file at once", async () => {
  const home = temporaryHome();
  const counter = join(home, "counter");
  writeFileSync(counter, "0");
  const module = join(import.meta.dirname, "../../../server/host/fileLock.ts");
  const script = `
    import { readFileSync, writeFileSync } from "node:fs";
    import { withFileLock } from ${JSON.stringify(module)};
    for (let i = 0; i < 50; i++)
      withFileLock(${JSON.stringify(`${counter}.lock`)}, () => {
        const before = Number(readFileSync(${JSON.stringify(counter)}, "utf8"));
        writeFileSync(${JSON.stringify(counter)}, String(before + 1));
      });`;
  const runs = [1, 2, 3].map(
    () =>
      new Promise((resolve) => {
        spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script]).once(
          "exit",
          resolve,
        );
      }),
  );
  expect(await Promise.all(runs)).toEqual([0, 0, 0]);
  expect(readFileSync(counter, "utf8")).toBe("150");
});
