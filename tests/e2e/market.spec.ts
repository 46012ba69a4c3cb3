import { expect, test } from "./fixtures.ts";

test("the Market page shows chart, ladders with our orders, and why a quote is where it is", async ({
  page,
}) => {
  await page.goto("/market/BTC");
  const ladders = page.getByRole("region", { name: "Ladders" });
  for (const venue of ["Binance", "OKX", "Kraken"])
    await expect(
      ladders.getByRole("button", { name: new RegExp(`^${venue} [\\d.]+ s `) }).first(),
    ).toBeVisible();
  await expect(ladders.getByText(/our (bid|ask)/).first()).toBeAttached();

  const why = page.getByRole("region", { name: "Why this quote" });
  await expect(why.getByRole("row", { name: /^half-spread/ })).toBeVisible();
  await expect(why.getByRole("row", { name: /^wanted quote/ })).toContainText("USDT");
  await why.getByRole("radiogroup", { name: "Venue" }).getByText("Kraken").click();
  await expect(why.getByRole("row", { name: /^wanted quote/ })).not.toContainText("USDT");
  await expect(page.getByRole("img", { name: /^BTC: venue mids, fair value/ })).toBeVisible();
});

test("a second of the past explains itself, and the way back to now is beside it @desktop", async ({
  page,
}) => {
  await page.goto("/market/BTC");
  const why = page.getByRole("region", { name: "Why this quote" });
  const chart = page.getByRole("img", { name: /^BTC: venue mids, fair value/ });
  await expect(why.getByRole("row", { name: /^half-spread/ })).toBeVisible();
  const then = why.getByText(/^as it was at \d\d:\d\d:\d\d UTC$/);
  // The page has to have been open for as long as it looks back.
  await expect(async () => {
    // From the newest second: the arrows go on from where they were.
    await chart.press("Escape");
    for (let second = 0; second < 4; second += 1) await chart.press("ArrowLeft");
    await chart.press("Enter");
    await expect(then).toBeVisible({ timeout: 3_000 });
    await expect(why.getByRole("row", { name: /^half-spread/ })).toBeVisible({ timeout: 3_000 });
  }).toPass();
  const stages = why.getByRole("table");
  const before = await stages.innerText();
  const clock = page.getByTitle("the engine's clock");
  const at = await clock.textContent();
  await expect(clock).not.toHaveText(at ?? "");
  expect(await stages.innerText(), "what is past stands still").toBe(before);
  await why.getByRole("button", { name: "Back to now" }).click();
  await expect(then).toBeHidden();
});

test("the Market page shows every estimator with its interval and state, and what other models would quote", async ({
  page,
}) => {
  await page.goto("/market/BTC");
  const model = page.getByRole("region", { name: "Model", exact: true });
  await expect(model.getByText("GLFT", { exact: true })).toBeVisible();
  await expect(model.getByText(/ per USD/).first()).toBeVisible();
  await expect(model.getByText(/a minute$/)).toBeVisible();

  const estimators = page.getByRole("region", { name: "Estimators" });
  const table = estimators.getByRole("grid", { name: "Estimators by venue" });
  for (const venue of ["Binance", "OKX", "Kraken"])
    await expect(table.getByRole("columnheader", { name: venue })).toBeAttached();
  const decay = table.getByRole("row", { name: /^fill decay 1\/k/ });
  await expect(decay.getByRole("gridcell").first()).toContainText(/\d ± \d.*(warm|trusted|stale)|cold/s);
  await expect(estimators.getByText(/\d ± \d+\.\d\d bps\/√s/)).toBeVisible();

  const selection = page.getByRole("region", { name: "Adverse selection" });
  await expect(selection.getByRole("row", { name: /^Kraken ask/ })).toContainText(/normal|wide|withdrawn/);

  const models = page.getByRole("region", { name: "Models side by side" });
  await expect(models.getByRole("row", { name: /^GLFT ?, in force/ })).toHaveCount(3);
  const symmetric = models.getByRole("row", { name: /^symmetric/ }).first();
  await expect(symmetric).toContainText(/[+−]?\d+\.\d\d$/);
  await expect(page.getByRole("region", { name: "Information shares" })).toBeVisible();
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
    "the page does not scroll sideways",
  ).toBe(true);
});

test("arrows walk over the estimators, and each tells what lies behind it @desktop", async ({ page }) => {
  await page.goto("/market/BTC");
  const table = page.getByRole("grid", { name: "Estimators by venue" });
  const decay = table.getByRole("row", { name: /^fill decay 1\/k/ });
  const first = decay.getByRole("button").first();
  const tip = page.getByRole("tooltip");
  // A tip closes when the page scrolls under it: to what has the focus, or as panels above come in.
  await expect(async () => {
    await first.blur();
    await first.focus();
    await expect(tip).toContainText("fill decay 1/k: distance over which fills fall by a factor e", {
      timeout: 2_000,
    });
  }).toPass({ timeout: 30_000 });
  await expect(tip).toContainText(/n \d/);
  await page.keyboard.press("ArrowDown");
  await expect(tip).toContainText("fill rate A: ");
  await page.keyboard.press("ArrowRight");
  await expect(
    table
      .getByRole("row", { name: /^fill rate A/ })
      .getByRole("button")
      .nth(1),
  ).toBeFocused();
});

test("a market that the desk does not trade is said to be none, with the way to the others @desktop", async ({
  page,
}) => {
  await page.goto("/market/DOGE");
  await expect(page.getByRole("heading", { name: "This desk does not trade DOGE" })).toBeVisible();
  await page.getByRole("link", { name: "ETH", exact: true }).click();
  await expect(page.getByRole("region", { name: "Ladders" })).toBeVisible();
});
