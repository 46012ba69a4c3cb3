/** The venues that the lab can put on the wire, by name. A venue is one folder beside this file and one line here. */
import { createBinance } from "./binance/binance.ts";
import { createKraken } from "./kraken/kraken.ts";
import { createOkx } from "./okx/okx.ts";
import type { FrontEndFactory } from "./ports.ts";

export const FRONT_ENDS: Readonly<Record<string, FrontEndFactory>> = {
  binance: createBinance,
  okx: createOkx,
  kraken: createKraken,
};
