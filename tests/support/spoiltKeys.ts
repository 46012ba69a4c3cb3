/** Keys of a lab's venues that they do not take: spoilt on the desk's side, or spent. */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { keysPath, readKeys, type StoredKey } from "../../server/lab/service/keys.ts";
import { readWirePorts } from "../../server/lab/service/wirePorts.ts";
import { signatureOf } from "../../server/lab/wire/kraken/auth.ts";

type Spoilt = "secret" | "passphrase";

/** In the lab's key file, which a lab reads once and a desk that starts reads anew. */
export function spoilKeys(home: string, accounts: Readonly<Record<string, Spoilt>>): void {
  const keys = readKeys(home).map((key) => {
    const part = accounts[key.account];
    return part === undefined ? key : { ...key, [part]: another(key, part) };
  });
  writeFileSync(keysPath(home), JSON.stringify({ keys }), { mode: 0o600 });
}

/** Uses the highest nonce there is: what the desk sends from here on is too low. Throws when the venue refuses it. */
export async function spendNonce(home: string, account: string): Promise<void> {
  const key = readKeys(home).find((one) => one.account === account && one.holder === "desk");
  const port = readWirePorts(home)[account];
  if (key === undefined || port === undefined) throw new Error(`no key or no port of ${account}`);
  const path = "/0/private/Balance";
  const nonce = "9".repeat(19);
  const body = `nonce=${nonce}`;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: {
      "api-key": key.apiKey,
      "api-sign": signatureOf(key.secret, path, nonce, body),
      "content-type": "application/x-www-form-urlencoded",
    },
    body,
  });
  const { error } = (await answer.json()) as { error: readonly string[] };
  // One call too many has spent it, too.
  const refused = error.filter((text) => text !== "EAPI:Rate limit exceeded");
  if (refused.length > 0) throw new Error(`${account} refuses the nonce: ${refused.join(", ")}`);
}

function another({ secret, passphrase }: StoredKey, part: Spoilt): string {
  if (part === "secret") return randomBytes(Buffer.from(secret, "base64").length).toString("base64");
  return randomBytes(passphrase.length / 2).toString("hex");
}
