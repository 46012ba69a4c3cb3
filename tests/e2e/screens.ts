/**
 * Every page of a running desk as a picture, for people to look at: desktop and phone, dark and light.
 * `node --import tsx tests/e2e/screens.ts URL OUTDIR`, where URL is what `npm run desk -- status --url` prints.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { ensureChromium, launchOptions } from "./chromium.ts";

const PAGES = {
  desk: "/",
  market: "/market/BTC",
  "orders-open": "/orders",
  orders: "/orders?tab=orders",
  fills: "/orders?tab=fills",
  parameters: "/parameters",
  help: "/help",
} as const;

const SIZES = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
} as const;

/** Charts draw a frame or two after their values have come. */
const SETTLE_MS = 1_500;
/** A panel that never loads is a picture too. */
const LOADED_WITHIN_MS = 20_000;

async function takeAll(url: string, directory: string): Promise<void> {
  ensureChromium();
  mkdirSync(directory, { recursive: true });
  const browser = await chromium.launch(launchOptions());
  try {
    const first = await browser.newContext();
    const page = await first.newPage();
    const response = await page.goto(url);
    if (response?.ok() !== true)
      throw new Error("that address lets nobody in: npm run desk -- status --url prints a new one");
    await page.waitForURL(new URL("/", url).href);
    // The cookie, and the key in the storage of the desk's origin.
    const storageState = await first.storageState();
    await first.close();
    for (const [size, device] of Object.entries(SIZES))
      for (const colorScheme of ["dark", "light"] as const) {
        const context = await browser.newContext({ ...device, colorScheme, storageState });
        const shown = await context.newPage();
        for (const [name, path] of Object.entries(PAGES)) {
          await shown.goto(new URL(path, url).href);
          await settled(shown);
          const file = join(directory, `${name}-${size}-${colorScheme}.png`);
          await shown.screenshot({ path: file });
          process.stdout.write(`${file}\n`);
        }
        await context.close();
      }
  } finally {
    await browser.close();
  }
}

async function settled(page: Page): Promise<void> {
  const loading = page.locator("[data-state=loading], [aria-busy=true]");
  const isLoaded = async (): Promise<boolean> => (await loading.count()) === 0;
  for (let waitedMs = 0; waitedMs < LOADED_WITHIN_MS && !(await isLoaded()); waitedMs += SETTLE_MS)
    await page.waitForTimeout(SETTLE_MS);
  await page.waitForTimeout(SETTLE_MS);
}

const [url, directory] = process.argv.slice(2);
if (url === undefined || directory === undefined) {
  process.stderr.write("usage: node --import tsx tests/e2e/screens.ts URL OUTDIR\n");
  process.exitCode = 2;
} else await takeAll(url, directory);
