/**
 * Rebuilds the top of book from depth messages and compares it with bookTicker, which says on its own
 * what the top was at each update id: after a depth message that ends at u, the last ticker at or
 * before u must show the same prices and sizes. Tickers come in order of id on a stream of their own,
 * before or after the depth message. Under load Binance leaves tickers out, so that a difference at an
 * id between two tickers may be theirs; at an id that both streams name it cannot.
 */
import type { DepthMessage, TickerMessage, Top } from "./binanceMessages.ts";
import type { ImportPass } from "./pass.ts";
import { PriceSide } from "./priceSide.ts";

/** A depth message waits for the next ticker, which comes within moments; without tickers the oldest is let go. */
const PENDING_MAX = 1_000;

/** Tickers wait for the next depth message, 100 ms at most on spot: 500 are usual in a rush. */
const TICKERS_MAX = 10_000;

interface Pending {
  readonly updateId: number;
  readonly file: string;
  readonly top: Top;
}

export class TopProof {
  readonly #pass: ImportPass;
  readonly #bids = new PriceSide((price, best) => price > best);
  readonly #asks = new PriceSide((price, best) => price < best);
  #pending: Pending[] = [];
  #tickers: TickerMessage[] = [];

  constructor(pass: ImportPass) {
    this.#pass = pass;
  }

  restart(bids: readonly string[], asks: readonly string[]): void {
    this.stop();
    this.#bids.apply(bids);
    this.#asks.apply(asks);
  }

  apply({ lastId: updateId, bids, asks }: DepthMessage, file: string): void {
    this.#bids.apply(bids);
    this.#asks.apply(asks);
    this.#pending.push({ updateId, file, top: [...this.#bids.best(), ...this.#asks.best()] });
    if (this.#pending.length > PENDING_MAX) this.#pending.shift();
    this.#settle(this.#tickers.at(-1)?.updateId ?? 0);
  }

  onTicker(ticker: TickerMessage): void {
    this.#tickers.push(ticker);
    if (this.#tickers.length > TICKERS_MAX) this.#tickers.shift();
    if (this.#pending.length > 0) this.#settle(ticker.updateId);
  }

  /** No further ticker is to be waited for; the book is given up. */
  stop(): void {
    this.#settle(Number.POSITIVE_INFINITY);
    this.#bids.clear();
    this.#asks.clear();
  }

  /** Compares the tops up to `knownId`, to which all tickers are here. */
  #settle(knownId: number): void {
    const due = this.#pending.findIndex(({ updateId }) => updateId > knownId);
    for (const pending of this.#pending.splice(0, due === -1 ? this.#pending.length : due)) {
      const later = this.#tickers.findIndex(({ updateId }) => updateId > pending.updateId);
      const last = (later === -1 ? this.#tickers.length : later) - 1;
      if (last > 0) this.#tickers.splice(0, last);
      const ticker = this.#tickers[0];
      if (last >= 0 && ticker !== undefined) this.#compare(pending, ticker);
    }
  }

  #compare({ updateId, file, top }: Pending, ticker: TickerMessage): void {
    const equal = ticker.top.every((value, at) => value === top[at]);
    this.#pass.check(`${file}: rebuilt top against the last bookTicker`, equal);
    if (ticker.updateId === updateId)
      this.#pass.check(`${file}: rebuilt top at the bookTicker's own update id`, equal);
    if (!equal)
      this.#pass.defect("TOP_MISMATCH", `${file}: the rebuilt top differs from the last bookTicker`);
  }
}
