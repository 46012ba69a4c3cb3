/** Session tokens for private sockets: good for 15 minutes, and on a socket that has used one for as long as it is open. */
import { createHash } from "node:crypto";
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import type { WireKey } from "../ports.ts";

export const TOKEN_SECONDS = 900;
/** A client that fetches one a second holds no more at a time. */
const TOKENS_MAX = 1_000;

export interface Tokens {
  issue(key: WireKey): string;
  /** Undefined for one that was never issued, or is too old. */
  keyOf(token: string): WireKey | undefined;
  /** None of them is good any more. */
  void(): void;
}

export function createTokens(steadyUs: () => number): Tokens {
  const tokens = new Map<string, { readonly key: WireKey; readonly untilUs: number }>();
  let count = 0;
  return {
    issue(key) {
      const token = createHash("sha256")
        .update(`${key.secret} ${steadyUs()} ${count++}`)
        .digest("base64")
        .replace(/=+$/, "");
      tokens.set(token, { key, untilUs: steadyUs() + TOKEN_SECONDS * MICROS_PER_SECOND });
      const [oldest] = tokens.keys();
      if (tokens.size > TOKENS_MAX && oldest !== undefined) tokens.delete(oldest);
      return token;
    },
    keyOf(token) {
      const found = tokens.get(token);
      return found !== undefined && steadyUs() < found.untilUs ? found.key : undefined;
    },
    void: () => tokens.clear(),
  };
}
