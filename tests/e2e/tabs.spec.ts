import { countOpenOrders } from "../support/e2eTruth.ts";
import { deskState, holdStop, receipt } from "./bar.ts";
import { expect, test } from "./fixtures.ts";

/** A browser opens six connections to one host: with a stream each, the seventh tab would hang, and the stop in it. */
const TABS = 9;

test("nine tabs are live, and the stop pressed in the ninth works @desktop", async ({ context, desk }) => {
  const pages = [];
  for (let tab = 0; tab < TABS; tab += 1) {
    const page = await context.newPage();
    await page.goto("/");
    pages.push(page);
  }
  const clocks = pages.map((page) => page.getByTitle("the engine's clock"));
  for (const [at, clock] of clocks.entries()) {
    const before = await clock.textContent();
    await expect(clock, `the clock of tab ${at + 1} moves`).not.toHaveText(before ?? "");
  }
  const ninth = pages.at(-1);
  if (ninth === undefined) throw new Error("there is no ninth tab");
  await holdStop(ninth);
  await expect(receipt(ninth)).toContainText("STOPPED");
  await expect.poll(() => countOpenOrders(desk.home), { timeout: 30_000 }).toBe(0);
  for (const page of pages.slice(0, -1)) await expect(deskState(page)).toContainText("KILLED");
});
