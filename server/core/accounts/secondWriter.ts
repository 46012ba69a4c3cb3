/** Another desk that writes in this one's name: an id with our desk code that no run of ours can have issued. */
import type { Effect } from "../../contract/effects.ts";
import { anomaly, notice } from "../notices.ts";
import { counterOfClientId, epochOfClientId } from "../orders/clientId.ts";
import { isLatched, writeState } from "../risk/tradingState.ts";
import type { Engine } from "../state.ts";
import { beginSeal } from "./seal.ts";

/**
 * True when the order cannot be of this run or an earlier one: then the desk is disarmed, and nothing of it can be
 * armed until a run with a later epoch has begun.
 */
export function noteSecondWriter(engine: Engine, account: number, clientId: string, out: Effect[]): boolean {
  const { config, state } = engine;
  const epoch = epochOfClientId(clientId, config.deskCode);
  const whose = epoch === undefined ? undefined : writerOf(engine, clientId, epoch);
  if (epoch === undefined || whose === undefined) return false;
  const known = state.secondWriter;
  if (known?.clientId === clientId) return true;
  state.secondWriter = { clientId, whose, epoch: Math.max(epoch, known?.epoch ?? 0) };
  const where = state.accounts[account]?.account ?? "";
  anomaly(engine, out, "SECOND_WRITER", where, `${clientId} was placed by ${whose}`);
  disarm(engine, `${clientId} shows a second writer`, out);
  return true;
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
