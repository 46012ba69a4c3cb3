/** Lines of every kind, and their way into a database by the recorder's own writer. */
import type {
  BalanceLine,
  CommandLine,
  Cursor,
  EquityLine,
  FillLine,
  Line,
  NoticeLine,
  OrderLine,
  ParametersLine,
  PnlView,
  TradingStateLine,
  UptimeLine,
} from "../../server/contract/lines.ts";
import { compareCursors } from "../../server/contract/lines.ts";
import { rowsOf } from "../../server/recorder/tables.ts";
import { RecordWriter } from "../../server/recorder/writer.ts";

/** Engine time of the lines here: the first of a run at an instant that milliseconds cannot hold. */
export const ORIGIN_US = 1_790_000_000_000_123;

export async function recordLines(url: string, lines: readonly Line[]): Promise<void> {
  const writer = await RecordWriter.open(url);
  try {
    const sorted = [...lines].sort((a, b) => compareCursors(a.cursor, b.cursor));
    for (const epoch of new Set(sorted.map(({ cursor }) => cursor.epoch))) {
      const ofRun = sorted.filter(({ cursor }) => cursor.epoch === epoch);
      const from = { epoch, seq: 0, runId: `run ${epoch}` };
      await writer.write(from, ofRun.at(-1)?.cursor.seq ?? 0, ofRun.flatMap(rowsOf));
    }
  } finally {
    await writer.close();
  }
}

export function placed(epoch: number, seq: number, at = 0): { cursor: Cursor; atUs: number } {
  return { cursor: { epoch, seq, at }, atUs: ORIGIN_US + epoch * 1_000_000_000 + seq * 1_000 };
}

type Base = ReturnType<typeof placed>;

export function fillLine(base: Base, more: Partial<FillLine> = {}): FillLine {
  return {
    type: "fill",
    ...base,
    account: "binance-1",
    symbol: "BTC/USDT",
    base: "BTC",
    quote: "USDT",
    clientId: "qabc0001000000a",
    venueOrderId: "v1",
    tradeId: `t${base.cursor.epoch}-${base.cursor.seq}-${base.cursor.at}`,
    side: "buy",
    liquidity: "maker",
    priceTicks: 6_512_345,
    sizeLots: 1_234,
    price: 65_123.45,
    sizeBase: 0.01234,
    notionalAtoms: 803_623_373_000_000_000_000n,
    notionalQuote: 803.623373,
    feeAsset: "BNB",
    feeAtoms: -123_456_789_012_345_678_901n,
    fee: -0.000_000_1,
    venueAtUs: base.atUs - 1_234,
    edgeBps: 1.25,
    ...more,
  };
}

export function orderLine(base: Base, more: Partial<OrderLine> = {}): OrderLine {
  return {
    type: "order",
    ...base,
    account: "binance-1",
    symbol: "BTC/USDT",
    clientId: "qabc0001000000a",
    venueOrderId: undefined,
    role: "quote",
    side: "sell",
    status: "OPEN",
    isFinal: false,
    price: 65_123.45,
    sizeBase: 0.01234,
    filledBase: 0,
    placedAtUs: base.atUs - 7,
    ...more,
  };
}

export function noticeLine(base: Base, more: Partial<NoticeLine> = {}): NoticeLine {
  return {
    type: "notice",
    ...base,
    code: "LATE_FILL",
    severity: "attention",
    scope: "binance-1",
    text: "a fill",
    ...more,
  };
}

export function commandLine(base: Base, more: Partial<CommandLine> = {}): CommandLine {
  return {
    type: "command",
    ...base,
    commandId: "11111111-1111-4111-8111-111111111111",
    actor: "ada",
    reason: "a test",
    command: {
      type: "setBaseline",
      account: "binance-1",
      asset: "BTC",
      baselineAtoms: 123_456_789_012_345_678_901_234n,
    },
    accepted: true,
    code: undefined,
    text: undefined,
    ...more,
  };
}

export function parametersLine(base: Base, more: Partial<ParametersLine> = {}): ParametersLine {
  return {
    type: "parameters",
    ...base,
    version: 3,
    commandId: undefined,
    actor: "ada",
    reason: "wider",
    settings: [
      { scope: "BTC", level: "market", name: "model", before: "glft", after: "avellaneda-stoikov" },
      { scope: "desk", level: "desk", name: "spreadMultiplier", before: undefined, after: 1.1 },
    ],
    ...more,
  };
}

export function stateLine(base: Base, more: Partial<TradingStateLine> = {}): TradingStateLine {
  return {
    type: "tradingState",
    ...base,
    scope: "desk",
    before: "ACTIVE",
    after: "KILLED",
    actor: "ada",
    reason: "stop",
    ...more,
  };
}

export function balanceLine(base: Base, more: Partial<BalanceLine> = {}): BalanceLine {
  return {
    type: "balance",
    ...base,
    account: "binance-1",
    asset: "BTC",
    decimals: 18,
    balanceAtoms: 12_345_678_901_234_567_890_123n,
    baselineAtoms: -1n,
    ...more,
  };
}

export function uptimeLine(base: Base, more: Partial<UptimeLine> = {}): UptimeLine {
  return {
    type: "uptime",
    ...base,
    account: "binance-1",
    symbol: "BTC/USDT",
    twoSided: true,
    fromUs: base.atUs - 1_000,
    toUs: base.atUs,
    ...more,
  };
}

/** Parts that sum to the total. */
export function pnlOf(total: number): PnlView {
  return {
    spreadCapture: total + 2.875,
    makerFees: -1,
    takerFees: -0.5,
    hedging: 0.125,
    reducing: -0.25,
    inventory: -1,
    currency: -0.25,
    total,
  };
}

export function equityLine(base: Base, more: Partial<EquityLine> = {}): EquityLine {
  return {
    type: "equity",
    ...base,
    reportingAsset: "USDT",
    netExposure: 10.5,
    grossExposure: 20.25,
    pnl: pnlOf(100),
    markets: [],
    ...more,
  };
}
