/**
 * The smallest trade there is, and back: bought and sold again at once. What the stream told of each fill has to be
 * what the venue's own list of trades says, to the last digit, and the balances have to have moved by exactly that.
 */
import type { Side } from "../../../contract/units.ts";
import { scaledToDecimal } from "../../../core/decimal.ts";
import type { VenueEvent } from "../../venue.ts";
import type { RawFill } from "../exchanges/exchange.ts";
import { atomsOf } from "../gateway/grid.ts";
import type { Check } from "./check.ts";
import { readQuote } from "./connection.ts";
import { smallestLots } from "./orders.ts";
import { ASSET_DECIMALS, CheckError, isEnd, type Trial } from "./trial.ts";

/** How far through the other side a price may reach. */
const REACH_FRAC = 0.005;
const FILLED_WITHIN_MS = 10_000;
/** A list of trades, and balances, may lag. */
const AGREED_WITHIN_MS = 10_000;
const AGAIN_MS = 1_000;
/** Fees and rounding: of what was bought a little less is there to be sold. */
const ROOM_FRAC = 0.05;

type Fill = Extract<VenueEvent, { readonly type: "fill" }>;

export const FILL_CHECKS: readonly Check[] = [
  {
    name: "fills, fees and balances are what the venue's own records say",
    async run(trial) {
      const { definition } = trial;
      const before = await balancesOf(trial);
      const sinceMs = trial.nowUs() / 1_000 - 1_000;
      const { askTicks } = await readQuote(trial);
      const lots = Math.ceil(smallestLots(trial, askTicks) * (1 + ROOM_FRAC));
      const bought = await take(trial, "buy", lots);
      const kept = lotsLeft(trial, bought);
      const { bidTicks } = await readQuote(trial);
      const canSell =
        kept >= smallestLots(trial, bidTicks) / (1 + ROOM_FRAC) && kept >= definition.sizeMinLots;
      const sold = canSell ? await take(trial, "sell", kept) : [];
      const fills = [...bought, ...sold];
      await untilAgreed(trial, () => compareWithTrades(trial, fills, sinceMs));
      const moved = await untilAgreed(trial, () => compareBalances(trial, fills, before));
      const trades = fills.map(
        ({ tradeId, feeAsset, feeAtoms }) => `trade ${tradeId} with a fee of ${text(feeAtoms)} ${feeAsset}`,
      );
      const rest = canSell ? "" : "; what was bought is too little to be sold again, and stays";
      return { evidence: `${trades.join(", ")}; ${moved}${rest}` };
    },
  },
];

/** What `--with-fill` may cost at most, in words: fees both ways and the way through the book. */
export async function costOfFill(trial: Trial): Promise<string> {
  const { tick, lot, quote } = trial.definition;
  const { askTicks } = await readQuote(trial);
  const lots = Math.ceil(smallestLots(trial, askTicks) * (1 + ROOM_FRAC));
  const notional = lots * Number(lot) * askTicks * Number(tick);
  const cost = notional * 2 * (REACH_FRAC + trial.terms.fees.takerFrac);
  return `${cost.toPrecision(2)} ${quote} on ${notional.toPrecision(3)} ${quote}`;
}

/** Takes what is there. Throws a CheckError when nothing was. */
async function take(trial: Trial, side: Side, sizeLots: number): Promise<Fill[]> {
  const { bidTicks, askTicks } = await readQuote(trial);
  const priceTicks =
    side === "buy" ? Math.ceil(askTicks * (1 + REACH_FRAC)) : Math.floor(bidTicks * (1 - REACH_FRAC));
  const order = trial.order({ side, priceTicks, sizeLots, timeInForce: "IOC", selfTrade: "EXPIRE_MAKER" });
  const { clientId } = order;
  trial.send(order);
  const fillsOf = (): Fill[] =>
    trial.events.filter((event): event is Fill => event.type === "fill" && event.clientId === clientId);
  const toldLots = (): number => fillsOf().reduce((sum, fill) => sum + fill.sizeLots, 0);
  const isOver = (event: VenueEvent): event is VenueEvent =>
    isEnd(clientId, "orderExpired")(event) ||
    (event.type === "orderRejected" && event.clientId === clientId) ||
    toldLots() === sizeLots;
  const end = await trial.next(`the end of an order to ${side}`, isOver, FILLED_WITHIN_MS);
  if (end.type === "orderRejected")
    throw new CheckError(`the venue refused an order to ${side}: ${end.reason}`);
  // What the order's end counts may be told after it.
  const filledLots = end.type === "orderExpired" ? end.filledLots : sizeLots;
  if (filledLots > 0) {
    const isTold = (event: VenueEvent): event is VenueEvent =>
      event.type !== "book" && toldLots() >= filledLots;
    await trial.next(`the fills of an order to ${side}`, isTold, FILLED_WITHIN_MS);
  }
  const fills = fillsOf();
  if (fills.length === 0) throw new CheckError(`nobody was there to ${side} from: the book is too thin`);
  return fills;
}

/** Of what was bought, without what the venue took of it as its fee. */
function lotsLeft({ definition }: Trial, bought: readonly Fill[]): number {
  const lotAtoms = atomsOf(definition.lot, ASSET_DECIMALS).atoms;
  const atoms = bought.reduce(
    (sum, { sizeLots, feeAsset, feeAtoms }) =>
      sum + BigInt(sizeLots) * lotAtoms - (feeAsset === definition.base ? feeAtoms : 0n),
    0n,
  );
  return Number(atoms / lotAtoms);
}

async function compareWithTrades(trial: Trial, fills: readonly Fill[], sinceMs: number): Promise<string> {
  const listed = await readTrades(trial, sinceMs);
  const { priceText, sizeText } = trial.grid;
  for (const fill of fills) {
    const row = listed.find(
      ({ tradeId, venueOrderId }) => tradeId === fill.tradeId && venueOrderId === fill.venueOrderId,
    );
    if (row === undefined) throw new CheckError(`the venue's list of trades has no ${fill.tradeId}`);
    const told = [
      priceText(fill.priceTicks),
      sizeText(fill.sizeLots),
      text(fill.feeAtoms),
      fill.feeAsset,
      fill.side,
    ];
    const kept = [plain(row.price), plain(row.size), plain(row.fee), row.feeAsset, row.side];
    if (told.join(" ") !== kept.join(" "))
      throw new CheckError(
        `trade ${fill.tradeId} was told as ${told.join(" ")} and is listed as ${kept.join(" ")}`,
      );
  }
  return "";
}

async function readTrades(trial: Trial, sinceMs: number): Promise<readonly RawFill[]> {
  const { exchange, definition } = trial;
  const [instance, market] = [await trial.instance(), await trial.market()];
  const all: RawFill[] = [];
  const where = exchange.reads.tradesPerSymbol
    ? { symbol: definition.symbol, marketId: market.id }
    : { symbol: undefined, marketId: undefined };
  let next: string | undefined;
  do {
    const query = { ...where, sinceMs, next };
    const page = await trial.direct(() => exchange.reads.trades(instance, query));
    all.push(...page.fills);
    next = page.next;
  } while (next !== undefined);
  return all;
}

type Balances = ReadonlyMap<string, bigint>;

async function balancesOf(trial: Trial): Promise<Balances> {
  const { balances } = await trial.ask("balances");
  return new Map(balances.map(({ asset, totalAtoms }) => [asset, totalAtoms]));
}

/** How both balances moved, in words. */
async function compareBalances(trial: Trial, fills: readonly Fill[], before: Balances): Promise<string> {
  const { base, quote, lot, tick } = trial.definition;
  const after = await balancesOf(trial);
  const lotAtoms = atomsOf(lot, ASSET_DECIMALS).atoms;
  const tickAtoms = atomsOf(tick, ASSET_DECIMALS).atoms;
  const one = 10n ** BigInt(ASSET_DECIMALS);
  const expected = new Map([base, quote].map((asset) => [asset, 0n]));
  let turnover = 0n;
  for (const { side, priceTicks, sizeLots, feeAsset, feeAtoms } of fills) {
    const sign = side === "buy" ? 1n : -1n;
    const size = BigInt(sizeLots) * lotAtoms;
    const worth = (BigInt(priceTicks) * tickAtoms * size) / one;
    turnover += worth;
    add(expected, base, sign * size);
    add(expected, quote, -sign * worth);
    // One that is paid in a third asset moves neither.
    if (expected.has(feeAsset)) add(expected, feeAsset, -feeAtoms);
  }
  // Balances may be written with fewer digits than trades: far less than any fee, and no more than that is let pass.
  const slack = new Map([
    [base, lotAtoms / 10n],
    [quote, turnover / 20_000n],
  ]);
  const words = [...expected].map(([asset, by]) => {
    const moved = (after.get(asset) ?? 0n) - (before.get(asset) ?? 0n);
    const off = moved > by ? moved - by : by - moved;
    if (off > (slack.get(asset) ?? 0n))
      throw new CheckError(`${asset} moved by ${text(moved)}, and the fills say ${text(by)}`);
    return `${asset} moved by ${text(moved)}`;
  });
  return words.join(", ");
}

function add(sums: Map<string, bigint>, asset: string, atoms: bigint): void {
  sums.set(asset, (sums.get(asset) ?? 0n) + atoms);
}

async function untilAgreed<T>(trial: Trial, compare: () => Promise<T>): Promise<T> {
  const untilUs = trial.nowUs() + AGREED_WITHIN_MS * 1_000;
  for (;;)
    try {
      return await compare();
    } catch (error) {
      if (!(error instanceof CheckError) || trial.nowUs() > untilUs) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
}

function text(atoms: bigint): string {
  return scaledToDecimal(atoms, ASSET_DECIMALS);
}

/** `0.10` and `0.1` are one number. */
function plain(decimal: string): string {
  return text(atomsOf(decimal, ASSET_DECIMALS).atoms);
}
