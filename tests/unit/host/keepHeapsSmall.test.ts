import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { FROM_START, ONCE_WARM } from "../../../server/host/keepHeapsSmall.ts";

it("sets flags that this version of V8 knows: it says nothing of others", () => {
  const known = execFileSync(process.execPath, ["--v8-options"], { encoding: "utf8" });
  for (const flag of [...FROM_START, ...ONCE_WARM])
    expect(known).toMatch(new RegExp(`^\\s+${flag.split("=")[0]} \\(`, "mu"));
});
