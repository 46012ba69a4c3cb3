import { describe, expect, it, onTestFinished } from "vitest";
import { registerStatus } from "../../../../server/cli/commands/status.ts";
import { consumeStartToken } from "../../../../server/host/startTokens.ts";
import { writeLatch } from "../../../../server/link/latch.ts";
import { openControl } from "../../../../server/supervisor/control.ts";
import { deskView, startEngineEnd } from "../../link/fixture.ts";
import { demoHome, run } from "./atDesk.ts";

const ORIGIN = "http://127.0.0.1:4100";

async function supervise(home: string): Promise<void> {
  const web = { name: "web", pid: undefined, restarts: 2, startedAtMs: 1, trouble: "exit code 1" };
  const status = () => ({
    pid: 4_711,
    home,
    url: ORIGIN,
    startedAtMs: 1,
    phase: "running",
    processes: [web],
  });
  const control = await openControl(home, { status, stop: () => undefined });
  onTestFinished(() => control.close());
}

describe("status", () => {
  it("says what runs, what is in trouble, and what is latched", async () => {
    const home = demoHome();
    await supervise(home);
    await startEngineEnd(home, { onQuestion: () => deskView({ state: "KILLED", paramVersion: 3 }) });
    writeLatch(home, {
      receiptId: "r1",
      scope: { level: "desk" },
      state: "KILLED",
      actor: "ann",
      reason: "a drill",
      atMs: 0,
    });
    const { exitCode, stdout } = await run(registerStatus, "status");
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`running, pid 4711, ${ORIGIN}`);
    expect(stdout).toContain("exit code 1, started again 2 times");
    expect(stdout).toContain("KILLED, parameters v3");
    expect(stdout).toContain("desk KILLED by ann, 1970-01-01T00:00:00.000Z: a drill");
  });

  it("of a desk that is not there says so, and has no address", async () => {
    demoHome();
    const { exitCode, stdout } = await run(registerStatus, "status", "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ latch: [] });
    expect(JSON.parse(stdout)).not.toHaveProperty("supervisor");
    const address = await run(registerStatus, "status", "--url");
    expect(address.exitCode).toBe(1);
    expect(address.stdout).toBe("");
    expect(address.stderr).toBe("no desk is running: npm start starts one\n");
  });

  it("prints an address with a token of its own that is good once, and nothing else", async () => {
    const home = demoHome();
    await supervise(home);
    const { exitCode, stdout } = await run(registerStatus, "status", "--url");
    expect(exitCode).toBe(0);
    const [, token = ""] = /^http:\/\/127\.0\.0\.1:4100\/start\?token=(\S+)\n$/.exec(stdout) ?? [];
    expect([consumeStartToken(home, token), consumeStartToken(home, token)]).toEqual([true, false]);
  });
});
