import type { Locator, Page } from "@playwright/test";
import { clearParameter, readGamma } from "../support/e2eTruth.ts";
import { deskState } from "./bar.ts";
import { expect, test } from "./fixtures.ts";

/** Far beyond what the model wants of itself, and below the maximum at which it stops quoting. */
const ADDED_BPS = 20;
const WIDE_BPS = 12;

/** What the test sets at the desk. */
const TWEAKED = ["spreadAddBps", "spreadMultiplier", "riskAversionPerQuote", "riskAversionSource"] as const;

/** How far our bid is from the mid of others, as the Desk shows it. */
async function bidDistanceBps(desk: Page): Promise<number> {
  const text = await desk.getByRole("button", { name: /^Binance BTC\/USDT bid:/ }).innerText();
  return Number(/([\d.]+) bps/.exec(text)?.[1] ?? Number.NaN);
}

function field(page: Page, label = "Spread add-on"): Locator {
  return page.getByRole("textbox", { name: new RegExp(`^${label}`) });
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
  // One by one: γ does nothing without its source, and what does nothing is refused.
  for (const name of TWEAKED) await clearParameter(desk.home, name);
  const gamma = await readGamma(desk.home);
  const watch = await context.newPage();
  const other = await context.newPage();
  // Each takes its time to come up, and none needs the others.
  await Promise.all([watch.goto("/"), page.goto("/parameters"), other.goto("/parameters")]);
  await expect(deskState(watch)).toContainText("ACTIVE");
  await expect.poll(() => bidDistanceBps(watch)).toBeLessThan(WIDE_BPS);
  for (const tab of [page, other]) await expect(field(tab)).toHaveValue("0");
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
  // Half of the risk aversion, and less of the spread: narrower, each for itself.
  await other.getByRole("combobox", { name: /^Risk aversion from/ }).selectOption("direct");
  const halved = Number((gamma / 2).toPrecision(2));
  await field(other, "Risk aversion γ").fill(String(halved));
  await field(other, "Spread multiplier").fill("0.9");
  await apply(other, "narrower again");
  const second = await expectQuoting(other);
  expect(second).not.toBe(version);
  await expect.poll(() => bidDistanceBps(watch)).toBeLessThan(WIDE_BPS);
  await expect(field(page)).toHaveValue("3");
  await expect(field(page, "Spread multiplier")).toHaveValue("0.9");
  expect(await readGamma(desk.home)).toBe(halved);

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
  await expect(field(page, "Spread multiplier")).toHaveValue("1");
  expect(await readGamma(desk.home)).not.toBe(halved);
});
