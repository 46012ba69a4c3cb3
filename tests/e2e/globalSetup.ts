/**
 * What a run has before its first test: a browser, and the desk of the first screens, for which the pages are built.
 * Whatever desks there are at the end are taken away, also when a test has failed.
 */
import { beginRun, deskOf } from "../support/e2eDesk.ts";
import { ensureQuoting } from "../support/e2eTruth.ts";
import { ensureChromium } from "./chromium.ts";

export default async function setup(): Promise<() => Promise<void>> {
  ensureChromium();
  const endRun = beginRun();
  try {
    const { home } = await deskOf("desktop");
    await ensureQuoting(home);
  } catch (error) {
    await endRun();
    throw error;
  }
  return endRun;
}
