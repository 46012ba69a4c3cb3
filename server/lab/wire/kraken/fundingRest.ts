/** Private REST: money in and out. Withdrawals wait until the lab ends them. */
import { atomsText, decimalsOf, parseAtoms } from "../decimals.ts";
import type { TreasuryOutcome, Withdrawal } from "../../ports.ts";
import { accountName } from "./accountRest.ts";
import { assetId, findAsset } from "./assets.ts";
import { ERRORS } from "./errors.ts";
import { fundingRef } from "./ids.ts";
import type { Json } from "./json.ts";
import { readLedger } from "./ledgerView.ts";
import { right, textOf, wrong, wrongArgument } from "./params.ts";
import type { Checked } from "./params.ts";
import type { PrivateCall, PrivateMethod } from "./privateMethod.ts";
import type { KrakenVenue } from "./venue.ts";

export const FUNDING_METHODS: Readonly<Record<string, PrivateMethod>> = {
  DepositStatus: { cost: 1, needs: "query", run: depositStatus },
  WithdrawStatus: { cost: 1, needs: "query", run: withdrawStatus },
  Withdraw: { cost: 1, needs: "withdraw", run: withdraw },
  WalletTransfer: { cost: 1, needs: "withdraw", run: walletTransfer },
};

const SPOT_WALLET = "Spot Wallet";

function depositStatus(venue: KrakenVenue, call: PrivateCall): Checked<Json> {
  const asset = wantedAsset(venue, call);
  if (!asset.ok) return asset;
  const deposits = readLedger(venue.core, call.account).filter(
    (line) => line.kind === "deposit" && (asset.value === undefined || line.asset === asset.value),
  );
  return right(
    deposits.toReversed().map((line) => ({
      ...rowOf(venue, line.asset, line.amountAtoms),
      refid: fundingRef(line.refId),
      txid: line.refId,
      info: accountName(call.account),
      time: Math.floor(line.atUs / 1_000_000),
      status: "Success",
    })),
  );
}

function withdrawStatus(venue: KrakenVenue, call: PrivateCall): Checked<Json> {
  const asset = wantedAsset(venue, call);
  if (!asset.ok) return asset;
  const withdrawals = venue.core
    .withdrawals(call.account)
    .filter((withdrawal) => asset.value === undefined || withdrawal.asset === asset.value);
  return right(
    withdrawals.toReversed().map((withdrawal) => ({
      ...rowOf(venue, withdrawal.asset, withdrawal.amountAtoms),
      refid: fundingRef(withdrawal.withdrawalId),
      txid: withdrawal.status === "DONE" ? withdrawal.withdrawalId : null,
      info: "",
      time: Math.floor(withdrawal.requestedAtUs / 1_000_000),
      ...STATUS[withdrawal.status],
    })),
  );
}

const STATUS: { readonly [S in Withdrawal["status"]]: { readonly [key: string]: string } } = {
  PENDING: { status: "Pending" },
  DONE: { status: "Success" },
  CANCELED: { status: "Failure", "status-prop": "canceled" },
};

/** The name of an address book entry is asked for, and not looked up. */
function withdraw(venue: KrakenVenue, call: PrivateCall): Checked<Json> {
  if (textOf(call.params, "key") === undefined) return wrong(ERRORS.unknownWithdrawKey);
  const movement = movementOf(venue, call);
  if (!movement.ok) return movement;
  const { asset, amountAtoms } = movement.value;
  return referenceOf(venue.core.requestWithdrawal(call.account, asset, amountAtoms));
}

/** From the account's own wallet to that of another account of this venue, which `iban` of the key's info names. */
function walletTransfer(venue: KrakenVenue, call: PrivateCall): Checked<Json> {
  if (textOf(call.params, "from") !== SPOT_WALLET) return wrongArgument("from");
  const name = textOf(call.params, "to");
  const to = venue.core.accounts.find((account) => accountName(account) === name);
  if (to === undefined || to === call.account) return wrongArgument("to");
  const movement = movementOf(venue, call);
  if (!movement.ok) return movement;
  const { asset, amountAtoms } = movement.value;
  return referenceOf(venue.core.transfer(call.account, to, asset, amountAtoms));
}

interface Movement {
  readonly asset: string;
  readonly amountAtoms: bigint;
}

function movementOf(venue: KrakenVenue, { params }: PrivateCall): Checked<Movement> {
  const spec = findAsset(venue.core.assets, textOf(params, "asset") ?? "");
  if (spec === undefined) return wrong(ERRORS.unknownFundingAsset);
  const amountAtoms = parseAtoms(textOf(params, "amount") ?? "", spec.decimals);
  if (amountAtoms === undefined || amountAtoms === 0n) return wrong(ERRORS.invalidAmount);
  return right({ asset: spec.asset, amountAtoms });
}

function referenceOf(outcome: TreasuryOutcome): Checked<Json> {
  if (outcome.ok) return right({ refid: fundingRef(outcome.id) });
  switch (outcome.reason) {
    case "INSUFFICIENT_FUNDS":
    case "BAD_AMOUNT":
      return wrong(ERRORS.invalidAmount);
    case "UNKNOWN_ASSET":
      return wrong(ERRORS.unknownFundingAsset);
    case "TOO_MANY_PENDING":
      return wrong("EFunding:Too many pending withdrawals");
  }
}

function wantedAsset(venue: KrakenVenue, { params }: PrivateCall): Checked<string | undefined> {
  const name = textOf(params, "asset");
  if (name === undefined) return right(undefined);
  const spec = findAsset(venue.core.assets, name);
  return spec === undefined ? wrong(ERRORS.unknownFundingAsset) : right(spec.asset);
}

function rowOf(venue: KrakenVenue, asset: string, amountAtoms: bigint): { readonly [key: string]: Json } {
  const decimals = decimalsOf(venue.core, asset);
  return {
    method: asset,
    aclass: "currency",
    asset: assetId(asset),
    amount: atomsText(amountAtoms, decimals),
    fee: atomsText(0n, decimals),
  };
}
