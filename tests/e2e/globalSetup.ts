/**
 * What a run has before its first test: a browser, and the desk of the first screens, for which the pages are built. That it
 * quotes its first test waits for, and the other projects begin meanwhile.
 * Whatever desks there are at the end are taken away, also when a test has failed.
 */
import { beginRun, deskOf } from "../support/e2eDesk.ts";
import { ensureChromium } from "./chromium.ts";

export default async function setup(): Promise<() => Promise<void>> {
  ensureChromium();
  const endRun = beginRun();
  try {
    await deskOf("desktop");
  } catch (error) {
    await endRun();
    throw error;
  }
  return endRun;
}
