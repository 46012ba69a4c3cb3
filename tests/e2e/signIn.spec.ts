import { signInUrl } from "../support/e2eDesk.ts";
import { openProxy } from "../support/e2eProxy.ts";
import { deskState } from "./bar.ts";
import { collectErrors, expect, test } from "./fixtures.ts";

test.describe("a browser without a session", () => {
  test("comes in by a start link once, and a second browser not by the same link @desktop", async ({
    browser,
    desk,
  }) => {
    const url = signInUrl(desk);
    const first = await browser.newContext();
    const errors = collectErrors(first);
    const page = await first.newPage();
    await page.goto(url);
    await expect(page).toHaveURL(`${desk.origin}/`);
    await expect(deskState(page)).toContainText("ACTIVE");
    const [cookie] = await first.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict" });

    const second = await browser.newContext();
    const other = await second.newPage();
    expect((await other.goto(url))?.status()).toBe(401);
    await expect(
      other.getByRole("heading", { name: "This address has been used, or is too old" }),
    ).toBeVisible();
    await expect(other.getByText("npm run desk -- status --url")).toBeVisible();
    expect(errors).toEqual([]);
    await first.close();
    await second.close();
  });

  test("is not let in by its cookie alone, as it goes to every port of this machine @desktop", async ({
    browser,
    desk,
  }) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(signInUrl(desk));
    await expect(deskState(page)).toContainText("ACTIVE");
    const proxy = await openProxy(desk.port);
    try {
      const elsewhere = await context.newPage();
      await elsewhere.goto(`${proxy.origin}/`);
      await expect(elsewhere.getByText("▲ no session")).toBeVisible();
      await expect(elsewhere.getByText("npm run desk -- status --url").first()).toBeVisible();
      await expect(elsewhere.getByRole("table", { name: "Symbols by venue" })).toHaveCount(0);
    } finally {
      await proxy.close();
      await context.close();
    }
  });

  test("signs out in every tab, and comes in again by a new link @desktop", async ({ browser, desk }) => {
    const context = await browser.newContext();
    const [page, other] = [await context.newPage(), await context.newPage()];
    await page.goto(signInUrl(desk));
    await other.goto(`${desk.origin}/`);
    for (const tab of [page, other]) await expect(deskState(tab)).toContainText("ACTIVE");
    await page.getByRole("button", { name: "Theme and colours" }).click();
    const signOut = page.getByRole("menuitem", { name: "Sign out" });
    await expect(signOut).toContainText(/operator, until \d\d:\d\d:\d\d UTC/);
    await signOut.click();
    await expect(page.getByRole("heading", { name: "This browser is not signed in" })).toBeVisible();
    await expect(other.getByText("▲ no session")).toBeVisible();
    await expect(deskState(other)).toHaveCount(0);

    await page.goto(signInUrl(desk));
    for (const tab of [page, other]) await expect(deskState(tab)).toContainText("ACTIVE");
    await context.close();
  });

  test("sees no figure, and is told how to get in @desktop", async ({ browser, desk }) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${desk.origin}/`);
    await expect(page.getByText("You have no permission to see this.").first()).toBeVisible();
    await expect(page.getByText("npm run desk -- status --url").first()).toBeVisible();
    await expect(page.getByText("▲ no session")).toBeVisible();
    await expect(page.getByRole("table", { name: "Symbols by venue" })).toHaveCount(0);
    await context.close();
  });
});
