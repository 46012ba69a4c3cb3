/** The command line as its user meets it: a process with two streams and an exit code. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const directory = mkdtempSync(join(tmpdir(), "crossdesk-cli-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function desk(...args: string[]): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      ["--import", "tsx", "server/cli/main.ts", ...args],
      (_error, stdout, stderr) => done({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

it("answers a wrong call with one line and exit code 2", async () => {
  const line = "unknown command 'doctr' (Did you mean doctor?); see --help\n";
  expect(await desk("doctr")).toEqual({ exitCode: 2, stdout: "", stderr: line });
});

describe("doctor", () => {
  it("prints with --json one object on standard output and the rest on standard error", async () => {
    const { exitCode, stdout, stderr } = await desk("doctor", "--home", join(directory, "home"), "--json");
    const { healthy, checks } = JSON.parse(stdout) as { healthy: boolean; checks: unknown[] };
    expect({ exitCode, healthy, count: checks.length }).toEqual({
      exitCode: healthy ? 0 : 1,
      healthy,
      count: 11,
    });
    expect(stderr).toMatch(/^ok +node: /);
  });

  it("exits 1 with the mend when something is fatal, and says so in the object too", async () => {
    const home = join(directory, "file");
    writeFileSync(home, "in the way");
    const { exitCode, stdout, stderr } = await desk("doctor", "--home", home, "--json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ healthy: false });
    expect(stderr).toMatch(/→ give this user write access to .*\n/);
    expect(stderr).toMatch(/cannot run here: mend data directory, database and call doctor again\n$/);
  });
});
