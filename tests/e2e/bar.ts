/** The bar of every page, as a person finds it: by role and name, on a desktop and on a phone. */
import { expect, type Locator, type Page } from "@playwright/test";

/** Longer than the 600 ms that the stop asks for, and never a race with them: let go once the receipt is there. */
export async function holdStop(page: Page): Promise<void> {
  const button = page.getByRole("button", { name: /^Stop everything/ });
  await expect(button).toBeInViewport();
  const box = await button.boundingBox();
  if (box === null) throw new Error("the stop has no place on the page");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  if (!isPhone(page)) {
    await page.mouse.move(x, y);
    await page.mouse.down();
    await expect(receipt(page)).toBeVisible();
    await page.mouse.up();
    return;
  }
  // Playwright's own touches are taps: a finger that stays is told to the browser itself.
  const browser = await page.context().newCDPSession(page);
  await browser.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
  await expect(receipt(page)).toBeVisible();
  await browser.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await browser.detach();
}

export function receipt(page: Page): Locator {
  return page.getByRole("status", { name: "Receipt of the stop" });
}

/** The desk's trading state, in words. */
export function deskState(page: Page): Locator {
  return page.getByRole("banner").getByRole("strong").filter({ visible: true });
}

/** Opens what arms the desk: in the bar, on a phone in the sheet of the bar. */
export async function openArm(page: Page): Promise<void> {
  const button = page.getByRole("button", { name: /^(Arm|Resume) .*…$/ });
  if (isPhone(page)) await page.getByRole("button", { name: "Pages and settings" }).tap();
  await button.filter({ visible: true }).click();
}

/** Follows a link of the bar to another page, as a person does: without loading the desk again. */
export async function goTo(page: Page, name: string): Promise<void> {
  if (isPhone(page)) await page.getByRole("button", { name: "Pages and settings" }).tap();
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true }).click();
}

export function isPhone(page: Page): boolean {
  return (page.viewportSize()?.width ?? 0) < 640;
}
