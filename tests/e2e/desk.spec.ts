import AxeBuilder from "@axe-core/playwright";
import { pauseQuoting } from "../support/e2eTruth.ts";
import { deskState, goTo } from "./bar.ts";
import { expect, test } from "./fixtures.ts";

test("the Desk shows every venue's quotes, and they move", async ({ page }) => {
  await page.goto("/");
  await expect(deskState(page)).toContainText("ACTIVE");
  await expect(
    page.getByRole("list", { name: "Venues" }).filter({ visible: true }).getByRole("listitem"),
  ).toHaveCount(3);
  const grid = page.getByRole("table", { name: "Symbols by venue" });
  for (const venue of ["Binance BTC/USDT", "OKX BTC/USDT", "Kraken BTC/USD"])
    await expect(grid.getByRole("button", { name: new RegExp(`^${venue} bid: [\\d,.]+, `) })).toBeVisible();
  const bid = grid.getByRole("button", { name: /^Binance BTC\/USDT bid:/ });
  const before = await bid.getAttribute("aria-label");
  await expect(bid).not.toHaveAttribute("aria-label", before ?? "");
  await expect(page.getByRole("list", { name: "Newest fills" }).getByRole("listitem").first()).toBeVisible();
});

test("the Desk says of every venue whether its books agree with ours, and how often that is looked at", async ({
  page,
}) => {
  await page.goto("/");
  const venues = page.getByRole("list", { name: "Venue accounts" });
  await expect(venues.getByRole("listitem")).toHaveText([
    /^Binance.*READY.*every 12 s/,
    /^OKX.*READY.*every 3 s/,
    /^Kraken.*READY.*every 46 s/,
  ]);
});

test("a quote explains itself, stage by stage", async ({ page }) => {
  await page.goto("/");
  const dialog = page.getByRole("dialog", { name: "Binance BTC/USDT: why this quote" });
  // A page that has just opened may not listen yet.
  await expect(async () => {
    await page.getByRole("button", { name: /^Binance BTC\/USDT bid:/ }).click({ timeout: 2_000 });
    await expect(dialog).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await expect(dialog.getByText("half-spread")).toBeVisible();
  await expect(dialog.getByText("tick rounding")).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toBeHidden();
});

test("a lock that comes moves nothing under the pointer, and is there once the pointer has gone @desktop", async ({
  page,
  desk,
}) => {
  await page.goto("/");
  await expect(deskState(page)).toContainText("ACTIVE");
  const panel = page.getByRole("region", { name: "Alerts and locks" });
  const locks = panel.getByRole("list", { name: "Locks" });
  await panel.getByRole("group", { name: "Locks and alerts" }).hover();
  const before = await locks.innerText();
  await pauseQuoting(desk.home);
  await expect(deskState(page)).toContainText("PAUSED");
  await expect(panel.getByText("held", { exact: true })).toBeVisible();
  expect(await locks.innerText()).toBe(before);
  await page.mouse.move(0, 0);
  await expect(locks).toContainText("the desk is PAUSED");
});

test("the theme is chosen in the bar and stays @desktop", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Theme and colours" }).click();
  await page.getByRole("menuitemradio", { name: "Light" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
});

for (const name of ["Market", "Orders", "Parameters", "Help", "Desk"])
  test(`the page ${name} opens from the bar and fits the screen`, async ({ page }) => {
    await page.goto(name === "Desk" ? "/help" : "/");
    await goTo(page, name);
    await expect(page).toHaveURL(new RegExp(name === "Desk" ? "/$" : `/${name.toLowerCase()}`));
    await expect(deskState(page)).toContainText("ACTIVE");
    await expect(page.locator("[data-state=error]")).toHaveCount(0);
    // Sideways a page never scrolls: what is wider scrolls in its own frame.
    const [content, screen] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(content).toBeLessThanOrEqual(screen ?? 0);
    await expect(page.locator("[data-state=loading]")).toHaveCount(0);
    // A tint that fades is none of the colours that a person reads by.
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    const axe = new AxeBuilder({ page });
    expect(await barriers(axe.withTags(["wcag2a", "wcag2aa"]))).toEqual([]);
    await page.emulateMedia({ colorScheme: "light" });
    // All but the colours is the same.
    expect(await barriers(axe.withRules("color-contrast"))).toEqual([]);
  });

/** What keeps people from using the page: each rule that is broken, and where. */
async function barriers(rules: AxeBuilder): Promise<readonly string[]> {
  // Without frames there is nothing to gather in a page of its own.
  const { violations } = await rules.setLegacyMode().analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}
