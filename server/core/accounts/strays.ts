/** Orders at a venue that this run does not know and that carry the desk's code: the one difference that is put right by itself. */
import type { Effect } from "../../contract/effects.ts";
import type { OpenOrderView } from "../../contract/events.ts";
import { anomaly, notice } from "../notices.ts";
import { epochOfClientId } from "../orders/clientId.ts";
import { isLatched, writeState } from "../risk/tradingState.ts";
import type { AccountState, Engine } from "../state.ts";
import { beginSeal, reopenSeal } from "./seal.ts";

/** Whatever carries our desk code is ours to cancel; a run epoch that we never issued is a second writer. */
export function cancelStray(
  engine: Engine,
  account: AccountState,
  view: OpenOrderView,
  out: Effect[],
): number {
  const { config } = engine;
  const epoch = epochOfClientId(view.clientId, config.deskCode);
  if (epoch === undefined) return 0;
  if (epoch > config.epoch) {
    anomaly(
      engine,
      out,
      "SECOND_WRITER",
      account.account,
      `${view.clientId} was placed by a later run of this desk`,
    );
    disarm(engine, `${view.clientId} shows a second writer`, out);
  } else notice(out, "STRAY_ORDER", account.account, `${view.clientId} is cancelled`);
  out.push({ type: "cancel", account: account.index, instrument: view.instrument, clientId: view.clientId });
  if (account.seal?.sealedAtUs !== undefined) reopenSeal(account.seal, account.lastExpiryAtUs);
  return 1;
}

/** Without an operator: what is latched already stays as it is. */
function disarm(engine: Engine, why: string, out: Effect[]): void {
  const before = engine.state.trading.desk;
  if (isLatched(before)) return;
  writeState(engine, { level: "desk" }, "DISARMED");
  notice(out, "TRADING_STATE", "desk", `${before} → DISARMED: ${why}`);
  for (const account of engine.state.accounts) beginSeal(engine, account, out);
}
