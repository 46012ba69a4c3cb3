/** Orders at a venue that this run does not know and that carry the desk's code: the one difference that is put right by itself. */
import type { Effect } from "../../contract/effects.ts";
import type { OpenOrderView } from "../../contract/events.ts";
import { notice } from "../notices.ts";
import { epochOfClientId } from "../orders/clientId.ts";
import type { AccountState, Engine } from "../state.ts";
import { reopenSeal } from "./seal.ts";
import { noteSecondWriter } from "./secondWriter.ts";

/** Whatever carries our desk code is ours to cancel, whoever placed it. */
export function cancelStray(
  engine: Engine,
  account: AccountState,
  view: OpenOrderView,
  out: Effect[],
): number {
  const { clientId, instrument } = view;
  if (epochOfClientId(clientId, engine.config.deskCode) === undefined) return 0;
  if (!noteSecondWriter(engine, account.index, clientId, out))
    notice(out, "STRAY_ORDER", account.account, `${clientId} is cancelled`);
  out.push({ type: "cancel", account: account.index, instrument, clientId });
  if (account.seal?.sealedAtUs !== undefined) reopenSeal(account.seal, account.lastExpiryAtUs);
  return 1;
}
