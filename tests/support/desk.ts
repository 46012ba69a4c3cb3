/**
 * A desk for tests, in round numbers: BTC at 100.00 on every venue, tick 0.01, lot 0.01, and a limit of
 * 10 BTC that alone binds. Events are fed by hand and the clock moves when a test moves it.
 */
import type { VenueAccount } from "../../server/contract/instrument.ts";
import { EngineConfig } from "../../server/contract/config.ts";
import type { Effect } from "../../server/contract/effects.ts";
import type { EngineEvent, FillEvent, OpenOrderView } from "../../server/contract/events.ts";
import type { GateReason } from "../../server/contract/reasons.ts";
import type { ParamName } from "../../server/contract/params.ts";
import { answerAll } from "../../server/bench/deskFixture.ts";
import type { Order } from "../../server/core/orders/order.ts";
import { amendOrder, placeOrder } from "../../server/core/orders/requests.ts";
import { deskChanges } from "../../server/core/params/resolve.ts";
import { judge, type OrderIntent } from "../../server/core/risk/gate.ts";
import { createEngine } from "../../server/core/setup.ts";
import type { Engine, EngineState } from "../../server/core/state.ts";
import { step } from "../../server/core/step.ts";

export const START_US = 1_700_000_000_000_000;
export const BTC = 10n ** 8n;
export const USD = 10n ** 8n;
/** Lots in one BTC. */
export const LOTS = 100;
export const FAIR_TICKS = 10_000;

/** Well below the pause that makes the engine pull and reconcile. */
const TIMER_MS = 250;

/** Returns of one second that volatility needs before anything is quoted, and some more. */
const WARM_UP_MS = 25_000;

type Body<E> = E extends unknown ? Omit<E, "atUs"> : never;
/** Made at the desk's instant unless it says when. */
export type FillBody = Omit<Body<FillEvent>, "venueAtUs"> & { readonly venueAtUs?: number };
export type EventBody = Exclude<Body<EngineEvent>, { type: "fill" }> | FillBody;

export interface DeskShape {
  readonly venues?: number;
  readonly account?: Partial<VenueAccount>;
  readonly amend?: readonly VenueAccount["amend"][];
  readonly initialState?: "ACTIVE" | "DISARMED";
  readonly parameters?: Partial<Record<ParamName, string | number | boolean>>;
  /** Changes to the raw configuration, before it is parsed. */
  readonly adjust?: Adjust;
  /** Working stock at every venue. */
  readonly stockBtc?: number;
  readonly stockUsd?: number;
}

export interface Desk {
  readonly engine: Engine;
  readonly state: EngineState;
  nowUs: number;
  /** Whether venues answer every order request at once, and never with a no. */
  answers: boolean;
  /** Steps one event at the desk's instant; gives what it asked for, without what the answers ask for. */
  send(event: EventBody): readonly Effect[];
  /** Moves the clock in timers, every feed alive; gives what was asked for on the way. */
  wait(ms: number): Effect[];
}

type RawConfig = ReturnType<typeof rawConfig>;
export type Adjust = (config: RawConfig) => RawConfig;

function rawConfig({ venues = 1, account, amend, initialState = "ACTIVE", parameters }: DeskShape) {
  const names = Array.from({ length: venues }, (_, v) => `v${v}`);
  return {
    deskCode: "tst",
    epoch: 7,
    reportingAsset: "USD",
    assets: [
      { asset: "USD", decimals: 8 },
      { asset: "BTC", decimals: 8 },
    ],
    accounts: names.map((name, v) => ({
      account: name,
      venue: name,
      fees: { name: "test", makerFrac: 0.0001, takerFrac: 0.0005 },
      amend: amend?.[v] ?? "in-place",
      ...account,
    })),
    markets: [{ market: "BTC", base: "BTC", reportingQuote: "USD" }],
    instruments: names.map((name): Record<string, unknown> => ({ ...BTC_USD, account: name })),
    conversions: [] as Record<string, unknown>[],
    initialState,
    parameters: deskChanges({
      capital: 10_000,
      assetMaxPct: 10,
      venueMaxPct: 100,
      netMaxPct: 100,
      grossMaxPct: 400,
      // Known from the start, so that a test's quotes follow from what the test sets.
      intensitySource: "set",
      adverseSelectionSource: "set",
      venueWeights: "set",
      ...parameters,
    }),
  };
}

export const BTC_USD = {
  symbol: "BTC/USD",
  kind: "spot",
  base: "BTC",
  quote: "USD",
  settle: "USD",
  tick: "0.01",
  lot: "0.01",
} as const;

export function deskConfig(shape: DeskShape = {}): EngineConfig {
  const raw = rawConfig(shape);
  return EngineConfig.parse(shape.adjust?.(raw) ?? raw);
}

/** As an engine starts: nothing known of any venue. */
export function coldDesk(shape: DeskShape = {}): Desk {
  const engine = createEngine(deskConfig(shape));
  const desk: Desk = {
    engine,
    state: engine.state,
    nowUs: START_US,
    answers: false,
    send: (event) => {
      const stamped = event.type === "fill" ? { venueAtUs: desk.nowUs, ...event } : event;
      const effects = step(engine, { ...stamped, atUs: desk.nowUs } as EngineEvent);
      if (desk.answers) answerAll(engine, effects);
      return effects;
    },
    wait: (ms) => {
      const effects: Effect[] = [];
      for (let passedMs = 0; passedMs < ms; passedMs += TIMER_MS) {
        desk.nowUs += Math.min(TIMER_MS, ms - passedMs) * 1_000;
        for (const { index } of engine.state.instruments)
          desk.send({ type: "feed", instrument: index, status: "alive" });
        effects.push(...desk.send({ type: "timer" }));
      }
      return effects;
    },
  };
  return desk;
}

/** Books and reconciled accounts, and volatility still unknown: nothing is quoted, orders are the test's own. */
export function readyDesk(shape: DeskShape = {}): Desk {
  const desk = coldDesk(shape);
  for (const { index } of desk.state.instruments) sendBook(desk, index);
  for (const { index } of desk.state.accounts) reconcile(desk, index, shape);
  return desk;
}

/** A desk that quotes on every venue, its requests answered. */
export function quotingDesk(shape: DeskShape = {}): Desk {
  const desk = readyDesk(shape);
  desk.answers = true;
  desk.wait(WARM_UP_MS);
  return desk;
}

export function sendBook(desk: Desk, instrument: number, midTicks = FAIR_TICKS): readonly Effect[] {
  return desk.send({
    type: "book",
    instrument,
    kind: "snapshot",
    bids: [midTicks - 1, 500],
    asks: [midTicks + 1, 500],
  });
}

export function reconcile(
  desk: Desk,
  account: number,
  { stockBtc = 1_000, stockUsd = 1_000_000 }: Pick<DeskShape, "stockBtc" | "stockUsd"> = {},
): void {
  connect(desk, account);
  sendOpenOrders(desk, account, []);
  sendBalances(desk, account, BigInt(stockBtc) * BTC, BigInt(stockUsd) * USD);
}

/** Up for the first time, and nobody has ever traded here under our code: nothing on the wire to wait for. */
export function connect(desk: Desk, account: number): readonly Effect[] {
  const effects = desk.send({ type: "account", account, status: "up" });
  const contacted = desk.state.accounts[account];
  if (contacted !== undefined) contacted.strangersUntilUs = desk.nowUs;
  return effects;
}

export function sendOpenOrders(
  desk: Desk,
  account: number,
  orders: readonly OpenOrderView[],
  askedAtUs = desk.nowUs,
): readonly Effect[] {
  return desk.send({ type: "openOrders", account, askedAtUs, orders });
}

export function sendBalances(
  desk: Desk,
  account: number,
  btcAtoms = 1_000n * BTC,
  usdAtoms = 1_000_000n * USD,
): readonly Effect[] {
  const balances = desk.engine.config.assets.map(({ asset }) => ({
    asset,
    totalAtoms: asset === "USD" ? usdAtoms : btcAtoms,
  }));
  return desk.send({ type: "balances", account, balances });
}

/** What a venue would list for the order. */
export function viewOf(order: Order): OpenOrderView {
  const { clientId, instrument, side, priceTicks, sizeLots, filledLots } = order;
  return { clientId, venueOrderId: `v${clientId}`, instrument, side, priceTicks, sizeLots, filledLots };
}

/** An order of the test's own, in no slot, through the gate. */
export function placeOwn(desk: Desk, intent: Partial<OrderIntent> = {}): Order {
  const verdict = judge(desk.engine, ownIntent(intent));
  if (!verdict.ok) throw new Error(`the gate refused: ${verdict.code}`);
  return placeOrder(desk.engine, verdict.order, -1, []);
}

function ownIntent(intent: Partial<OrderIntent> = {}): OrderIntent {
  const side = intent.side ?? "buy";
  const priceTicks = side === "buy" ? FAIR_TICKS - 10 : FAIR_TICKS + 10;
  return { role: "quote", instrument: 0, side, priceTicks, sizeLots: 10, ...intent };
}

/** What the gate says to an order of the test's own: the code of its refusal, or "passes". */
export function verdictOn(desk: Desk, intent: Partial<OrderIntent> = {}): GateReason | "passes" {
  const verdict = judge(desk.engine, ownIntent(intent));
  return verdict.ok ? "passes" : verdict.code;
}

/** Acknowledged and resting. */
export function restOwn(desk: Desk, intent: Partial<OrderIntent> = {}): Order {
  const order = placeOwn(desk, intent);
  const { account, clientId } = order;
  desk.send({ type: "orderAccepted", account, clientId, venueOrderId: `v${clientId}` });
  return order;
}

export function amendOwn(desk: Desk, order: Order, terms: { priceTicks?: number; sizeLots?: number }): void {
  const { role, instrument, side, priceTicks, sizeLots } = order;
  const intent = { role, instrument, side, priceTicks, sizeLots, ...terms, amends: order };
  const verdict = judge(desk.engine, intent);
  if (!verdict.ok) throw new Error(`the gate refused: ${verdict.code}`);
  amendOrder(desk.engine, verdict.order, []);
}

let commands = 0;

/** The engine obeys each command id once. */
export function newCommandId(): string {
  return `c${++commands}`;
}

let trades = 0;

/** A fill of the order at its price, under a trade id of its own unless one is given. */
export function fillOf(
  order: Pick<Order, "account" | "instrument" | "clientId" | "side" | "priceTicks">,
  sizeLots: number,
  change: Partial<FillBody> = {},
): FillBody {
  const { account, instrument, clientId, side, priceTicks } = order;
  return {
    type: "fill",
    account,
    instrument,
    clientId,
    venueOrderId: `v${clientId}`,
    tradeId: `t${++trades}`,
    side,
    priceTicks,
    sizeLots,
    liquidity: "maker",
    feeAsset: "USD",
    feeAtoms: 0n,
    ...change,
  };
}

/** Long (> 0) or short by so many lots at an account, through a fill of nobody's order. */
export function holdInventory(desk: Desk, lots: number, account = 0, instrument = account): void {
  const side = lots > 0 ? "buy" : "sell";
  const theirs = { account, instrument, clientId: "", side, priceTicks: FAIR_TICKS } as const;
  desk.send(fillOf(theirs, Math.abs(lots), { clientId: undefined }));
}

export function noticesIn(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => (effect.type === "notice" ? [effect.code] : []));
}
