import type { Page } from "@playwright/test";
import { readLatch } from "../../server/link/latch.ts";
import { startDesk, stopDesk, type TestDesk } from "../support/e2eDesk.ts";
import { countOpenOrders, isSealed } from "../support/e2eTruth.ts";
import { deskState, holdStop, openArm, receipt } from "./bar.ts";
import { expect, NETWORK_ERRORS, test } from "./fixtures.ts";

/** Playwright's own pauses grow to a second. */
const POLL_MS = [200];

/** What the lab's own accounts have, not what the desk believes. */
function openOrders({ home }: TestDesk) {
  const message = "open orders at the lab";
  return expect.poll(() => countOpenOrders(home), { timeout: 30_000, intervals: POLL_MS, message });
}

async function arm(page: Page): Promise<void> {
  await openArm(page);
  const dialog = page.getByRole("dialog", { name: "Arm or resume" });
  const confirm = dialog.getByRole("button", { name: "Arm the desk" });
  await expect(confirm).toBeDisabled();
  await dialog.getByRole("textbox", { name: "Reason" }).fill("looked at every venue");
  await confirm.click();
  await expect(dialog).toBeHidden();
  // The sheet of a phone goes with it.
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

test("a short press stops nothing, and says how it is done", async ({ page, desk }) => {
  await page.goto("/");
  await expect(deskState(page)).toContainText("ACTIVE");
  const button = page.getByRole("button", { name: /^Stop everything/ });
  // It could be clicked; down and up come from the page itself, so that no round trip makes them a hold.
  await button.click({ trial: true });
  await button.evaluate((element) => {
    for (const type of ["pointerdown", "pointerup"])
      element.dispatchEvent(new PointerEvent(type, { bubbles: true }));
  });
  await expect(page.getByRole("list", { name: "Messages" })).toContainText("Hold STOP");
  expect(readLatch(desk.home).entries).toEqual([]);
  await expect(deskState(page)).toContainText("ACTIVE");
});

test("the held stop leaves no order at any venue, shows its proof, and is armed again with a reason", async ({
  page,
  desk,
}) => {
  await page.goto("/");
  await expect(deskState(page)).toContainText("ACTIVE");
  await openOrders(desk).toBeGreaterThan(0);

  await holdStop(page);
  await expect(receipt(page)).toContainText("STOPPED");
  for (const venue of ["Binance", "OKX", "Kraken"])
    await expect(receipt(page)).toContainText(`✓ ${venue} sealed`);
  await openOrders(desk).toBe(0);
  expect(readLatch(desk.home).entries).toMatchObject([{ scope: { level: "desk" }, state: "KILLED" }]);
  await receipt(page).getByRole("button", { name: "Close receipt" }).click();
  await expect(deskState(page)).toContainText("KILLED");

  await arm(page);
  await expect(deskState(page)).toContainText("ACTIVE");
  expect(readLatch(desk.home).entries).toEqual([]);
  await openOrders(desk).toBeGreaterThan(0);
});

test("the stop's keys pressed twice stop the desk from any page @desktop", async ({ page, desk }) => {
  await page.goto("/help");
  await expect(deskState(page)).toContainText("ACTIVE");
  await page.keyboard.press("Control+.");
  await expect(page.getByRole("list", { name: "Messages" })).toContainText("again to stop everything");
  // The first press may be too long ago on a slow machine: then this is two presses of its own.
  await page.keyboard.press("Control+.");
  await page.keyboard.press("Control+.");
  await expect(receipt(page)).toContainText("STOPPED");
  await openOrders(desk).toBe(0);
});

test.describe("a stop", () => {
  test.use({ expectedErrors: NETWORK_ERRORS });

  test("outlives a restart of everything, and the open page finds the desk again", async ({ page, desk }) => {
    await page.goto("/");
    await expect(deskState(page)).toContainText("ACTIVE");
    await holdStop(page);
    await expect(receipt(page)).toContainText("STOPPED");
    await stopDesk(desk);
    await expect(page.getByText("▲ disconnected")).toBeVisible();
    await startDesk(desk);

    // A start arms a demo desk by itself, but never against a latch.
    await receipt(page).getByRole("button", { name: "Close receipt" }).click();
    await expect(deskState(page)).toContainText("KILLED");
    await expect(page.getByText("● live").filter({ visible: true })).toBeVisible();
    expect(readLatch(desk.home).entries).toHaveLength(1);
    await openOrders(desk).toBe(0);
    await expect.poll(() => isSealed(desk.home), { intervals: POLL_MS }).toBe(true);

    await arm(page);
    await expect(deskState(page)).toContainText("ACTIVE");
    await openOrders(desk).toBeGreaterThan(0);
  });
});
