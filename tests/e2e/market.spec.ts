import { expect, test } from "./fixtures.ts";

test("the Market page shows chart, ladders with our orders, and why a quote is where it is", async ({
  page,
}) => {
  await page.goto("/market/BTC");
  const ladders = page.getByRole("region", { name: "Ladders" });
  for (const venue of ["Binance", "OKX", "Kraken"])
    await expect(ladders.getByRole("button", { name: new RegExp(`^${venue}`) }).first()).toBeVisible();
  await expect(ladders.getByText(/our (bid|ask)/).first()).toBeAttached();

  const why = page.getByRole("region", { name: "Why this quote" });
  await expect(why.getByRole("row", { name: /^half-spread/ })).toBeVisible();
  await expect(why.getByRole("row", { name: /^wanted quote/ })).toContainText("USDT");
  await why.getByRole("radiogroup", { name: "Venue" }).getByText("Kraken").click();
  await expect(why.getByRole("row", { name: /^wanted quote/ })).not.toContainText("USDT");
  await expect(page.getByRole("img", { name: /^BTC: venue mids, fair value/ })).toBeVisible();
});

test("a market that the desk does not trade is said to be none, with the way to the others @desktop", async ({
  page,
}) => {
  await page.goto("/market/DOGE");
  await expect(page.getByRole("heading", { name: "This desk does not trade DOGE" })).toBeVisible();
  await page.getByRole("link", { name: "ETH", exact: true }).click();
  await expect(page.getByRole("region", { name: "Ladders" })).toBeVisible();
});
