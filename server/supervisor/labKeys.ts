/** Gives the desk the keys that the simulated venues have made for it: from there on it holds them as it holds any. */
import { listKeys, readKey, storeKey } from "../host/keyVault.ts";
import { readKeys } from "../lab/service/keys.ts";

/** Throws a UserError when the desk's key files cannot be used. */
export function takeLabKeys(home: string, nowMs: number): void {
  const held = listKeys(home);
  for (const { account, holder, apiKey, secret, passphrase } of readKeys(home)) {
    const name = { account, holder };
    const isHeld = held.some((key) => key.account === account && key.holder === holder);
    if (isHeld && readKey(home, name)?.secret === secret) continue;
    storeKey(home, name, { apiKey, secret, passphrase }, nowMs);
  }
}
