/**
 * What a key may do, by the venue's own word. Binance says it of the key that asks (`apiRestrictions`), OKX with the
 * account's settings (`perm`), Kraken in `GetApiKeyInfo` (`permissions`). A key that trades needs no right to withdraw.
 */
import { callEndpoint } from "../gateway/ccxt.ts";
import type { CcxtInstance } from "../gateway/ccxt.ts";
import type { ExchangeId } from "../ports.ts";
import { AnswerError, listOf, recordOf, textIn } from "./fields.ts";

export interface KeyRights {
  readonly mayTrade: boolean;
  readonly mayWithdraw: boolean;
}

/** Throws an AnswerError for an answer that does not say it: what cannot be read is no leave. */
export async function readKeyRights(exchange: ExchangeId, instance: CcxtInstance): Promise<KeyRights> {
  const { endpoint, read } = RIGHTS[exchange];
  return read(await callEndpoint(instance, endpoint));
}

interface RightsReader {
  /** ccxt's implicit method. */
  readonly endpoint: string;
  read(answer: unknown): KeyRights;
}

const RIGHTS: { readonly [E in ExchangeId]: RightsReader } = {
  binance: {
    endpoint: "sapiGetAccountApiRestrictions",
    read(answer) {
      const rights = recordOf(answer);
      return {
        mayTrade: flagIn(rights, "enableSpotAndMarginTrading"),
        mayWithdraw: flagIn(rights, "enableWithdrawals"),
      };
    },
  },
  okx: {
    endpoint: "privateGetAccountConfig",
    read(answer) {
      const rights = textIn(recordOf(listOf(recordOf(answer)["data"])[0]), "perm").split(",");
      return { mayTrade: rights.includes("trade"), mayWithdraw: rights.includes("withdraw") };
    },
  },
  kraken: {
    endpoint: "privatePostGetApiKeyInfo",
    read(answer) {
      const rights = recordOf(recordOf(answer)["result"])["permissions"];
      if (!Array.isArray(rights)) throw new AnswerError("kraken does not say what the key may do");
      return { mayTrade: rights.includes("modify-trades"), mayWithdraw: rights.includes("withdraw-funds") };
    },
  },
};

function flagIn(record: Record<string, unknown>, name: string): boolean {
  const flag = record[name];
  if (typeof flag !== "boolean") throw new AnswerError(`binance does not say ${name} of the key`);
  return flag;
}
