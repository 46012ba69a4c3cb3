/** A made-up desk for the gallery: two markets on three venues, with everything that can be seen on a bad day. */
import type { FillLine, NoticeLine, PnlView, TradingStateLine } from "../../../server/contract/lines.ts";
import type { DeskShape, MarketDetail, SystemView } from "../../../server/contract/link.ts";
import { describeReason, type OffReason } from "../../../server/contract/reasons.ts";
import type {
  Break,
  DeskView,
  InstrumentView,
  MarketView,
  SideView,
} from "../../../server/contract/views.ts";

const AT_US = Date.UTC(2026, 10, 22, 14, 22, 6) * 1_000;
const SECOND_US = 1_000_000;

const INSTRUMENTS = [
  {
    account: "binance",
    symbol: "BTC/USDT",
    market: "BTC",
    base: "BTC",
    quote: "USDT",
    tick: "0.01",
    lot: "0.00001",
  },
  {
    account: "okx",
    symbol: "BTC/USDT",
    market: "BTC",
    base: "BTC",
    quote: "USDT",
    tick: "0.1",
    lot: "0.00000001",
  },
  {
    account: "kraken",
    symbol: "BTC/USD",
    market: "BTC",
    base: "BTC",
    quote: "USD",
    tick: "0.1",
    lot: "0.00000001",
  },
  {
    account: "binance",
    symbol: "ETH/USDT",
    market: "ETH",
    base: "ETH",
    quote: "USDT",
    tick: "0.01",
    lot: "0.0001",
  },
  {
    account: "okx",
    symbol: "ETH/USDT",
    market: "ETH",
    base: "ETH",
    quote: "USDT",
    tick: "0.01",
    lot: "0.000001",
  },
  {
    account: "kraken",
    symbol: "ETH/USD",
    market: "ETH",
    base: "ETH",
    quote: "USD",
    tick: "0.01",
    lot: "0.00000001",
  },
].map((one) => ({ ...one, quoted: true }));

export const SHAPE: DeskShape = {
  profile: "demo",
  deskCode: "dmo",
  epoch: 7,
  hedging: "off",
  reportingAsset: "USD",
  accounts: ["binance", "okx", "kraken"].map((account) => ({ account, venue: account })),
  markets: [
    { market: "BTC", base: "BTC" },
    { market: "ETH", base: "ETH" },
  ],
  instruments: INSTRUMENTS,
};

function pnl(scale: number): PnlView {
  const parts = {
    spreadCapture: 212.4 * scale,
    makerFees: -31.1 * scale,
    takerFees: -2.2 * scale,
    hedging: 0,
    reducing: -4.05 * scale,
    inventory: -48.6 * scale,
    currency: 1.97 * scale,
  };
  return { ...parts, total: Object.values(parts).reduce((sum, part) => sum + part, 0) };
}

const PRICES: Readonly<
  Record<string, { readonly fair: number; readonly half: number; readonly size: number }>
> = {
  BTC: { fair: 61_842.71, half: 5.1, size: 0.0808 },
  ETH: { fair: 3_412.55, half: 0.34, size: 1.4652 },
};

function side(name: "buy" | "sell", price: number, size: number, off?: OffReason, order = true): SideView {
  return {
    side: name,
    state: "ACTIVE",
    order: !order
      ? undefined
      : {
          clientId: `q-${name}-${price}`,
          status: off === undefined ? "OPEN" : "PENDING_CANCEL",
          waitsFor: undefined,
          price,
          remainingBase: size,
        },
    reason:
      off === undefined
        ? undefined
        : { code: off, ...describeReason(off), sinceUs: AT_US - 17.4 * SECOND_US },
  };
}

function instrument(at: number): InstrumentView {
  const one = INSTRUMENTS[at] ?? INSTRUMENTS[0];
  const { fair, half, size } = PRICES[one?.base ?? "BTC"] ?? { fair: 1, half: 1, size: 1 };
  const isKrakenBtc = at === 2;
  const isOkxEth = at === 4;
  return {
    account: one?.account ?? "",
    symbol: one?.symbol ?? "",
    quoted: true,
    bid: fair - half * 0.3,
    bidSizeBase: size * 4,
    ask: fair + half * 0.3,
    askSizeBase: size * 3,
    channelAgeMs: isKrakenBtc ? 3_400 : 40 + at * 20,
    bookAgeMs: isKrakenBtc ? 3_400 : 120 + at * 30,
    basisBps: 0.4 * at,
    weight: 1 / 3,
    inventoryBase: [0.312, -0.184, 0.056, 1.21, -2.4, 0][at] ?? 0,
    uptimeShare: isKrakenBtc ? 0.871 : 0.974,
    sides: isKrakenBtc
      ? [side("buy", 0, 0, "STALE_CHANNEL", false), side("sell", 0, 0, "STALE_CHANNEL", false)]
      : [
          side("buy", fair - half * (1 + at * 0.1), size, isOkxEth ? "ASSET_LIMIT" : undefined, !isOkxEth),
          side("sell", fair + half * (1 + at * 0.1), size),
        ],
  };
}

function market(name: string, from: number, inventoryBase: number): MarketView {
  const { fair } = PRICES[name] ?? { fair: 1 };
  return {
    market: name,
    base: name,
    state: "ACTIVE",
    fair,
    fairAgeMs: 80,
    fairSdBps: 0.21,
    volatility: { status: "TRUSTED", bpsPerSqrtS: 1.12, stderrBps: 0.09 },
    model: {
      name: "glft",
      gammaPerQuote: 1e-5,
      slope: 0.3,
      inventorySdBase: name === "BTC" ? 0.27 : 4.9,
      halfLifeS: 190,
      fillsPerMinute: 14,
      targetBase: 0,
    },
    inventoryBase,
    limitBase: name === "BTC" ? 1.617 : 29.3,
    position: {
      quantityBase: inventoryBase,
      openedAtUs: undefined,
      averageCost: undefined,
      realised: 0,
      unrealised: 0,
    },
    pnl: pnl(name === "BTC" ? 0.7 : 0.3),
    instruments: [0, 1, 2].map((offset) => instrument(from + offset)),
  };
}

const BREAKS: readonly Break[] = [
  {
    kind: "balance",
    what: "ETH",
    ours: "198.79",
    venue: "198.790001",
    sinceUs: AT_US - 412 * SECOND_US,
    seenTimes: 82,
    severity: "notice",
  },
  {
    kind: "order",
    what: "web-71",
    ours: "none",
    venue: "BTC/USDT buy 0.05 at 61200.5",
    sinceUs: AT_US - 48 * SECOND_US,
    seenTimes: 9,
    severity: "notice",
  },
];

export const DESK: DeskView = {
  atUs: AT_US,
  state: "ACTIVE",
  reportingAsset: "USD",
  paramVersion: 128,
  quotingVersion: 128,
  netExposure: 0.184 * 61_842.71 - 1.19 * 3_412.55,
  grossExposure: 15_439,
  pnl: pnl(3),
  day: { ...pnl(1), sinceUs: Date.UTC(2026, 10, 22) * 1_000 },
  accounts: SHAPE.accounts.map(({ account }) => ({
    account,
    status: account === "kraken" ? "RECONCILING" : "READY",
    brokenBy: undefined,
    agreedAtUs: account === "kraken" ? undefined : AT_US - 1.4 * SECOND_US,
    reconcileEveryMs: { binance: 12_000, okx: 3_000, kraken: 46_000 }[account] ?? 5_000,
    tradeReads: {
      everyMs: { binance: 6_000, okx: 1_000, kraken: 90_909 }[account] ?? 1_000,
      readAtUs: account === "kraken" ? undefined : AT_US - 0.6 * SECOND_US,
    },
    breaks: account === "okx" ? BREAKS : [],
    ordersLeftOut: 0,
    requests: {
      scope: account === "kraken" ? "rest" : "weight",
      usedFrac: 0.24,
      silentUntilUs: account === "kraken" ? AT_US + 8 * SECOND_US : undefined,
    },
    state: "ACTIVE",
    clearedAtUs: undefined,
    sealedAtUs: undefined,
  })),
  markets: [market("BTC", 0, 0.184), market("ETH", 3, -1.19)],
};

export const SYSTEM: SystemView = {
  atUs: AT_US,
  profile: "demo",
  epoch: 7,
  seq: 1_204_331,
  pid: 4_242,
  startedAtUs: AT_US - 8_047 * SECOND_US,
  clockSpeed: 1,
  phase: "running",
  failure: undefined,
  eventsPerSecond: 241,
  mailboxLagMs: 0.4,
  mailboxWaiting: 1,
  stepP99Us: 18,
  loopStallMs: 4,
  journalSeq: 1_204_330,
  heapMb: 84,
  marketEnded: false,
  venues: SHAPE.accounts.map(({ account }) => ({ account, connected: true, sinceUs: AT_US })),
};

const cursor = (seq: number) => ({ epoch: 7, seq, at: 0 });

export const FILLS: readonly FillLine[] = Array.from({ length: 24 }, (_, at): FillLine => {
  const one = INSTRUMENTS[(at * 5) % 6] ?? INSTRUMENTS[0];
  const { fair, half, size } = PRICES[one?.base ?? "BTC"] ?? { fair: 1, half: 1, size: 1 };
  const isBuy = at % 3 !== 0;
  const price = fair + (isBuy ? -half : half) * (1 + (at % 4) * 0.05);
  return {
    type: "fill",
    cursor: cursor(1_000 + at),
    atUs: AT_US - (24 - at) * 13 * SECOND_US,
    account: one?.account ?? "",
    symbol: one?.symbol ?? "",
    base: one?.base ?? "",
    quote: one?.quote ?? "",
    clientId: `qdmo0007${at}`,
    venueOrderId: `v${at}`,
    tradeId: `t${at}`,
    side: isBuy ? "buy" : "sell",
    liquidity: "maker",
    priceTicks: Math.round(price * 100),
    sizeLots: 1_500,
    price,
    sizeBase: size / (1 + (at % 5)),
    notionalAtoms: 0n,
    notionalQuote: price * size,
    feeAsset: one?.quote ?? "",
    feeAtoms: 0n,
    fee: -0.02,
    venueAtUs: AT_US,
    edgeBps: at === 20 ? undefined : 1.8 - (at % 5) * 0.7,
  };
});

export const ALERTS: readonly NoticeLine[] = [
  {
    code: "PARAMETERS",
    severity: "info",
    scope: "desk",
    text: "version 128 by operator: calmer after the open",
  },
  {
    code: "ORDER_UNKNOWN",
    severity: "attention",
    scope: "okx",
    text: "a cancel got no answer; its exposure stays reserved",
  },
  { code: "ORDER_RESOLVED", severity: "info", scope: "okx", text: "the venue answered: cancelled" },
  {
    code: "BALANCE_BREAK",
    severity: "danger",
    scope: "kraken",
    text: "USD 998,412.10 at the venue, 998,402.10 in our books",
  },
  {
    code: "ACCOUNT_STATUS",
    severity: "attention",
    scope: "kraken",
    text: "READY → RECONCILING: the private stream was lost",
  },
].map(
  (line, at) =>
    ({
      ...line,
      type: "notice",
      cursor: cursor(2_000 + at),
      atUs: AT_US - (60 - at * 9) * SECOND_US,
    }) as NoticeLine,
);

export const AUDIT: readonly TradingStateLine[] = [
  {
    type: "tradingState",
    cursor: cursor(3_000),
    atUs: AT_US - 8_047 * SECOND_US,
    scope: "desk",
    before: "DISARMED",
    after: "ACTIVE",
    actor: "operator",
    reason: "start of the day",
  },
];

export const DETAIL: MarketDetail = {
  atUs: AT_US,
  market: "BTC",
  ladders: [],
  quotes: INSTRUMENTS.slice(0, 3).map(({ account, symbol }) => ({
    account,
    symbol,
    explanation: {
      bid: 61_838.11,
      ask: 61_847.93,
      bidTicks: 6_183_811,
      askTicks: 6_184_793,
      bidOff: undefined,
      askOff: undefined,
      stages: (
        [
          ["mid", 61_843.02, 61_843.02, { bid: 61_842.9, ask: 61_843.14 }],
          ["fairValue", -0.05, -0.05, { weight: 0.41 }],
          ["inventorySkew", -0.15, -0.15, { q: 0.184, "sd of q": 0.27 }],
          ["halfSpread", -0.62, 0.62, { gamma: 0.00001, "decay bps": 2 }],
          ["fee", -0.1, 0.1, { "maker bps": -0.1 }],
          ["adverseSelection", -0.3, 0.3, { bps: 0.3 }],
          ["tickRounding", -0.001, 0.001, {}],
        ] as const
      ).map(([stage, bid, ask, inputs]) => ({ stage, bid, ask, bidBps: bid, askBps: ask, inputs })),
    },
  })),
};

export const PNL_HISTORY = Array.from({ length: 400 }, (_, at) => {
  const share = at / 400;
  const wave = Math.sin(at / 23) * 0.25 * share;
  const base = pnl(share + wave * 0.4);
  const inventory = base.inventory * (1 + 2 * Math.sin(at / 31));
  return {
    atS: AT_US / 1e6 - (400 - at) * 120,
    pnl: { ...base, inventory, total: base.total - base.inventory + inventory },
  };
});

export const INVENTORY_HISTORY = Array.from({ length: 3_000 }, (_, at) => ({
  atS: AT_US / 1e6 - 3_000 + at,
  base: 0.184 + 0.3 * Math.sin(at / 140) + 0.12 * Math.sin(at / 17) + (at > 1_800 ? 0.4 : 0) - 0.3,
}));
