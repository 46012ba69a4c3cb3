/** Browser tests on the whole stack: one desk for all of them, one after the other. */
import { defineConfig } from "@playwright/test";
import { launchOptions } from "./chromium.ts";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  globalSetup: "./globalSetup.ts",
  // They share a desk that they stop, cut off and tune.
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env["CI"] !== undefined,
  // Generous: two cores run database, venues, engine, web server and browser.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [["list"], ["./tally.ts"]],
  use: { launchOptions: launchOptions(), actionTimeout: 30_000, screenshot: "only-on-failure" },
  projects: [
    { name: "desktop", use: { viewport: { width: 1440, height: 900 } } },
    {
      name: "phone",
      use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
      grepInvert: /@desktop/,
    },
  ],
});
