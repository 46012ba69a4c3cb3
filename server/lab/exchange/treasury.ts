/** Money that moves without trading: deposits, withdrawals from request to end, transfers between accounts. */
import { UserError } from "../../contract/errors.ts";
import type { TreasuryOutcome, TreasuryRefusal, Withdrawal } from "../ports.ts";
import type { AccountState } from "./account.ts";
import { freeAtoms, holdingOf, post } from "./ledger.ts";
import type { Ids } from "./requests.ts";

/** Years of one a day; beyond it the oldest that ended are forgotten, and while all are pending none is added. */
export const WITHDRAWALS_MAX = 1_000;

export interface Movement {
  readonly asset: string;
  readonly amountAtoms: bigint;
  readonly atUs: number;
}

/** A negative amount leaves at once; throws a UserError when that exceeds what is free. */
export function deposit(account: AccountState, moved: Movement, ids: Ids): void {
  const free = freeAtoms(account.ledger, moved.asset);
  if (free + moved.amountAtoms < 0n)
    throw new UserError(
      `${account.terms.account} has ${free} free atoms of ${moved.asset}: withdraw no more, or cancel orders first`,
    );
  post(account.ledger, {
    ...moved,
    kind: moved.amountAtoms < 0n ? "withdrawal" : "deposit",
    refId: nextId(ids),
  });
}

export function requestWithdrawal(account: AccountState, asked: Movement, ids: Ids): TreasuryOutcome {
  const { asset, amountAtoms, atUs } = asked;
  const refusal = refuseMovement(account, asked) ?? (makeRoom(account) ? undefined : "TOO_MANY_PENDING");
  if (refusal !== undefined) return { ok: false, reason: refusal };
  const withdrawalId = nextId(ids);
  holdingOf(account.ledger, asset).heldAtoms += amountAtoms;
  account.withdrawals.set(withdrawalId, {
    withdrawalId,
    asset,
    amountAtoms,
    requestedAtUs: atUs,
    status: "PENDING",
  });
  return { ok: true, id: withdrawalId };
}

/** Undefined when no withdrawal of this id is pending. */
export function endWithdrawal(
  account: AccountState,
  withdrawalId: string,
  status: "DONE" | "CANCELED",
  atUs: number,
): Withdrawal | undefined {
  const pending = account.withdrawals.get(withdrawalId);
  if (pending?.status !== "PENDING") return undefined;
  const { asset, amountAtoms } = pending;
  holdingOf(account.ledger, asset).heldAtoms -= amountAtoms;
  if (status === "DONE")
    post(account.ledger, { atUs, asset, kind: "withdrawal", amountAtoms: -amountAtoms, refId: withdrawalId });
  const ended: Withdrawal = { ...pending, status, endedAtUs: atUs };
  account.withdrawals.set(withdrawalId, ended);
  return ended;
}

/** Both sides carry one reference. */
export function transfer(from: AccountState, to: AccountState, moved: Movement, ids: Ids): TreasuryOutcome {
  const refusal = refuseMovement(from, moved);
  if (refusal !== undefined) return { ok: false, reason: refusal };
  const refId = nextId(ids);
  post(from.ledger, { ...moved, kind: "transfer", amountAtoms: -moved.amountAtoms, refId });
  post(to.ledger, { ...moved, kind: "transfer", refId });
  return { ok: true, id: refId };
}

function refuseMovement(account: AccountState, moved: Movement): TreasuryRefusal | undefined {
  if (!account.ledger.holdings.has(moved.asset)) return "UNKNOWN_ASSET";
  if (moved.amountAtoms <= 0n) return "BAD_AMOUNT";
  return moved.amountAtoms > freeAtoms(account.ledger, moved.asset) ? "INSUFFICIENT_FUNDS" : undefined;
}

/** Whether one more fits, after forgetting the oldest that ended where it has to. */
function makeRoom(account: AccountState): boolean {
  if (account.withdrawals.size < WITHDRAWALS_MAX) return true;
  for (const { withdrawalId, status } of account.withdrawals.values()) {
    if (status === "PENDING") continue;
    account.withdrawals.delete(withdrawalId);
    return true;
  }
  return false;
}

function nextId(ids: Ids): string {
  return String(++ids.treasury);
}
