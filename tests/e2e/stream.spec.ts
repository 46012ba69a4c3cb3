import type { Page } from "@playwright/test";
import { openProxy } from "../support/e2eProxy.ts";
import { pauseQuoting } from "../support/e2eTruth.ts";
import { isPhone } from "./bar.ts";
import { fillsAtLab, fillsInExport, fillsInTable, TALL } from "./fills.ts";
import { expect, NETWORK_ERRORS, test } from "./fixtures.ts";

/** Enough that a gap would be seen. */
const MISSED_MIN = 3;

/** One venue of the three: the rows of the whole test fit the table. */
const VENUE = "kraken";

test.describe("a stream that is cut", () => {
  test.use({
    expectedErrors: NETWORK_ERRORS,
    viewport: ({ viewport, isMobile }, use) => use(isMobile ? viewport : TALL),
  });

  test("says so, greys what is old, and goes on without a gap or a repetition", async ({ page, desk }) => {
    const proxy = await openProxy(desk.port);
    try {
      await page.goto(`${proxy.origin}/orders?tab=fills&account=${VENUE}`);
      const connection = page.getByRole("banner").getByRole("status", { name: "Connection" });
      await expect(connection).toHaveText("● live");
      await expect.poll(() => countShown(page)).toBeGreaterThan(0);
      await expect(oldInBar(page)).toHaveCount(0);
      await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));

      const atVenue = async () => (await fillsAtLab(desk.home)).filter((key) => key.startsWith(VENUE));
      const shownBefore = await countShown(page);
      const before = new Set(await atVenue());
      proxy.cut();
      await expect(connection).toHaveText("▲ disconnected");
      await expect(connection).toBeInViewport({ ratio: 1 });
      await expect(oldInBar(page), "state, lights, net, day").toHaveCount(4);
      await expect(page.getByRole("list", { name: /^Venues, as of .* ago$/ })).toBeVisible();
      const missed = async () => (await atVenue()).filter((key) => !before.has(key));
      await expect.poll(async () => (await missed()).length, { timeout: 60_000 }).toBeGreaterThan(MISSED_MIN);
      expect(
        await countLacking(page, await missed(), shownBefore),
        "fills that the page cannot know of",
      ).toBeGreaterThan(0);

      proxy.join();
      await expect(connection).toHaveText("● live");
      await expect(oldInBar(page)).toHaveCount(0);
      await pauseQuoting(desk.home);
      const expected = await missed();
      await expect.poll(() => countLacking(page, expected, shownBefore)).toBe(0);
      const shown = isPhone(page) ? await fillsInExport(page) : await fillsInTable(page);
      expect(
        expected.filter((key) => !shown.includes(key)),
        "no gap",
      ).toEqual([]);
      expect(new Set(shown).size, "no fill twice").toBe(shown.length);
      const all = new Set(await atVenue());
      expect(
        shown.filter((key) => !all.has(key)),
        "no fill that the lab does not know",
      ).toEqual([]);
      expect(await page.evaluate(() => "isSamePage" in globalThis)).toBe(true);
    } finally {
      await proxy.close();
    }
  });
});

/** What the bar shows greyed. */
function oldInBar(page: Page) {
  return page.getByRole("banner").locator("[data-stale]").filter({ visible: true });
}

/** How many of the fills the page does not show. The items of a phone have no trade in them: there they are counted. */
async function countLacking(page: Page, fills: readonly string[], shownBefore: number): Promise<number> {
  if (isPhone(page)) return Math.max(0, fills.length - ((await countShown(page)) - shownBefore));
  const shown = new Set(await fillsInTable(page));
  return fills.filter((key) => !shown.has(key)).length;
}

async function countShown(page: Page): Promise<number> {
  if (!isPhone(page)) return (await fillsInTable(page)).length;
  const [first] = await page.getByLabel("Fills, newest first").getByRole("listitem").all();
  return first === undefined ? 0 : Number(await first.getAttribute("aria-setsize"));
}
