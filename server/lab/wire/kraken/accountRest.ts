/** Private REST: balances, fees and what the key itself is. */
import { atomsText, decimalsOf } from "../decimals.ts";
import type { BalanceTruth } from "../../ports.ts";
import { assetId, findAsset } from "./assets.ts";
import { ERRORS } from "./errors.ts";
import { percentOf, worthOf } from "./figures.ts";
import type { Json } from "./json.ts";
import { listOf, right, textOf, wrong } from "./params.ts";
import type { Checked } from "./params.ts";
import type { PrivateCall, PrivateMethod } from "./privateMethod.ts";
import { TOKEN_SECONDS } from "./tokens.ts";
import type { KrakenVenue } from "./venue.ts";

export const ACCOUNT_METHODS: Readonly<Record<string, PrivateMethod>> = {
  Balance: {
    cost: 1,
    needs: "query",
    run: (venue, call) => right(byAsset(venue, call, (total) => total)),
  },
  BalanceEx: {
    cost: 1,
    needs: "query",
    run: (venue, call) => right(byAsset(venue, call, (balance, hold_trade) => ({ balance, hold_trade }))),
  },
  TradeBalance: { cost: 1, needs: "query", run: tradeBalance },
  TradeVolume: { cost: 1, needs: "query", run: tradeVolume },
  GetWebSocketsToken: {
    cost: 1,
    needs: "query",
    run: ({ tokens }, { key }) => right({ token: tokens.issue(key), expires: TOKEN_SECONDS }),
  },
  GetApiKeyInfo: { cost: 1, needs: "query", run: (venue, call) => right(keyInfo(venue, call)) },
};

/** How an account is named when money goes to it. */
export function accountName(account: number): string {
  return `AA00N84GLAB${String(account).padStart(5, "0")}`;
}

function byAsset(
  venue: KrakenVenue,
  { account }: PrivateCall,
  view: (total: string, held: string) => Json,
): Json {
  const rows = venue.core.balances(account).map(({ asset, totalAtoms, heldAtoms }) => {
    const decimals = decimalsOf(venue.core, asset);
    return [assetId(asset), view(atomsText(totalAtoms, decimals), atomsText(heldAtoms, decimals))] as const;
  });
  return Object.fromEntries(rows);
}

/** Spot alone: no margin, no positions. Assets that nothing prices are not in it. */
function tradeBalance(venue: KrakenVenue, { account, params }: PrivateCall): Checked<Json> {
  const wanted = findAsset(venue.core.assets, textOf(params, "asset") ?? "ZUSD");
  if (wanted === undefined) return wrong(ERRORS.unknownAsset);
  const worth = ({ asset, totalAtoms }: BalanceTruth): number =>
    worthOf(venue, asset, totalAtoms, wanted.asset) ?? 0;
  const total = venue.core
    .balances(account)
    .reduce((sum, balance) => sum + worth(balance), 0)
    .toFixed(4);
  const none = "0.0000";
  return right({ eb: total, tb: total, m: none, uv: none, n: none, c: none, v: none, e: total, mf: total });
}

function tradeVolume(venue: KrakenVenue, { account, params }: PrivateCall): Checked<Json> {
  const names = listOf(params, "pair");
  const pairs = names.flatMap((name) => venue.pairs.find(name) ?? []);
  if (pairs.length < names.length) return wrong(ERRORS.unknownPair);
  const { makerFrac, takerFrac, volume } = venue.core.feeRates(account);
  const feesOf = (frac: number): Json => {
    const fee = percentOf(frac).toFixed(4);
    const row = { fee, minfee: fee, maxfee: fee, nextfee: null, nextvolume: null, tiervolume: "0.0000" };
    return Object.fromEntries(pairs.map(({ id }) => [id, row]));
  };
  return right({
    currency: volume === undefined ? "ZUSD" : assetId(volume.asset),
    volume: volume === undefined ? "0.0000" : atomsText(volume.atoms, decimalsOf(venue.core, volume.asset)),
    fees: pairs.length === 0 ? undefined : feesOf(takerFrac),
    fees_maker: pairs.length === 0 ? undefined : feesOf(makerFrac),
  });
}

const READ = ["query-funds", "query-open-trades", "query-closed-trades", "query-ledger", "create-ws-token"];
const TRADE = ["modify-trades", "close-trades"];

function keyInfo({ core }: KrakenVenue, { key, nonce }: PrivateCall): Json {
  const seconds = String(Math.floor(core.nowUs() / 1_000_000));
  return {
    apiKeyName: key.holder,
    apiKey: key.apiKey,
    nonce,
    nonceWindow: String(key.nonceWindow ?? 0),
    permissions: [...READ, ...(key.mayTrade ? TRADE : []), ...(key.mayWithdraw ? ["withdraw-funds"] : [])],
    iban: accountName(key.account),
    validUntil: "0",
    queryFrom: "0",
    queryTo: "0",
    createdTime: "0",
    modifiedTime: "0",
    ipAllowlist: [],
    lastUsed: seconds,
  };
}
