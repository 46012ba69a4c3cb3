import type { ExchangeId } from "../../ports.ts";
import { binanceMarket } from "./binance.ts";
import { krakenMarket } from "./kraken.ts";
import { okxMarket } from "./okx.ts";
import type { MarketProtocol } from "./protocol.ts";

const PROTOCOLS: { readonly [I in ExchangeId]: MarketProtocol } = {
  binance: binanceMarket,
  okx: okxMarket,
  kraken: krakenMarket,
};

export function marketProtocolOf(id: ExchangeId): MarketProtocol {
  return PROTOCOLS[id];
}
