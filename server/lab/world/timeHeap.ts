/**
 * What waits for its instant, earliest first. Of what is due at one instant the lower rank goes first, then
 * what was put in first, so that a run never depends on the shape of the heap.
 */

/** Room for 10,000 messages/s held up for 100 s. More is a world that produces faster than it consumes. */
const HEAP_ITEMS_MAX = 1_000_000;

/** Ranks are 0 … 7: rank and sequence share one exact integer, 2^50 items before it would overflow. */
const RANK_UNIT = 2 ** 50;

export class TimeHeap<T> {
  readonly #atUs: number[] = [];
  readonly #order: number[] = [];
  readonly #items: T[] = [];
  #seq = 0;

  get size(): number {
    return this.#items.length;
  }

  /** Instant of the earliest item; Infinity when there is none. */
  get nextAtUs(): number {
    return this.#atUs[0] ?? Infinity;
  }

  push(atUs: number, rank: number, item: T): void {
    const size = this.#items.length;
    if (size >= HEAP_ITEMS_MAX)
      throw new Error(`invariant: more than ${HEAP_ITEMS_MAX} items wait in virtual time`);
    this.#siftUp(size, atUs, rank * RANK_UNIT + this.#seq, item);
    this.#seq += 1;
  }

  /** Takes the earliest item. */
  pop(): T {
    const first = this.#items[0];
    const last = this.#items.pop();
    const lastAtUs = this.#atUs.pop();
    const lastOrder = this.#order.pop();
    if (first === undefined || last === undefined || lastAtUs === undefined || lastOrder === undefined)
      throw new Error("invariant: nothing waits");
    if (this.#items.length > 0) this.#siftDown(lastAtUs, lastOrder, last);
    return first;
  }

  #siftUp(from: number, atUs: number, order: number, item: T): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isAfter(parent, atUs, order)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#set(at, atUs, order, item);
  }

  #siftDown(atUs: number, order: number, item: T): void {
    const size = this.#items.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (
        child + 1 < size &&
        this.#isAfter(child, this.#atUs[child + 1] as number, this.#order[child + 1] as number)
      )
        child += 1;
      if (this.#isAfter(child, atUs, order)) break;
      this.#move(child, at);
      at = child;
    }
    this.#set(at, atUs, order, item);
  }

  #isAfter(index: number, atUs: number, order: number): boolean {
    const indexAtUs = this.#atUs[index] as number;
    return indexAtUs > atUs || (indexAtUs === atUs && (this.#order[index] as number) > order);
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#atUs[from] as number, this.#order[from] as number, this.#items[from] as T);
  }

  #set(at: number, atUs: number, order: number, item: T): void {
    this.#atUs[at] = atUs;
    this.#order[at] = order;
    this.#items[at] = item;
  }
}
