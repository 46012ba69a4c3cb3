/** Balances in the venue's words. Everything of an account is in its trading account; the funding account is empty. */
import { decimalsOf } from "../decimals.ts";
import { atomsToNumber, scaledToDecimal } from "../../../core/decimal.ts";
import type { BalanceTruth } from "../../ports.ts";
import type { VenueCore } from "../ports.ts";
import { msText } from "./text.ts";

/** The account channel and the balance request say the same; `assets` limits it to some. */
export function accountRow(core: VenueCore, account: number, assets?: ReadonlySet<string>): object {
  const held = core.balances(account).filter(({ totalAtoms }) => totalAtoms !== 0n);
  const told = assets === undefined ? held : core.balances(account).filter(({ asset }) => assets.has(asset));
  const worth = held.reduce((sum, balance) => sum + worthUsd(core, balance), 0);
  return {
    adjEq: "",
    availEq: "",
    borrowFroz: "",
    delta: "",
    deltaLever: "",
    deltaNeutralStatus: "",
    details: told.map((balance) => detailRow(core, balance)),
    imr: "",
    isoEq: "0",
    mgnRatio: "",
    mmr: "",
    notionalUsd: "",
    notionalUsdForBorrow: "",
    notionalUsdForFutures: "",
    notionalUsdForOption: "",
    notionalUsdForSwap: "",
    ordFroz: "",
    totalEq: String(worth),
    uTime: msText(core.nowUs()),
    upl: "",
  };
}

export function balanceText(core: VenueCore, asset: string, atoms: bigint): string {
  return scaledToDecimal(atoms, decimalsOf(core, asset));
}

function detailRow(core: VenueCore, balance: BalanceTruth): object {
  const { asset, totalAtoms, heldAtoms } = balance;
  const total = balanceText(core, asset, totalAtoms);
  const free = balanceText(core, asset, totalAtoms - heldAtoms);
  const frozen = balanceText(core, asset, heldAtoms);
  const worth = String(worthUsd(core, balance));
  return {
    ...DETAIL_BLANK,
    availBal: free,
    availEq: free,
    cashBal: total,
    ccy: asset,
    coinUsdPrice: String(priceUsd(core, asset)),
    disEq: worth,
    eq: total,
    eqUsd: worth,
    frozenBal: frozen,
    ordFrozen: frozen,
    spotBal: total,
    uTime: msText(core.nowUs()),
  };
}

/** For the screen of a client only: nothing is settled by it. */
function worthUsd(core: VenueCore, { asset, totalAtoms }: BalanceTruth): number {
  return atomsToNumber(totalAtoms, decimalsOf(core, asset)) * priceUsd(core, asset);
}

const DOLLARS: ReadonlySet<string> = new Set(["USD", "USDT", "USDC", "USDG"]);

/** By the last trade against a dollar; 0 when there was none. */
function priceUsd(core: VenueCore, asset: string): number {
  if (DOLLARS.has(asset)) return 1;
  for (const { instrument, definition } of core.listings) {
    if (definition.base !== asset || !DOLLARS.has(definition.quote)) continue;
    const last = core.trades(instrument).at(-1)?.priceTicks ?? core.book(instrument).bids[0];
    if (last !== undefined) return last * Number(definition.tick);
  }
  return 0;
}

/** What a cash account without loans and margin has nothing to say about. */
const DETAIL_BLANK = {
  accAvgPx: "",
  autoLendAmt: "0",
  autoLendMtAmt: "0",
  autoLendStatus: "unsupported",
  autoStakingStatus: "unsupported",
  borrowFroz: "",
  clSpotInUseAmt: "",
  colBorrAutoConversion: "0",
  colRes: "0",
  collateralEnabled: false,
  collateralRestrict: false,
  crossLiab: "",
  fixedBal: "0",
  frpType: "0",
  imr: "",
  interest: "",
  isoEq: "0",
  isoLiab: "",
  isoUpl: "0",
  liab: "",
  maxLoan: "",
  maxSpotInUseAmt: "",
  mgnRatio: "",
  mmr: "",
  notionalLever: "",
  openAvgPx: "",
  rewardBal: "",
  smtSyncEq: "0",
  spotCopyTradingEq: "0",
  spotInUseAmt: "",
  spotIsoBal: "0",
  spotUpl: "",
  spotUplRatio: "",
  stgyEq: "0",
  totalPnl: "",
  totalPnlRatio: "",
  twap: "0",
  upl: "0",
  uplLiab: "",
};
