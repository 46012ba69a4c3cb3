/**
 * The state that a recording's records have built so far, one book per instrument. The writer puts it
 * in front of every block and the reader carries it to the start of a range, so that whoever joins in
 * the middle starts from a whole book. All levels are kept: a diff may bring back one from far away.
 */
import type { RecordedEvent } from "./events.ts";

type BookState =
  | { readonly status: "void" }
  | { readonly status: "whole"; readonly event: RecordedEvent }
  | {
      readonly status: "levels";
      readonly bids: Map<number, number>;
      readonly asks: Map<number, number>;
      updateId: number | undefined;
    };

const VOID: BookState = { status: "void" };

export class RecordedBooks {
  readonly #states: BookState[];

  constructor(instruments: number) {
    this.#states = Array.from({ length: instruments }, () => VOID);
  }

  apply(event: RecordedEvent): void {
    const { instrument } = event;
    switch (event.kind) {
      case "snapshot": {
        const bids = new Map<number, number>();
        const asks = new Map<number, number>();
        setLevels(bids, event.bids);
        setLevels(asks, event.asks);
        this.#states[instrument] = { status: "levels", bids, asks, updateId: event.updateId };
        return;
      }
      case "delta": {
        const state = this.#states[instrument];
        if (state?.status !== "levels")
          throw new Error(`a delta without a snapshot for instrument ${instrument}`);
        setLevels(state.bids, event.bids);
        setLevels(state.asks, event.asks);
        state.updateId = event.updateId;
        return;
      }
      case "top":
      case "touch":
        this.#states[instrument] = { status: "whole", event };
        return;
      case "gap":
        this.#states[instrument] = VOID;
        return;
      case "print":
      case "alive":
        return;
    }
  }

  /** The books as records of this instant; an instrument whose book is void has none. */
  records(receivedAtUs: number): RecordedEvent[] {
    return this.#states.flatMap((state, instrument): RecordedEvent[] => {
      switch (state.status) {
        case "void":
          return [];
        case "whole":
          return [{ ...state.event, receivedAtUs, venueAtUs: undefined }];
        case "levels": {
          const bids = flatten(state.bids, (a, b) => b - a);
          const asks = flatten(state.asks, (a, b) => a - b);
          return [{ kind: "snapshot", instrument, receivedAtUs, updateId: state.updateId, bids, asks }];
        }
      }
    });
  }
}

function setLevels(side: Map<number, number>, levels: readonly number[]): void {
  for (let at = 0; at + 1 < levels.length; at += 2) {
    const priceTicks = levels[at] ?? 0;
    const sizeLots = levels[at + 1] ?? 0;
    if (sizeLots === 0) side.delete(priceTicks);
    else side.set(priceTicks, sizeLots);
  }
}

function flatten(side: Map<number, number>, order: (a: number, b: number) => number): number[] {
  return [...side].sort((a, b) => order(a[0], b[0])).flat();
}
