/**
 * Nobody trades with a key that could take the money away: its rights are asked for before the account comes up, and
 * again for as long as the answer is bad. Cancels and questions go their way meanwhile.
 */
import type { Exchange } from "../exchanges/exchange.ts";
import { readKeyRights } from "../exchanges/keyRights.ts";
import type { VenueAccess } from "../ports.ts";
import type { CcxtInstance } from "./ccxt.ts";
import type { PaidReads } from "./paidReads.ts";

/** A counter that an earlier life has left full goes down by one in three seconds. */
const WAIT_MAX_MS = 10_000;

export class KeyRefusedError extends Error {
  override readonly name = "KeyRefusedError";
}

export interface KeyGuardOptions {
  readonly account: string;
  readonly exchange: Pick<Exchange, "id" | "limits">;
  readonly access: Pick<VenueAccess, "testnet">;
  readonly instance: CcxtInstance;
  readonly paid: Pick<PaidReads, "read">;
}

/**
 * Resolves when the key may be used: asked once. Rejects with a KeyRefusedError when it may withdraw, with another
 * error when its rights cannot be read.
 */
export function createKeyGuard({
  account,
  exchange,
  access,
  instance,
  paid,
}: KeyGuardOptions): () => Promise<void> {
  let isGood = false;
  return async () => {
    // Binance's test network has no such endpoint, and no money.
    if (isGood || access.testnet === true) return;
    const ask = () => readKeyRights(exchange.id, instance);
    const { mayWithdraw } = await paid.read("balances", ask, { waitMaxMs: WAIT_MAX_MS });
    if (mayWithdraw) throw new KeyRefusedError(refusalOf(account, exchange.id));
    isGood = true;
  };
}

export function refusalOf(account: string, venue: string): string {
  return (
    `the key of ${account} may withdraw: take that right away from it at ${venue}, ` +
    `or make a key without it there and store that with  npm run desk -- keys set ${account}`
  );
}
