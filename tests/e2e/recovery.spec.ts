/**
 * A slice of `npm run soak -- recovery`, on pages that are built anyway: a desk of its own, started as a person does,
 * whose processes are killed. It has no browser. Times to READY are the soak's to judge, and so are crowded desks.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { describePlan, VICTIMS, type Plan } from "../../server/bench/soak/plan.ts";
import { SoakedDesk } from "../../server/bench/soak/recovery.ts";
import { DIST } from "../support/e2eDesk.ts";

const SEED = 1;
/** Market warm-up and request expiries pass faster; at more than this two slow cores cannot follow. */
const CLOCK_SPEED = 4;

const COMMON = { seed: SEED, fillsMin: 5, again: undefined, stops: false } as const;

test("a desk whose processes are killed has every fill once and keeps its promises", async () => {
  const plans: readonly Plan[] = [
    { ...COMMON, during: "trading", afterMs: 300, victims: VICTIMS },
    { ...COMMON, during: "stop", afterMs: 100, victims: ["web"] },
  ];
  const folder = mkdtempSync(join(tmpdir(), "crossdesk-recovery-"));
  // As root the database runs as somebody else, who has to get in.
  chmodSync(folder, 0o755);
  let desk: SoakedDesk | undefined;
  try {
    desk = await SoakedDesk.start({ folder, seed: SEED, clockSpeed: CLOCK_SPEED, distDir: DIST });
    for (const plan of plans) {
      const report = await desk.crash(plan);
      expect(report.findings, describePlan(plan)).toEqual([]);
      // Else there was nothing to lose, and nothing that came back.
      expect(report.fillsNew).toBeGreaterThanOrEqual(plan.fillsMin);
      expect(report.readyMs).toBeGreaterThan(0);
      expect(report.acts).toBeGreaterThan(0);
    }
    expect(await desk.stop()).toEqual([]);
  } finally {
    await desk?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
