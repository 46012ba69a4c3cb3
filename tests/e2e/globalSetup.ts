/** One desk for the run: started before the first test, taken away after the last, also when one has failed. */
import { makeDesk, removeDesk } from "../support/e2eDesk.ts";
import { ensureQuoting } from "../support/e2eTruth.ts";
import { ensureChromium } from "./chromium.ts";

export default async function setup(): Promise<() => Promise<void>> {
  ensureChromium();
  const desk = await makeDesk();
  try {
    await ensureQuoting(desk.home);
  } catch (error) {
    await removeDesk(desk);
    throw error;
  }
  return () => removeDesk(desk);
}
