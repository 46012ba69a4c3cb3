import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DeskProcess } from "../../../../server/bench/soak/deskProcess.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "crossdesk-desk-"))));
afterEach(() => rmSync(folder, { recursive: true }));

it.runIf(process.platform === "linux")("is not started again once it was stopped or given up", async () => {
  for (const end of ["stop", "abandon"] as const) {
    const findings: string[] = [];
    const desk = new DeskProcess({
      folder,
      home: join(folder, "demo"),
      port: 0,
      distDir: "none",
      isLabApart: true,
      note: () => undefined,
      onFinding: (text) => void findings.push(text),
    });
    await desk[end]();
    await expect(desk.comeBack()).rejects.toThrow("is not started again");
    expect(findings).toEqual([]);
  }
  // The logs of those that were started.
  for (const name of ["start.log", "lab.log"]) expect(existsSync(join(folder, name))).toBe(false);
});
