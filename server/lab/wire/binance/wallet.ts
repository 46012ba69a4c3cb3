/** The wallet endpoints that move nothing, /sapi/v1: status, coins, fees, what a key may do. */
import { ratesOf } from "./accountQueries.ts";
import type { PublicMethod, SignedMethod } from "./methods.ts";
import { text } from "./params.ts";
import { amountOf, freeAtoms, ZERO } from "./symbols.ts";
import type { Venue } from "./venue.ts";

export const systemStatus: PublicMethod = {
  security: "NONE",
  params: [],
  weight: { endpoint: "system/status", scope: "IP", weight: 1 },
  isAlwaysUp: true,
  run: ({ faults }) =>
    faults.isIn("maintenance") ? { status: 1, msg: "system_maintenance" } : { status: 0, msg: "normal" },
};

/** No pair trades on margin here: a spot key gets an empty list. */
export const marginPairs: PublicMethod = {
  security: "MARKET_DATA",
  params: [],
  weight: { endpoint: "margin/pairs", scope: "IP", weight: 1 },
  run: () => [],
};

export const tradeFee: SignedMethod = {
  security: "USER_DATA",
  params: ["symbol"],
  weight: { endpoint: "asset/tradeFee", scope: "IP", weight: 1 },
  run: (venue, params, { key }) => {
    const { maker, taker } = ratesOf(venue, key.account);
    const symbol = text(params, "symbol");
    const markets = symbol === undefined ? venue.symbols.all() : [venue.symbols.named(symbol)];
    return markets.map((market) => ({
      symbol: market.symbol,
      makerCommission: maker,
      takerCommission: taker,
    }));
  },
};

export const apiRestrictions: SignedMethod = {
  security: "USER_DATA",
  params: [],
  weight: { endpoint: "account/apiRestrictions", scope: "IP", weight: 1 },
  run: (venue, _params, { key }) => ({
    ipRestrict: false,
    createTime: venue.nowMs(),
    enableReading: true,
    enableWithdrawals: key.mayWithdraw,
    enableInternalTransfer: false,
    enableMargin: false,
    enableFutures: false,
    permitsUniversalTransfer: key.mayWithdraw,
    enableVanillaOptions: false,
    enableFixApiTrade: false,
    enableFixReadOnly: false,
    enableSpotAndMarginTrading: key.mayTrade,
    enablePortfolioMarginTrading: false,
  }),
};

export const coins: SignedMethod = {
  security: "USER_DATA",
  params: [],
  weight: { endpoint: "capital/config/getall", scope: "IP", weight: 10 },
  run: (venue, _params, { key }) =>
    venue.core.assets.map(({ asset }) => {
      const balance = venue.core.balances(key.account).find((b) => b.asset === asset);
      return {
        coin: asset,
        name: asset,
        depositAllEnable: true,
        withdrawAllEnable: true,
        trading: true,
        isLegalMoney: false,
        free: balance === undefined ? ZERO : amountOf(venue.core, asset, freeAtoms(balance)),
        locked: balance === undefined ? ZERO : amountOf(venue.core, asset, balance.heldAtoms),
        freeze: "0",
        withdrawing: "0",
        ipoing: "0",
        ipoable: "0",
        storage: "0",
        networkList: [networkOf(venue, asset)],
      };
    }),
};

function networkOf({ core }: Venue, asset: string) {
  return {
    network: asset,
    coin: asset,
    name: asset,
    isDefault: true,
    depositEnable: true,
    withdrawEnable: true,
    depositDesc: "",
    withdrawDesc: "",
    specialTips: "",
    resetAddressStatus: false,
    addressRegex: "^[A-Za-z0-9]{1,100}$",
    memoRegex: "",
    withdrawFee: "0",
    withdrawMin: "0",
    withdrawMax: "9999999999",
    withdrawIntegerMultiple: amountOf(core, asset, 1n),
    minConfirm: 1,
    unLockConfirm: 0,
    sameAddress: false,
  };
}
