/** Transfers between wallets, /sapi/v1/asset/transfer, and their history. */
import type { SignedMethod } from "./methods.ts";
import { isAsked, movements, needAmount, needAsset, treasuryRefusal } from "./movements.ts";
import { integer, needText } from "./params.ts";
import { Refusal } from "./refusal.ts";
import { amountOf, msOf } from "./symbols.ts";
import type { Venue } from "./venue.ts";

/** The funding wallet of an account is the next account of this venue: there is no other place to move money to. */
export const transfer: SignedMethod = {
  security: "USER_DATA",
  params: ["type", "asset", "amount", "fromSymbol", "toSymbol"],
  weight: { endpoint: "asset/transfer", scope: "UID", weight: 900 },
  run: (venue, params, { key }) => {
    const { from, to } = endsOf(venue, needText(params, "type"), key.account);
    const asset = needAsset(venue, params, "asset");
    const outcome = venue.core.transfer(from, to, asset, needAmount(venue, params, asset));
    if (!outcome.ok) throw treasuryRefusal(outcome.reason);
    return { tranId: Number(outcome.id) };
  },
};

export const transfers: SignedMethod = {
  security: "USER_DATA",
  params: ["type", "startTime", "endTime", "current", "size", "fromSymbol", "toSymbol"],
  weight: { endpoint: "asset/transfer history", scope: "IP", weight: 1 },
  run: (venue, params, { key }) => {
    const type = needText(params, "type");
    const isOut = endsOf(venue, type, key.account).from === key.account;
    const found = movements(venue, key.account, "transfer")
      .filter(({ amountAtoms }) => amountAtoms < 0n === isOut)
      .filter(isAsked(params))
      .reverse();
    const size = Math.min(integer(params, "size") ?? 10, 100);
    const first = ((integer(params, "current") ?? 1) - 1) * size;
    return {
      total: found.length,
      rows: found.slice(first, first + size).map((entry) => ({
        asset: entry.asset,
        amount: amountOf(
          venue.core,
          entry.asset,
          entry.amountAtoms < 0n ? -entry.amountAtoms : entry.amountAtoms,
        ),
        type,
        status: "CONFIRMED",
        tranId: Number(entry.refId),
        timestamp: msOf(entry.atUs),
      })),
    };
  },
};

function endsOf(
  { core }: Venue,
  type: string,
  account: number,
): { readonly from: number; readonly to: number } {
  const at = core.accounts.indexOf(account);
  const funding = core.accounts[(at + 1) % core.accounts.length];
  if (funding === undefined || funding === account) throw treasuryRefusal("INSUFFICIENT_FUNDS");
  if (type === "MAIN_FUNDING") return { from: account, to: funding };
  if (type === "FUNDING_MAIN") return { from: funding, to: account };
  throw new Refusal(400, -4001, "Invalid operation.");
}
