/** The browser that the tests drive: Debian's where it is installed, Playwright's own otherwise. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

const SYSTEM_CHROMIUM = "/usr/bin/chromium";
const APT_GET = "/usr/bin/apt-get";
const PACKAGES = ["chromium", "fonts-liberation"];

/** No sandbox because tests may run as root; nothing that talks to the network on its own. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-sync",
  "--no-first-run",
];

export function launchOptions(): { readonly args: string[]; readonly executablePath?: string } {
  return existsSync(SYSTEM_CHROMIUM) ? { args: ARGS, executablePath: SYSTEM_CHROMIUM } : { args: ARGS };
}

/** Installs Chromium where that is nobody's machine (CI, as root); throws with what to do otherwise. */
export function ensureChromium(): void {
  if (isThere()) return;
  if (process.env["CI"] !== undefined && process.getuid?.() === 0 && existsSync(APT_GET)) {
    const options = {
      stdio: "inherit",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    } as const;
    execFileSync(APT_GET, ["update"], options);
    execFileSync(APT_GET, ["install", "-y", "--no-install-recommends", ...PACKAGES], options);
    if (isThere()) return;
  }
  throw new Error(
    `the browser tests need Chromium: npx playwright install chromium, or on Debian apt-get install ${PACKAGES.join(" ")}`,
  );
}

function isThere(): boolean {
  return existsSync(SYSTEM_CHROMIUM) || existsSync(chromium.executablePath());
}
