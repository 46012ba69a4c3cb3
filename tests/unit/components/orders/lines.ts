import type { FillLine, OrderLine } from "../../../../server/contract/lines.ts";
import type { OpenOrderLine } from "../../../../server/contract/link.ts";

export function openLine(clientId: string, part: Partial<OpenOrderLine> = {}): OpenOrderLine {
  return {
    account: "binance",
    symbol: "BTC/USDT",
    clientId,
    side: "buy",
    status: "OPEN",
    price: 60_000,
    sizeBase: 1,
    filledBase: 0,
    placedAtUs: 1e6,
    ...part,
  };
}

export function orderLine(seq: number, clientId: string, part: Partial<OrderLine> = {}): OrderLine {
  return {
    type: "order",
    cursor: { epoch: 1, seq, at: 0 },
    atUs: seq * 1e6,
    venueOrderId: `v-${clientId}`,
    role: "quote",
    isFinal: false,
    ...openLine(clientId),
    ...part,
  };
}

export function fillLine(seq: number, part: Partial<FillLine> = {}): FillLine {
  return {
    type: "fill",
    cursor: { epoch: 1, seq, at: 0 },
    atUs: seq * 1e6,
    account: "binance",
    symbol: "BTC/USDT",
    base: "BTC",
    quote: "USDT",
    clientId: "qdmo1",
    venueOrderId: "7",
    tradeId: String(seq),
    side: "buy",
    liquidity: "maker",
    priceTicks: 6_000_000,
    sizeLots: 1_000,
    price: 60_000,
    sizeBase: 0.01,
    notionalAtoms: 600_00000000n,
    notionalQuote: 600,
    feeAsset: "USDT",
    feeAtoms: 6_000000n,
    fee: 0.06,
    venueAtUs: seq * 1e6,
    edgeBps: 1,
    ...part,
  };
}
