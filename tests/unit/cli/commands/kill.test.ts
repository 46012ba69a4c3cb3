import { describe, expect, it } from "vitest";
import { registerKill } from "../../../../server/cli/commands/kill.ts";
import type { AccountView } from "../../../../server/contract/views.ts";
import { readLatch } from "../../../../server/link/latch.ts";
import { deskView, startEngineEnd } from "../../link/fixture.ts";
import { demoHome, run } from "./atDesk.ts";

const SEALED = { account: "alpha", status: "READY", clearedAtUs: 10, sealedAtUs: 20 };

describe("kill", () => {
  it("prints the receipt for a program, the steps beside it, and ends well once all is sealed", async () => {
    const home = demoHome();
    const engine = await startEngineEnd(home, {
      onQuestion: () => deskView({ state: "KILLED", accounts: [SEALED as AccountView] }),
    });
    const { exitCode, stdout, stderr } = await run(registerKill, "kill", "--json", "--reason", "a drill");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ state: "KILLED", reason: "a drill", accounts: [SEALED] });
    expect(stderr).toMatch(/latched on disk[^]*stopped quoting[^]*alpha: sealed/);
    expect(engine.commands).toMatchObject([
      { reason: "a drill", command: { type: "setTradingState", scope: { level: "desk" }, state: "KILLED" } },
    ]);
    expect(readLatch(home).entries).toMatchObject([{ scope: { level: "desk" }, state: "KILLED" }]);
  });

  it("fails with the receipt and its failure when the engine does not obey", async () => {
    const home = demoHome();
    await startEngineEnd(home, {
      onCommand: () => Promise.resolve({ accepted: false, code: "FORBIDDEN", text: "not this one" }),
    });
    const { exitCode, stdout, stderr } = await run(registerKill, "kill", "--json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ failure: "FORBIDDEN: not this one", accounts: [] });
    expect(stderr).toContain("FORBIDDEN: not this one\n");
    expect(stderr).not.toContain("stopped and sealed");
    expect(readLatch(home).entries).toHaveLength(1);
  });
});
