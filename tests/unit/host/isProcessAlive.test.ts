import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { isProcessAlive } from "../../../server/host/isProcessAlive.ts";

describe("whether a process is alive", () => {
  it("is so of one that runs and not of one that has ended", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => 0, 1e3)"]);
    await once(child, "spawn");
    const pid = child.pid ?? 0;
    expect(isProcessAlive(pid)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isProcessAlive(pid)).toBe(false);
  });

  it.each([
    { code: "EPERM", is: true },
    { code: "ESRCH", is: false },
  ])("is $is when the system answers $code", ({ code, is }) => {
    const kill = vi.spyOn(process, "kill").mockImplementation(() => {
      throw Object.assign(new Error(code), { code });
    });
    onTestFinished(() => kill.mockRestore());
    expect(isProcessAlive(1)).toBe(is);
  });
});
