/** Money that comes and goes: currencies, deposits, withdrawals, and transfers between accounts of the venue. */
import { scaledToDecimal } from "../../../core/decimal.ts";
import type { LedgerEntry } from "../../ports.ts";
import type { VenueCore } from "../ports.ts";
import { chainOf, pageByTime } from "./amounts.ts";
import { balanceText } from "./balanceRow.ts";
import type { Bills } from "./bills.ts";
import type { Refusal } from "./codes.ts";
import type { OkxVenue } from "./okxVenue.ts";
import type { PrivateCall, PrivateRoute, Routes } from "./rest.ts";
import { msText } from "./text.ts";
import { limited } from "./tradeRoutes.ts";
import { createTransfers } from "./transfers.ts";
import { withdraw, withdrawalRows } from "./withdrawals.ts";

export function fundingRoutes(venue: OkxVenue, bills: Bills): Routes {
  const { core } = venue;
  const transfers = createTransfers(core);
  return new Map<string, PrivateRoute>([
    [
      "GET /api/v5/asset/currencies",
      limited(6, 1_000, ({ fields: { ccy } }) =>
        core.assets
          .filter(({ asset }) => ccy === undefined || ccy.split(",").includes(asset))
          .map((spec) => currencyRow(spec)),
      ),
    ],
    [
      // Everything is in the trading account.
      "GET /api/v5/asset/balances",
      limited(6, 1_000, ({ fields: { ccy } }) =>
        core.assets
          .filter(({ asset }) => ccy === undefined || ccy.split(",").includes(asset))
          .map(({ asset }) => ({ availBal: "0", bal: "0", ccy: asset, frozenBal: "0" })),
      ),
    ],
    [
      "GET /api/v5/asset/bills",
      limited(6, 1_000, (call) =>
        pageOfMoves(bills.moves(call.key.account), call, (entry) => assetBillRow(core, entry)),
      ),
    ],
    [
      "GET /api/v5/asset/deposit-history",
      limited(6, 1_000, (call) =>
        pageOfMoves(
          bills.moves(call.key.account).filter(({ kind }) => kind === "deposit"),
          call,
          (entry) => depositRow(core, entry),
        ),
      ),
    ],
    ["GET /api/v5/asset/withdrawal-history", limited(6, 1_000, (call) => withdrawalRows(core, call))],
    ["POST /api/v5/asset/withdrawal", limited(6, 1_000, (call) => withdraw(core, call))],
    ["POST /api/v5/asset/transfer", limited(2, 1_000, (call) => transfers.transfer(call))],
    ["GET /api/v5/asset/transfer-state", limited(10, 1_000, (call) => transfers.state(call))],
  ]);
}

function currencyRow({ asset, decimals }: VenueCore["assets"][number]): object {
  const smallest = scaledToDecimal(1n, decimals);
  return {
    burningFeeRate: "",
    canDep: true,
    canInternal: true,
    canWd: true,
    ccy: asset,
    chain: chainOf(asset),
    ctAddr: "",
    depEstOpenTime: "",
    depQuotaFixed: "",
    depQuoteDailyLayer2: "",
    fee: "0",
    logoLink: "",
    mainNet: true,
    maxFee: "0",
    maxFeeForCtAddr: "",
    maxWd: "1000000000",
    minDep: smallest,
    minDepArrivalConfirm: "1",
    minFee: "0",
    minFeeForCtAddr: "",
    minInternal: smallest,
    minWd: smallest,
    minWdUnlockConfirm: "1",
    name: asset,
    needTag: false,
    usedDepQuotaFixed: "",
    usedWdQuota: "0",
    wdEstOpenTime: "",
    wdQuota: "1000000000",
    wdTickSz: String(decimals),
  };
}

function pageOfMoves(
  newestFirst: readonly LedgerEntry[],
  { fields }: PrivateCall,
  rowOf: (entry: LedgerEntry) => object,
): object[] | Refusal {
  const page = pageByTime(fields);
  if ("code" in page) return page;
  return newestFirst
    .filter(
      ({ asset, atUs }) => (fields.ccy ?? asset) === asset && atUs >= page.sinceUs && atUs <= page.untilUs,
    )
    .slice(0, page.limit)
    .map(rowOf);
}

const ASSET_BILL_TYPES = { deposit: "1", withdrawal: "2", transfer: "22", trade: "", fee: "" } as const;

function assetBillRow(
  core: VenueCore,
  { id, asset, amountAtoms, balanceAtoms, kind, atUs }: LedgerEntry,
): object {
  return {
    bal: balanceText(core, asset, balanceAtoms),
    balChg: balanceText(core, asset, amountAtoms),
    billId: String(id),
    ccy: asset,
    clientId: "",
    notes: kind,
    ts: msText(atUs),
    type: kind === "transfer" && amountAtoms > 0n ? "23" : ASSET_BILL_TYPES[kind],
  };
}

function depositRow(core: VenueCore, { asset, amountAtoms, atUs, refId }: LedgerEntry): object {
  return {
    actualDepBlkConfirm: "1",
    amt: balanceText(core, asset, amountAtoms),
    areaCodeFrom: "",
    ccy: asset,
    chain: chainOf(asset),
    depId: refId,
    from: "",
    fromWdId: "",
    state: "2",
    to: "",
    ts: msText(atUs),
    txId: refId,
  };
}
