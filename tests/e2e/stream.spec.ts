import { openProxy } from "../support/e2eProxy.ts";
import { pauseQuoting } from "../support/e2eTruth.ts";
import { fillsAtLab, fillsInTable, TALL } from "./fills.ts";
import { expect, NETWORK_ERRORS, test } from "./fixtures.ts";

/** Enough that a gap would be seen. */
const MISSED_MIN = 3;

/** One venue of the three: the rows of the whole test fit the table. */
const VENUE = "kraken";

test.describe("a stream that is cut", () => {
  test.use({ expectedErrors: NETWORK_ERRORS, viewport: TALL });

  test("says so, and goes on without a gap or a repetition @desktop", async ({ page, desk }) => {
    const proxy = await openProxy(desk.port);
    try {
      await page.goto(`${proxy.origin}/orders?tab=fills&account=${VENUE}`);
      const live = page.getByText("● live").filter({ visible: true });
      await expect(live).toBeVisible();
      await expect.poll(async () => (await fillsInTable(page)).length).toBeGreaterThan(0);
      await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));

      const atVenue = async () => (await fillsAtLab(desk.home)).filter((key) => key.startsWith(VENUE));
      const before = new Set(await atVenue());
      proxy.cut();
      await expect(page.getByText("▲ disconnected")).toBeVisible();
      const missed = async () => (await atVenue()).filter((key) => !before.has(key));
      await expect.poll(async () => (await missed()).length, { timeout: 60_000 }).toBeGreaterThan(MISSED_MIN);
      const shownWhileCut = new Set(await fillsInTable(page));
      const unseen = (await missed()).filter((key) => !shownWhileCut.has(key));
      expect(unseen.length, "fills that the page cannot know of").toBeGreaterThan(0);

      proxy.join();
      await expect(live).toBeVisible();
      await pauseQuoting(desk.home);
      const expected = await missed();
      await expect
        .poll(async () => {
          const shown = new Set(await fillsInTable(page));
          return expected.filter((key) => !shown.has(key));
        })
        .toEqual([]);
      const shown = await fillsInTable(page);
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
