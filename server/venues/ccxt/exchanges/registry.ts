import type { ExchangeId } from "../ports.ts";
import { binance } from "./binance/binance.ts";
import type { Exchange } from "./exchange.ts";
import { kraken } from "./kraken/kraken.ts";
import { okx } from "./okx/okx.ts";

const EXCHANGES: { readonly [I in ExchangeId]: Exchange } = { binance, okx, kraken };

export function exchangeOf(id: ExchangeId): Exchange {
  return EXCHANGES[id];
}
