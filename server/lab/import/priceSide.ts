/** One side of a book for comparison. Prices as numbers serve as keys and for order only: equal text is the equal number. */
export class PriceSide {
  readonly #levels = new Map<number, number>();
  readonly #isBetter: (price: number, best: number) => boolean;
  /** Unknown after the best level went, until someone asks. */
  #best: number | undefined;

  constructor(isBetter: (price: number, best: number) => boolean) {
    this.#isBetter = isBetter;
  }

  /** Flat `[price, size, …]`; a size of 0 removes. */
  apply(levels: readonly string[]): void {
    for (let at = 0; at < levels.length; at += 2) this.#set(Number(levels[at]), Number(levels[at + 1]));
  }

  /** Price and size; NaN for an empty side, which equals nothing. */
  best(): readonly [price: number, size: number] {
    if (this.#best === undefined)
      for (const price of this.#levels.keys())
        if (this.#best === undefined || this.#isBetter(price, this.#best)) this.#best = price;
    if (this.#best === undefined) return [Number.NaN, Number.NaN];
    return [this.#best, this.#levels.get(this.#best) ?? Number.NaN];
  }

  clear(): void {
    this.#levels.clear();
    this.#best = undefined;
  }

  #set(price: number, size: number): void {
    if (size === 0) {
      this.#levels.delete(price);
      if (price === this.#best) this.#best = undefined;
      return;
    }
    this.#levels.set(price, size);
    if (this.#best !== undefined && this.#isBetter(price, this.#best)) this.#best = price;
  }
}
