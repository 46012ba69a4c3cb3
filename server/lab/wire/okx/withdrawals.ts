/** Withdrawals asked for, and what became of them. */
import type { Withdrawal } from "../../ports.ts";
import type { VenueCore } from "../ports.ts";
import { amountOf, chainOf, pageByTime, treasuryRefusal } from "./amounts.ts";
import { balanceText } from "./balanceRow.ts";
import { refuse } from "./codes.ts";
import type { Refusal } from "./codes.ts";
import { fieldsOf, missing, wrong } from "./fields.ts";
import type { PrivateCall } from "./rest.ts";
import { msText } from "./text.ts";

const WITHDRAWAL_STATES = { PENDING: "0", DONE: "2", CANCELED: "-2" } as const;

export function withdrawalRows(core: VenueCore, { key, fields }: PrivateCall): object[] | Refusal {
  const page = pageByTime(fields);
  if ("code" in page) return page;
  const isAsked = ({ asset, withdrawalId, requestedAtUs }: Withdrawal): boolean =>
    (fields.ccy ?? asset) === asset &&
    (fields.wdId ?? withdrawalId) === withdrawalId &&
    requestedAtUs >= page.sinceUs &&
    requestedAtUs <= page.untilUs;
  return core
    .withdrawals(key.account)
    .filter(isAsked)
    .reverse()
    .slice(0, page.limit)
    .map(({ withdrawalId, asset, amountAtoms, requestedAtUs, status }) => ({
      amt: balanceText(core, asset, amountAtoms),
      areaCodeFrom: "",
      areaCodeTo: "",
      ccy: asset,
      chain: chainOf(asset),
      clientId: "",
      fee: "0",
      feeCcy: asset,
      from: "",
      nonTradableAsset: false,
      note: "",
      state: WITHDRAWAL_STATES[status],
      to: "",
      ts: msText(requestedAtUs),
      txId: status === "DONE" ? withdrawalId : "",
      wdId: withdrawalId,
    }));
}

export function withdraw(core: VenueCore, { key, body }: PrivateCall): object[] | Refusal {
  const { ccy, amt, dest, toAddr, clientId = "" } = fieldsOf(body) ?? {};
  if (!key.mayWithdraw) return refuse("50120");
  if (ccy === undefined) return missing("ccy");
  if (dest !== "3" && dest !== "4") return wrong("dest");
  if (toAddr === undefined) return refuse("58203");
  const amountAtoms = amountOf(core, ccy, amt);
  if (typeof amountAtoms !== "bigint") return amountAtoms;
  const outcome = core.requestWithdrawal(key.account, ccy, amountAtoms);
  if (!outcome.ok) return treasuryRefusal(outcome.reason);
  return [{ amt: amt ?? "", ccy, chain: chainOf(ccy), clientId, wdId: outcome.id }];
}
