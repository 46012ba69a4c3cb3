/**
 * Browser tests on the whole stack: one desk for each kind of screen, and its tests one after the other, as they stop,
 * cut off and tune the desk that they share. A desk of its own that is killed and comes back, without a browser, goes
 * where there is time: two desks at once are what two cores carry.
 */
import { defineConfig } from "@playwright/test";
import { launchOptions } from "./chromium.ts";

const RECOVERY = "recovery.spec.ts";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  globalSetup: "./globalSetup.ts",
  workers: 2,
  fullyParallel: false,
  forbidOnly: process.env["CI"] !== undefined,
  // Generous: two cores run database, venues, engine, web server and browser.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [["list"], ["./tally.ts"]],
  use: { launchOptions: launchOptions(), actionTimeout: 30_000, screenshot: "only-on-failure" },
  projects: [
    {
      name: "desktop",
      testIgnore: RECOVERY,
      workers: 1,
      use: { viewport: { width: 1440, height: 900 } },
    },
    {
      name: "phone",
      workers: 1,
      use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
      grepInvert: /@desktop/,
    },
  ],
});
