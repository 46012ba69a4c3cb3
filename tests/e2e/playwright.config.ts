/**
 * Browser tests on the whole stack: desks for each kind of screen, and the tests of each one after the other, as they
 * stop, cut off and tune the desk that they share. Beside them one without a browser is killed and comes back.
 */
import { defineConfig } from "@playwright/test";
import { launchOptions } from "./chromium.ts";
import type { Options } from "./fixtures.ts";

const RECOVERY = "recovery.spec.ts";
/** On a second desk of the desktop, started when the killed one has gone: one would take much longer than the phone's. */
const APART = ["barWidths.spec.ts", "commands.spec.ts", "signIn.spec.ts", "tabs.spec.ts", "walk.spec.ts"];
const DESKTOP = { width: 1440, height: 900 };

export default defineConfig<Options>({
  testDir: ".",
  testMatch: "*.spec.ts",
  globalSetup: "./globalSetup.ts",
  workers: 3,
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
      testIgnore: [RECOVERY, ...APART],
      workers: 1,
      use: { viewport: DESKTOP },
    },
    {
      name: "phone",
      testIgnore: RECOVERY,
      workers: 1,
      use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
      grepInvert: /@desktop/,
    },
    { name: "recovery", testMatch: RECOVERY, workers: 1 },
    { name: "apart", testMatch: APART, workers: 1, use: { viewport: DESKTOP } },
  ],
});
