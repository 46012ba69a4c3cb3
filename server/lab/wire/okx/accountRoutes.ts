/** The trading account: balances, settings, fees, bills. */
import type { WireKey } from "../ports.ts";
import { accountRow } from "./balanceRow.ts";
import type { Bills } from "./bills.ts";
import { refuse } from "./codes.ts";
import type { Refusal } from "./codes.ts";
import { missing } from "./fields.ts";
import { rateText } from "./fillRows.ts";
import type { OkxVenue } from "./okxVenue.ts";
import { pageOf } from "./paging.ts";
import { uidOf } from "./privateFeed.ts";
import type { PrivateCall, PrivateRoute, Routes } from "./rest.ts";
import { msText } from "./text.ts";
import { limited } from "./tradeRoutes.ts";

export function accountRoutes(venue: OkxVenue, bills: Bills): Routes {
  const { core } = venue;
  const billsOf = ({ key, fields }: PrivateCall): object[] | Refusal => {
    const page = pageOf(fields);
    return "code" in page ? page : bills.rows(key.account, fields, page);
  };
  return new Map<string, PrivateRoute>([
    [
      "GET /api/v5/account/balance",
      limited(10, 2_000, ({ key, fields: { ccy } }) => {
        const assets = ccy === undefined ? undefined : new Set(ccy.split(","));
        return [accountRow(core, key.account, assets)];
      }),
    ],
    ["GET /api/v5/account/config", limited(5, 2_000, ({ key }) => [configRow(venue, key)])],
    ["GET /api/v5/account/trade-fee", limited(5, 2_000, (call) => feeRows(venue, call))],
    ["GET /api/v5/account/bills", limited(10, 2_000, billsOf)],
    ["GET /api/v5/account/bills-archive", limited(5, 2_000, billsOf)],
  ]);
}

/** `perm` tells what a key may do: one that may withdraw is seen by it. */
function configRow({ core }: OkxVenue, { account, holder, mayTrade, mayWithdraw }: WireKey): object {
  const [main = account] = core.accounts;
  const perm = ["read_only", ...(mayWithdraw ? ["withdraw"] : []), ...(mayTrade ? ["trade"] : [])];
  return {
    acctLv: "1",
    acctStpMode: "cancel_maker",
    autoLoan: false,
    ctIsoMode: "automatic",
    enableSpotBorrow: false,
    feeType: "0",
    greeksType: "PA",
    ip: "",
    kycLv: "3",
    label: holder,
    level: "Lv1",
    levelTmp: "",
    liquidationGear: "-1",
    mainUid: uidOf(main),
    mgnIsoMode: "automatic",
    opAuth: "0",
    perm: perm.join(","),
    posMode: "net_mode",
    roleType: "0",
    settleCcy: "",
    settleCcyList: [],
    spotBorrowAutoRepay: false,
    spotOffsetType: "",
    spotRoleType: "0",
    spotTraderInsts: [],
    stgyType: "0",
    traderInsts: [],
    type: account === main ? "0" : "1",
    uid: uidOf(account),
  };
}

function feeRows(
  { core, instruments }: OkxVenue,
  { key, fields: { instType, instId } }: PrivateCall,
): object[] | Refusal {
  if (instType === undefined) return missing("instType");
  if (instType !== "SPOT") return [];
  if (instId !== undefined && instruments.find({ instId }) === undefined) return refuse("51001");
  const { makerFrac, takerFrac } = core.feeRates(key.account);
  const [maker, taker] = [rateText(makerFrac), rateText(takerFrac)];
  return [
    {
      category: "1",
      delivery: "",
      exercise: "",
      feeGroup: [{ elpMaker: "", groupId: "1", maker, rpiMaker: "", taker }],
      fiat: [],
      instType,
      level: "Lv1",
      maker,
      makerU: "",
      makerUSDC: maker,
      ruleType: "normal",
      settle: "",
      taker,
      takerU: "",
      takerUSDC: taker,
      ts: msText(core.nowUs()),
    },
  ];
}
