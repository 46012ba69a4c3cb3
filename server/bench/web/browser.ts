/** A real browser on the Desk page, and when it painted what. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "@playwright/test";
import { z } from "zod";
import { UserError } from "../../contract/errors.ts";
import type { Paint } from "./paints.ts";

/** Debian's; elsewhere the one that Playwright has installed. */
const CHROMIUM = "/usr/bin/chromium";
const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-sync",
  "--no-first-run",
];

/** From the click to live figures, on two busy cores. */
const LIVE_WITHIN_MS = 60_000;

const Paints = z.array(z.tuple([z.number(), z.number()]));

export interface DeskBrowser {
  /** Opens the Desk page and waits for live figures. The first time the address has to let it in. */
  open(url: string): Promise<void>;
  /** Paints since the last time, or since the page was opened. */
  takePaints(): Promise<Paint[]>;
  /** Leaves the desk; the browser stays. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** Throws a UserError when there is no browser. */
export async function openBrowser(): Promise<DeskBrowser> {
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
  await page.addInitScript({ path: join(import.meta.dirname, "paints.browser.js") });
  return {
    async open(url) {
      try {
        await page.goto(url, { timeout: LIVE_WITHIN_MS });
        await page.waitForSelector("[data-at-us]", { timeout: LIVE_WITHIN_MS });
      } catch (error) {
        if (!(error instanceof Error && error.name === "TimeoutError")) throw error;
        throw new UserError(
          `the Desk page shows no live figures after ${LIVE_WITHIN_MS / 1e3} s: try again when the machine is idle`,
          { cause: error },
        );
      }
    },
    async takePaints() {
      const taken = Paints.parse(await page.evaluate("crossdeskTakePaints()"));
      return taken.map(([atUs, paintedAtMs]) => ({ atUs, paintedAtMs }));
    },
    async leave() {
      await page.goto("about:blank");
    },
    close: () => browser.close(),
  };
}

async function launch(): Promise<Browser> {
  try {
    // A development dependency: the other suites and commands do without it.
    const { chromium } = await import("@playwright/test");
    return await chromium.launch({
      ...(existsSync(CHROMIUM) ? { executablePath: CHROMIUM } : {}),
      args: CHROMIUM_ARGS,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new UserError(
      `no browser to measure with (${why}): apt-get install chromium, or npx playwright install chromium`,
      { cause: error },
    );
  }
}
