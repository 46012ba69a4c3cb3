/**
 * Virtual time as the parts of a world see it: what the instant is, and what shall happen at a later one.
 *
 * Order of service at equal instants: market records at the exchange; requests arriving there and the
 * weather between desk and venue; order reports and answers; timers; public data. The market moves before
 * our request of the same microsecond, so a cancel never wins a tie; the engine then learns what happened
 * to its orders before it looks at prices, as its own mailbox serves them.
 */
export const RANK = { exchange: 1, report: 2, timer: 3, feed: 4 } as const;
export type Rank = (typeof RANK)[keyof typeof RANK];

export interface Agenda {
  nowUs(): number;
  /** `atUs` is an integer, and not in the past. */
  at(atUs: number, rank: Rank, task: () => void): void;
}
