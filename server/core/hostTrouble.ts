/** What the host does to the desk: it stands still, its clock jumps, its disk stalls. Quotes are pulled, and venues asked. */
import type { Effect } from "../contract/effects.ts";
import type { ClockStepEvent, StorageEvent } from "../contract/events.ts";
import { beginReconciliation } from "./accounts/reconcile.ts";
import { notice } from "./notices.ts";
import { unconfirmRates } from "./estimate/rates.ts";
import { refreshFair, requoteAll } from "./requote.ts";
import type { Engine } from "./state.ts";

export function onStorage(engine: Engine, { status, text }: StorageEvent, out: Effect[]): void {
  const { state } = engine;
  if (status === state.storage) return;
  state.storage = status;
  notice(out, "STORAGE", "desk", text);
  requoteAll(engine, out);
}

export function pullAfterPause(engine: Engine, pausedUs: number, out: Effect[]): void {
  notice(out, "HOST_PAUSE", "desk", `the host stood still for ${Math.round(pausedUs / 1e3)} ms`);
  pullAndReconcile(engine, out);
}

export function pullAfterClockStep(engine: Engine, { stepMs }: ClockStepEvent, out: Effect[]): void {
  const text = `the wall clock moved by ${Math.round(stepMs)} ms against the machine's own`;
  notice(out, "CLOCK_STEP", "desk", text);
  // By engine time what was heard before looks fresh, however long the host slept: every channel has to speak again.
  unconfirmRates(engine.state);
  for (const inst of engine.state.instruments) inst.feed.channelAtUs = undefined;
  for (const market of engine.state.markets) refreshFair(engine, market);
  pullAndReconcile(engine, out);
}

function pullAndReconcile(engine: Engine, out: Effect[]): void {
  for (const account of engine.state.accounts)
    if (account.status === "READY") beginReconciliation(engine, account, out);
  requoteAll(engine, out);
}
