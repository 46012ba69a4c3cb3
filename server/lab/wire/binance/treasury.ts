/** The wallet endpoints of money that comes and goes, /sapi/v1: deposits and withdrawals. */
import type { Withdrawal } from "../../ports.ts";
import type { SignedMethod } from "./methods.ts";
import { isAsked, movements, needAmount, needAsset, pageOf, treasuryRefusal } from "./movements.ts";
import { integer, needText } from "./params.ts";
import { notAuthorized } from "./refusal.ts";
import { amountOf, msOf } from "./symbols.ts";
import type { Venue } from "./venue.ts";

export const deposits: SignedMethod = {
  security: "USER_DATA",
  params: ["coin", "status", "startTime", "endTime", "offset", "limit", "txId", "includeSource"],
  weight: { endpoint: "capital/deposit/hisrec", scope: "IP", weight: 1 },
  run: (venue, params, { key }) => {
    const entries = movements(venue, key.account, "deposit").filter(isAsked(params));
    return pageOf(params, entries.reverse()).map((entry) => ({
      id: entry.refId,
      amount: amountOf(venue.core, entry.asset, entry.amountAtoms),
      coin: entry.asset,
      network: entry.asset,
      status: 1,
      address: addressOf(entry.asset),
      addressTag: "",
      txId: `deposit${entry.refId}`,
      insertTime: msOf(entry.atUs),
      completeTime: msOf(entry.atUs),
      transferType: 0,
      confirmTimes: "1/1",
      unlockConfirm: 0,
      walletType: 0,
    }));
  },
};

export const withdrawals: SignedMethod = {
  security: "USER_DATA",
  params: ["coin", "withdrawOrderId", "status", "offset", "limit", "idList", "startTime", "endTime"],
  weight: { endpoint: "capital/withdraw/history", scope: "UID", weight: 18_000 },
  run: (venue, params, { key }) => {
    const asked = isAsked(params);
    const status = integer(params, "status");
    const found = venue.core
      .withdrawals(key.account)
      .filter((w) => asked({ asset: w.asset, atUs: w.requestedAtUs }))
      .filter((w) => status === undefined || STATUS[w.status] === status);
    return pageOf(params, found.reverse()).map((withdrawal) => withdrawalView(venue, withdrawal));
  },
};

export const withdraw: SignedMethod = {
  security: "USER_DATA",
  params: [
    "coin",
    "withdrawOrderId",
    "network",
    "address",
    "addressTag",
    "amount",
    "transactionFeeFlag",
    "name",
    "walletType",
  ],
  weight: { endpoint: "capital/withdraw/apply", scope: "UID", weight: 900 },
  run: (venue, params, { key }) => {
    if (!key.mayWithdraw) throw notAuthorized();
    const asset = needAsset(venue, params, "coin");
    needText(params, "address");
    const outcome = venue.core.requestWithdrawal(key.account, asset, needAmount(venue, params, asset));
    if (!outcome.ok) throw treasuryRefusal(outcome.reason);
    return { id: outcome.id };
  },
};

/** "Processing", "completed" and "cancelled" in the numbers of the withdraw history. */
const STATUS = { PENDING: 4, DONE: 6, CANCELED: 1 } as const;

function withdrawalView({ core }: Venue, withdrawal: Withdrawal) {
  const { withdrawalId, asset, amountAtoms, requestedAtUs, status } = withdrawal;
  const done = status === "PENDING" ? {} : { completeTime: dateText(withdrawal.endedAtUs) };
  return {
    id: withdrawalId,
    amount: amountOf(core, asset, amountAtoms),
    transactionFee: "0",
    coin: asset,
    status: STATUS[status],
    address: addressOf(asset),
    txId: status === "DONE" ? `withdrawal${withdrawalId}` : "",
    applyTime: dateText(requestedAtUs),
    network: asset,
    transferType: 0,
    info: "",
    confirmNo: status === "DONE" ? 1 : 0,
    walletType: 0,
    txKey: "",
    ...done,
  };
}

function addressOf(asset: string): string {
  return `lab${asset.toLowerCase()}`;
}

/** `2026-01-31 12:00:00`, as the withdraw history writes times. */
function dateText(atUs: number): string {
  return new Date(msOf(atUs)).toISOString().slice(0, 19).replace("T", " ");
}
