import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createLog } from "../../../server/host/log.ts";

function linesOf(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog("lab", (line) => lines.push(line)));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("the log", () => {
  it("writes one line of JSON per entry, with time, level, name and fields", () => {
    const [entry] = linesOf((log) => log.warn("a feed is late", { account: "alpha", lagMs: 12 }));
    expect(entry).toMatchObject({
      level: "warn",
      name: "lab",
      text: "a feed is late",
      account: "alpha",
      lagMs: 12,
    });
    expect(new Date(String(entry?.["time"])).getTime()).toBeGreaterThan(1.7e12);
  });

  it("lets no field take the place of the text", () => {
    const [entry] = linesOf((log) => log.info("dropped", { text: "other", level: "other" }));
    expect(entry).toMatchObject({ level: "info", text: "dropped" });
  });

  it("writes bigints and errors with their cause as text", () => {
    const error = new Error("outer", { cause: new Error("inner") });
    const [entry] = linesOf((log) => log.error("failed", { atoms: 2n ** 80n, error }));
    expect(entry?.["atoms"]).toBe("1208925819614629174706176");
    expect(entry?.["error"]).toMatchObject({ message: "outer", cause: { message: "inner" } });
  });

  it("keeps a text with line breaks on one line", () => {
    const lines: string[] = [];
    createLog("lab", (line) => lines.push(line)).info("two\nlines");
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain("\n");
  });

  it("has written its line to standard error when the process is killed at once", () => {
    const module = join(import.meta.dirname, "../../../server/host/log.ts");
    const script = `import { createLog } from ${JSON.stringify(module)}; createLog("x").info("last word"); process.kill(process.pid, "SIGKILL");`;
    const { stderr } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script]);
    expect(stderr.toString()).toContain("last word");
  });
});
