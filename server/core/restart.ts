/**
 * A run that takes up the state of an earlier one: the ledger and the parameters are facts, everything about
 * the outside is a memory. Nothing is trusted before the venues have said it again.
 */
import type { Effect } from "../contract/effects.ts";
import type { RestartEvent } from "../contract/events.ts";
import { liveOrders } from "./accounts/liveOrders.ts";
import { beginSeal, requestExpiryUs } from "./accounts/seal.ts";
import { voidBook } from "./book/feed.ts";
import { giveUpPending } from "./estimate/adverse/markouts.ts";
import { refreshTop } from "./estimate/marketFair.ts";
import { interruptEstimates } from "./estimate/instrumentEstimates.ts";
import { unconfirmRates } from "./estimate/rates.ts";
import { changeInstrument } from "./instrumentChange.ts";
import { notice } from "./notices.ts";
import { ABSENCE_MARGIN_US } from "./orders/absence.ts";
import { markUnknown, pendingRequest } from "./orders/reports.ts";
import { cancelOrder } from "./orders/requests.ts";
import { endUptime } from "./quote/uptime.ts";
import { isLatched, writeState } from "./risk/tradingState.ts";
import type { AccountState, Engine, InstrumentState } from "./state.ts";

/** `diedAtUs`: the last instant that the earlier run lived to see. */
export function restart(engine: Engine, event: RestartEvent, diedAtUs: number, out: Effect[]): void {
  const { state } = engine;
  notice(out, "RESTART", "desk", event.reason);
  if (event.leftOut !== undefined) notice(out, "RECOVERY_GAP", "desk", event.leftOut);
  state.storage = "OK";
  // This run's epoch is later than any that was seen: what another desk goes on to do is told anew.
  state.secondWriter = undefined;
  unconfirmRates(state);
  for (const inst of state.instruments) {
    voidBook(inst);
    interruptEstimates(inst, event.atUs);
    inst.estimates.exposedUntilUs = undefined;
    inst.feed.channelAtUs = undefined;
    inst.feed.changedAtUs = undefined;
    inst.decided = undefined;
    refreshTop(inst);
    adoptConfigured(engine, inst, out);
    endUptime(inst.uptime, diedAtUs);
  }
  for (const market of state.markets) {
    market.flatten = undefined;
    giveUpPending(market.estimates.markouts);
  }
  for (const account of state.accounts) forgetContact(engine, account, event.atUs, out);
  const before = state.trading.desk;
  if (!isLatched(before)) {
    writeState(engine, { level: "desk" }, "DISARMED");
    notice(out, "TRADING_STATE", "desk", `${before} → DISARMED: ${event.reason}`);
  }
  for (const account of state.accounts) beginSeal(engine, account, out);
}

/** What the venue had changed it to is a memory too: adapters begin with the configured terms, and tell what differs. */
function adoptConfigured(engine: Engine, inst: InstrumentState, out: Effect[]): void {
  const configured = engine.config.instruments[inst.index];
  if (configured !== undefined) changeInstrument(engine, inst, configured, out);
}

function forgetContact(engine: Engine, account: AccountState, atUs: number, out: Effect[]): void {
  account.status = "NOT_READY";
  account.halted = undefined;
  account.reconciliation = undefined;
  account.elsewhere = undefined;
  account.mismatches = 0;
  account.breaks.clear();
  account.ordersLeftOut = 0;
  account.nextPollAtUs = 0;
  account.fillsAskedAtUs = 0;
  // The earlier life is over: what it had sent may arrive until then.
  account.strangersUntilUs = atUs + requestExpiryUs(engine, account) + ABSENCE_MARGIN_US;
  for (const order of liveOrders(engine, account)) {
    markUnknown(engine, order, pendingRequest(order) ?? "place", out);
    cancelOrder(engine, order, out);
  }
}
