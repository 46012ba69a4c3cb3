import type { Locator, Page } from "@playwright/test";
import { clearParameter } from "../support/e2eTruth.ts";
import { deskState } from "./bar.ts";
import { expect, test } from "./fixtures.ts";

/** Far beyond what the model wants of itself, and below the maximum at which it stops quoting. */
const ADDED_BPS = 20;
const WIDE_BPS = 12;

/** How far our bid is from the mid of others, as the Desk shows it. */
async function bidDistanceBps(desk: Page): Promise<number> {
  const text = await desk.getByRole("button", { name: /^Binance BTC\/USDT bid:/ }).innerText();
  return Number(/([\d.]+) bps/.exec(text)?.[1] ?? Number.NaN);
}

function field(page: Page): Locator {
  return page.getByRole("textbox", { name: /^Spread add-on/ });
}

async function apply(page: Page, reason: string): Promise<void> {
  await page.getByRole("button", { name: "Apply …" }).click();
  await confirm(page, "Apply", reason);
}

async function confirm(page: Page, verb: string, reason: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("✓ The engine would take this.")).toBeVisible();
  await dialog.getByRole("textbox", { name: "Reason" }).fill(reason);
  await dialog.getByRole("button", { name: verb, exact: true }).click();
  await expect(dialog).toBeHidden();
}

/** The newest version in the history, once the engine quotes with it. */
async function expectQuoting(page: Page): Promise<string> {
  const steps = page.getByRole("status", { name: "What was applied" });
  await expect(steps).toContainText(/✓ quoting with v\d+/);
  return /v\d+/.exec(await steps.innerText())?.[0] ?? "";
}

test("watch, tweak, see the quotes move, meet another tab's change, take it back", async ({
  page,
  context,
  desk,
}) => {
  await clearParameter(desk.home, "spreadAddBps");
  const watch = await context.newPage();
  await watch.goto("/");
  await expect(deskState(watch)).toContainText("ACTIVE");
  await expect.poll(() => bidDistanceBps(watch)).toBeLessThan(WIDE_BPS);

  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto("/parameters");
    await expect(field(tab)).toHaveValue("0");
  }
  // The other tab has begun to edit before this one applies.
  await field(other).fill("3");

  await field(page).fill("much");
  await expect(page.getByText("must be a number")).toBeVisible();
  await field(page).fill(String(ADDED_BPS));
  await apply(page, "wider for a test");
  const version = await expectQuoting(page);
  await expect.poll(() => bidDistanceBps(watch)).toBeGreaterThan(WIDE_BPS);

  const conflict = other.getByRole("alert", { name: "Version conflict" });
  await expect(conflict).toContainText(`${version} was applied while you edited`);
  await expect(field(other)).toHaveValue("3");
  await conflict.getByRole("button", { name: `Re-base my edits on ${version}` }).click();
  await apply(other, "narrower again");
  const second = await expectQuoting(other);
  expect(second).not.toBe(version);
  await expect.poll(() => bidDistanceBps(watch)).toBeLessThan(WIDE_BPS);
  await expect(field(page)).toHaveValue("3");

  // Newest first: the other tab's change, then this one's.
  for (const [revert, value] of [
    [second, String(ADDED_BPS)],
    [version, "0"],
  ] as const) {
    await page.getByRole("button", { name: `Revert ${revert}`, exact: true }).click();
    await confirm(page, "Revert", "back as it was");
    await expect(field(page)).toHaveValue(value);
  }
  await expectQuoting(page);
  await expect.poll(() => bidDistanceBps(watch)).toBeLessThan(WIDE_BPS);
});
