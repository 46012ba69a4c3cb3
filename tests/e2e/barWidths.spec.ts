import type { Locator, Page } from "@playwright/test";
import { openProxy } from "../support/e2eProxy.ts";
import { deskState, holdStop, receipt } from "./bar.ts";
import { expect, NETWORK_ERRORS, test } from "./fixtures.ts";

const WIDTHS = [390, 640, 768, 1_024, 1_280, 1_440] as const;

/** Where least is in the line. */
const SHEET_AT = 640;

/** The receipt stands under the rest on the first, beside it on the second. */
const RECEIPT_WIDTHS = [390, 1_440] as const;

/** From here on the bar is one line. */
const ONE_LINE_FROM = 640;
const LINE_HEIGHT = 48;

test.describe("the bar", () => {
  test.use({ expectedErrors: NETWORK_ERRORS });

  test("cuts nothing at any width: quoting, stopped and disconnected @desktop", async ({ page, desk }) => {
    const proxy = await openProxy(desk.port);
    try {
      await page.goto(`${proxy.origin}/`);
      await expect(deskState(page)).toContainText("ACTIVE");
      await expect(page.getByRole("list", { name: "Newest fills" })).toBeVisible();
      await everyWidth(page, "● live");

      await holdStop(page);
      for (const width of RECEIPT_WIDTHS) {
        await resize(page, width);
        await expectVital(page, "● live");
      }
      await receipt(page).getByRole("button", { name: "Close receipt" }).click();
      await expect(page.getByRole("button", { name: "Arm the desk …" })).toBeInViewport({ ratio: 1 });
      await everyWidth(page, "● live");

      proxy.cut();
      await expect(connection(page)).toHaveText("▲ disconnected");
      await everyWidth(page, "▲ disconnected");
      await expect(page.getByRole("list", { name: /^Venues, as of .* ago$/ })).toBeVisible();
    } finally {
      await proxy.close();
    }
  });
});

/** Whatever the line has no room for is in the sheet, one press away; ends at the widest. */
async function everyWidth(page: Page, said: string): Promise<void> {
  for (const width of WIDTHS) {
    await resize(page, width);
    await expectVital(page, said);
    if (width >= ONE_LINE_FROM)
      expect((await line(page).boundingBox())?.height, `at ${width} px`).toBeLessThanOrEqual(LINE_HEIGHT);
    await expect.poll(() => cutInBar(page), `cut at ${width} px`).toEqual([]);
    if (width !== SHEET_AT) continue;
    await page.getByRole("button", { name: "Pages and settings" }).click();
    const sheet = page.getByRole("dialog", { name: "Crossdesk" });
    for (const figure of [/^net[+−\d]/, /^day[+−\d].*\d\d:\d\d:\d\d/])
      await expect(sheet.getByText(figure)).toBeInViewport({ ratio: 1 });
    await expect(connection(sheet)).toHaveText(said);
    await sheet.getByRole("button", { name: "Close" }).click();
    await expect(sheet).toBeHidden();
  }
}

async function resize(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
}

/** What never gives way, whole: neither the window nor anything around it cuts it. */
async function expectVital(page: Page, said: string): Promise<void> {
  await expect(connection(page)).toHaveText(said);
  const stop = page.getByRole("button", { name: /^Stop everything/ });
  const lights = page.getByRole("list", { name: /^Venues/ }).getByRole("listitem");
  await expect(lights).toHaveCount(3);
  const profile = page.getByRole("banner").getByTitle("profile demo");
  for (const item of [stop, connection(page), profile, deskState(page), ...(await lights.all())])
    await expect(item).toBeInViewport({ ratio: 1 });
}

/** Notes of trouble may stand under it. */
function line(page: Page): Locator {
  return page.getByRole("banner").locator("> div").first();
}

function connection(within: Page | Locator): Locator {
  return within.getByRole("status", { name: "Connection" });
}

/** Words of the bar that the window or an edge around them cuts; what has given way as a whole is none of them. */
function cutInBar(page: Page): Promise<readonly string[]> {
  return page.getByRole("banner").evaluate((banner) => {
    const cut: string[] = [];
    for (const item of banner.querySelectorAll<HTMLElement>("a, button, li, span, strong")) {
      const box = item.getBoundingClientRect();
      // Not shown, or for screen readers only.
      if (item.closest("[inert]") !== null || box.width <= 1) continue;
      let isCut = box.left < 0 || box.right > innerWidth;
      for (let edge: HTMLElement | null = item; edge !== null && edge !== banner; edge = edge.parentElement) {
        if (getComputedStyle(edge).overflowX === "visible") continue;
        const { left, right, top, bottom } = edge.getBoundingClientRect();
        // Words that end in dots.
        isCut ||= edge === item && edge.scrollWidth > edge.clientWidth + 1;
        isCut ||=
          box.left < left - 1 || box.right > right + 1 || box.top < top - 1 || box.bottom > bottom + 1;
      }
      if (isCut) cut.push(`${item.tagName.toLowerCase()} ${item.innerText}`);
    }
    return cut;
  });
}
