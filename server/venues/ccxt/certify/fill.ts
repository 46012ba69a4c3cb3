/**
 * The smallest trade there is, and back: bought and sold again at once. Each fill as the engine would have heard it, from
 * the stream or, where that was behind, from the cursor over the venue's trades, has to be what the venue's own list of
 * trades says, to the last digit, and the balances have to have moved by exactly that.
 */
import type { RawFill } from "../exchanges/exchange.ts";
import { atomsOf } from "../gateway/grid.ts";
import { compareBalances, readBalances, text, type Fill } from "./balances.ts";
import { CheckError, type Check } from "./check.ts";
import { CHECK_NAMES } from "./checkNames.ts";
import { namingKept } from "./fills.ts";
import { MISSED_FILL_TRIES_MAX } from "./missedFill.ts";
import { ASSET_DECIMALS } from "./session.ts";
import { lotsToBuy, REACH_FRAC, sellBack, take } from "./take.ts";
import type { Trial } from "./trial.ts";
import { untilAgreed } from "./untilAgreed.ts";

/** There and back, here, in a race with a cancel, and each time that the stream is cut meanwhile. */
const TRADES_MAX = 2 * (1 + 1 + MISSED_FILL_TRIES_MAX);

/** `onCost` hears before the first order what it may cost, in words. */
export function fillCheck(onCost: (text: string) => void): Check {
  return {
    name: CHECK_NAMES.fills,
    async run(trial) {
      onCost(await costOfFill(trial));
      return { evidence: await namingKept(trial, () => thereAndBack(trial)) };
    },
  };
}

/** What was found, in words. */
async function thereAndBack(trial: Trial): Promise<string> {
  const before = await readBalances(trial);
  const sinceMs = trial.nowUs() / 1_000 - 1_000;
  const bought = await take(trial, "buy", await lotsToBuy(trial));
  const sold = await sellBack(trial, bought);
  const fills = [...bought, ...sold];
  await untilAgreed(trial, () => compareWithTrades(trial, fills, sinceMs));
  const moved = await untilAgreed(trial, () => compareBalances(trial, fills, before));
  const trades = fills.map(
    ({ tradeId, feeAsset, feeAtoms }) => `trade ${tradeId} with a fee of ${text(feeAtoms)} ${feeAsset}`,
  );
  const rest = sold.length > 0 ? "" : "; what was bought is too little to be sold again";
  return `${trades.join(", ")}; ${moved}${rest}`;
}

/** What `--with-fill` may cost at most, in words: fees both ways and the way through the book. */
async function costOfFill(trial: Trial): Promise<string> {
  const { tick, lot, quote } = trial.definition;
  const { askTicks } = await trial.quote();
  const notional = (await lotsToBuy(trial)) * Number(lot) * askTicks * Number(tick);
  const cost = notional * TRADES_MAX * (REACH_FRAC + trial.terms.fees.takerFrac);
  return `${cost.toPrecision(2)} ${quote} on ${notional.toPrecision(3)} ${quote}`;
}

async function compareWithTrades(trial: Trial, fills: readonly Fill[], sinceMs: number): Promise<void> {
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

/** `0.10` and `0.1` are one number. */
function plain(decimal: string): string {
  return text(atomsOf(decimal, ASSET_DECIMALS).atoms);
}
