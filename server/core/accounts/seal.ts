/**
 * After a stop: cleared once open orders read empty, sealed once nothing that was on the wire can be
 * accepted any more and every order is resolved.
 */
import type { Effect } from "../../contract/effects.ts";
import type { OpenOrdersEvent } from "../../contract/events.ts";
import { notice } from "../notices.ts";
import { epochOfClientId } from "../orders/clientId.ts";
import type { AccountState, Engine, Seal } from "../state.ts";
import { nextQuestionAtUs } from "./questions.ts";

/** Beyond the venue's own expiry of the last request: its clock and ours need not agree to the millisecond. */
const SEAL_MARGIN_US = 500_000;

/** What an answer about open orders means for a stop that is under way. */
export function updateSeal(
  engine: Engine,
  account: AccountState,
  event: OpenOrdersEvent,
  out: Effect[],
): void {
  const { seal } = account;
  if (seal === undefined || seal.sealedAtUs !== undefined || event.askedAtUs < seal.requestedAtUs) return;
  const ours = event.orders.filter(
    (view) => epochOfClientId(view.clientId, engine.config.deskCode) !== undefined,
  );
  if (ours.length > 0) {
    seal.clearedAtUs = undefined;
    for (const view of ours)
      out.push({
        type: "cancel",
        account: account.index,
        instrument: view.instrument,
        clientId: view.clientId,
      });
    return;
  }
  if (seal.clearedAtUs === undefined) {
    seal.clearedAtUs = event.atUs;
    notice(out, "CLEARED", account.account, "no open order is left");
  }
  if (event.askedAtUs <= seal.lastExpiryAtUs || isUnresolved(engine, account)) return;
  seal.sealedAtUs = event.atUs;
  notice(out, "SEALED", account.account, "nothing in flight can become an order any more");
}

/** Orders without a final state, and ended ones of which a fill is still awaited. */
function isUnresolved(engine: Engine, account: AccountState): boolean {
  return engine.state.instruments.some((inst) => inst.account === account.index && inst.live.length > 0);
}

/** A request that leaves after the stop, or a stray that arrives after it, has to be sealed in its turn. */
export function reopenSeal(seal: Seal, lastExpiryAtUs: number): void {
  seal.clearedAtUs = undefined;
  seal.sealedAtUs = undefined;
  seal.lastExpiryAtUs = lastExpiryAtUs + SEAL_MARGIN_US;
}

/** Begins a stop at an account: cancel all there, then ask until the answer is nothing. */
export function beginSeal(engine: Engine, account: AccountState, out: Effect[]): void {
  const { nowUs } = engine.state;
  out.push({ type: "cancelAll", account: account.index });
  account.seal = {
    requestedAtUs: nowUs,
    lastExpiryAtUs: Math.max(account.lastExpiryAtUs + SEAL_MARGIN_US, strangersUntilUs(engine, account)),
    nextQueryAtUs: nowUs,
    clearedAtUs: undefined,
    sealedAtUs: undefined,
  };
}

/** Requests that an earlier life of the desk may have sent and this one does not remember have expired by then. */
function strangersUntilUs(engine: Engine, account: AccountState): number {
  return account.strangersUntilUs ?? engine.state.nowUs + requestExpiryUs(engine, account) + SEAL_MARGIN_US;
}

export function requestExpiryUs(engine: Engine, account: AccountState): number {
  return (engine.config.accounts[account.index]?.requestExpiryMs ?? 0) * 1_000;
}

export function continueSeal(engine: Engine, account: AccountState, out: Effect[]): void {
  const { seal } = account;
  if (seal === undefined || seal.sealedAtUs !== undefined || engine.state.nowUs < seal.nextQueryAtUs) return;
  seal.nextQueryAtUs = nextQuestionAtUs(engine, account, {
    sinceUs: seal.requestedAtUs,
    decidesFromUs: seal.lastExpiryAtUs + 1,
  });
  out.push({ type: "query", what: "openOrders", account: account.index });
}
