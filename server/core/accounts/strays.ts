/** Orders at a venue that this run does not know and that carry the desk's code: the one difference that is put right by itself. */
import type { Effect } from "../../contract/effects.ts";
import type { OpenOrderView } from "../../contract/events.ts";
import { anomaly, notice } from "../notices.ts";
import { counterOfClientId, epochOfClientId } from "../orders/clientId.ts";
import { isLatched, writeState } from "../risk/tradingState.ts";
import type { AccountState, Engine } from "../state.ts";
import { beginSeal, reopenSeal } from "./seal.ts";

/** Whatever carries our desk code is ours to cancel; an id that no run of ours can have issued is a second writer's. */
export function cancelStray(
  engine: Engine,
  account: AccountState,
  view: OpenOrderView,
  out: Effect[],
): number {
  const { config } = engine;
  const epoch = epochOfClientId(view.clientId, config.deskCode);
  if (epoch === undefined) return 0;
  const whose = writerOf(engine, view.clientId, epoch);
  if (whose !== undefined) {
    anomaly(engine, out, "SECOND_WRITER", account.account, `${view.clientId} was placed by ${whose}`);
    disarm(engine, `${view.clientId} shows a second writer`, out);
  } else notice(out, "STRAY_ORDER", account.account, `${view.clientId} is cancelled`);
  out.push({ type: "cancel", account: account.index, instrument: view.instrument, clientId: view.clientId });
  if (account.seal?.sealedAtUs !== undefined) reopenSeal(account.seal, account.lastExpiryAtUs);
  return 1;
}

/** Undefined: this run or an earlier one may have placed it. */
function writerOf({ config, state }: Engine, clientId: string, epoch: number): string | undefined {
  if (epoch > config.epoch) return "a later run of this desk";
  // A copy of this desk's home that runs elsewhere counts on from the same epoch.
  const counter = counterOfClientId(clientId, config.deskCode) ?? 0;
  return epoch === config.epoch && counter > state.orderCounter
    ? "another desk in this run's name"
    : undefined;
}

/** Without an operator: what is latched already stays as it is. */
function disarm(engine: Engine, why: string, out: Effect[]): void {
  const before = engine.state.trading.desk;
  if (isLatched(before)) return;
  writeState(engine, { level: "desk" }, "DISARMED");
  notice(out, "TRADING_STATE", "desk", `${before} → DISARMED: ${why}`);
  for (const account of engine.state.accounts) beginSeal(engine, account, out);
}
