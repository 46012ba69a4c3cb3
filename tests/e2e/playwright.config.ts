/**
 * Browser tests on the whole stack: one desk for all of them, one after the other. Beside them a desk of its own is
 * killed and comes back, which mostly waits.
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
    { name: "recovery", testMatch: RECOVERY, workers: 1 },
    {
      name: "desktop",
      testIgnore: RECOVERY,
      workers: 1,
      use: { viewport: { width: 1440, height: 900 } },
    },
    {
      name: "phone",
      testIgnore: RECOVERY,
      workers: 1,
      // Not for what they test: both stop, cut off and tune the one desk that they share.
      dependencies: ["desktop"],
      use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
      grepInvert: /@desktop/,
    },
  ],
});
