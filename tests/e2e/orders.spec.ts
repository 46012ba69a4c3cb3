import { countOpenOrders, pauseQuoting } from "../support/e2eTruth.ts";
import { isPhone } from "./bar.ts";
import { expect, test } from "./fixtures.ts";

test("open orders are those of the venues, and go when quotes are pulled", async ({ page, desk }) => {
  await page.goto("/orders");
  const open = page.getByRole("region", { name: "Open orders" });
  await expect(open.getByText(/^[1-9]\d* open$/)).toBeVisible();
  await expect.poll(() => countOpenOrders(desk.home)).toBeGreaterThan(0);
  await pauseQuoting(desk.home);
  await expect(open).toContainText("No order works now.");
});

test("fills are filtered, and the filter is in the address", async ({ page }) => {
  await page.goto("/orders");
  await page.getByRole("tab", { name: "Fills" }).click();
  const list = page.getByLabel("Fills, newest first");
  await expect(list.getByText("buy").first()).toBeVisible();
  if (isPhone(page)) await page.getByText(/^Filter/).click();
  await page
    .getByRole("combobox", { name: "Venue" })
    .filter({ visible: true })
    .selectOption({ label: "Kraken" });
  await expect(page).toHaveURL(/account=kraken/);
  await expect(list.getByText("Kraken").first()).toBeVisible();
  await expect(list.getByText("Binance")).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("tab", { name: "Fills" })).toHaveAttribute("aria-selected", "true");
  await expect(list.getByText("Kraken").first()).toBeVisible();
  await expect(list.getByText("Binance")).toHaveCount(0);
});
