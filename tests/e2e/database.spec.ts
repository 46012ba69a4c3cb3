import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { readRecorderStatus } from "../../server/recorder/statusFile.ts";
import { askSupervisor } from "../../server/supervisor/control.ts";
import { databaseFolder, type TestDesk } from "../support/e2eDesk.ts";
import { pauseQuoting } from "../support/e2eTruth.ts";
import { deskState, goTo } from "./bar.ts";
import { fillsAtLab, fillsInExport } from "./fills.ts";
import { expect, NETWORK_ERRORS, test } from "./fixtures.ts";

async function pidOf(name: string, home: string): Promise<number> {
  const status = await askSupervisor(home, "status");
  const pid = status?.processes.find((one) => one.name === name)?.pid;
  if (pid === undefined) throw new Error(`no ${name} runs: ${JSON.stringify(status)}`);
  return pid;
}

/** Kills the database, and keeps the supervisor from starting another until it is let go. */
async function takeDatabaseAway({ dir, home }: TestDesk): Promise<() => void> {
  const settings = join(databaseFolder(dir), "postgresql.conf");
  const pid = await pidOf("database", home);
  renameSync(settings, `${settings}.away`);
  process.kill(pid, "SIGKILL");
  return () => {
    if (existsSync(`${settings}.away`)) renameSync(`${settings}.away`, settings);
  };
}

test.describe("without its database", () => {
  test.use({ expectedErrors: NETWORK_ERRORS });

  test("the desk goes on trading and says what it cannot show; back again nothing is lost", async ({
    page,
    desk,
  }) => {
    const missingPast = page
      .getByRole("region", { name: "Day P&L by part" })
      .getByText("Earlier today cannot be read from the database");
    const bringBack = await takeDatabaseAway(desk);
    const recorder = await pidOf("recorder", desk.home);
    try {
      await expect.poll(() => readRecorderStatus(desk.home)?.database).toBe("down");
      const before = (await fillsAtLab(desk.home)).length;
      await page.goto("/orders?tab=fills");
      await expect(page.getByText("Only what the stream said is shown, and goes on")).toBeVisible();
      await expect(deskState(page)).toContainText("ACTIVE");
      await expect(page.getByText("● live").filter({ visible: true })).toBeVisible();
      await expect
        .poll(async () => (await fillsAtLab(desk.home)).length, { timeout: 60_000 })
        .toBeGreaterThan(before + 2);
      await goTo(page, "Desk");
      await expect(missingPast).toBeVisible();
      // The past can be read before what happened meanwhile is written.
      process.kill(recorder, "SIGSTOP");
      bringBack();
      // By itself, on the page that was there all the while.
      await expect(missingPast).toBeHidden({ timeout: 60_000 });
      const readAgain = page.waitForResponse((response) => response.url().includes("pnl.series"));
      process.kill(recorder, "SIGCONT");
      await readAgain;
    } finally {
      process.kill(recorder, "SIGCONT");
      bringBack();
    }
    await expect.poll(() => readRecorderStatus(desk.home)?.database, { timeout: 60_000 }).toBe("up");
    await pauseQuoting(desk.home);
    const expected = (await fillsAtLab(desk.home)).toSorted();
    await expect.poll(() => readRecorderStatus(desk.home)?.lagEvents).toBeLessThan(50);
    await page.goto("/orders?tab=fills");
    await expect(page.getByText("Only what the stream said is shown")).toBeHidden();
    await expect.poll(async () => (await fillsInExport(page)).toSorted()).toEqual(expected);
  });
});
