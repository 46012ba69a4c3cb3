/**
 * Browser tests on the whole stack: one desk for each kind of screen, and its tests one after the other, as they stop,
 * cut off and tune the desk that they share. Beside them a desk of its own, without a browser, is killed and comes back.
 */
import { defineConfig } from "@playwright/test";
import { launchOptions } from "./chromium.ts";
import type { Options } from "./fixtures.ts";

const RECOVERY = "recovery.spec.ts";
/** Hardly need a screen, and the phone's desk is free sooner. */
const SESSIONS = ["signIn.spec.ts", "commands.spec.ts", "walk.spec.ts"];
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
      testIgnore: [RECOVERY, ...SESSIONS],
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
    {
      name: "sessions",
      testMatch: SESSIONS,
      dependencies: ["phone"],
      workers: 1,
      use: { viewport: DESKTOP, deskOwner: "phone" },
    },
    { name: "recovery", testMatch: RECOVERY, workers: 1 },
  ],
});
