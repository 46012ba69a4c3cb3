import { setFlagsFromString } from "node:v8";

/**
 * Memory goes before speed when V8 tidies up: pages that are a fifth empty are moved together, where otherwise two
 * thirds of one have to be. What lives for minutes and then goes, as orders and fills do, leaves holes everywhere, and
 * 22 MB take 45. As a flag of the command line it would shrink the new spaces to 1 MB, too. And machine code that has
 * not run for some collections goes, as bytecode does anyway: that of the start, above all.
 */
export const FROM_START = ["--optimize-for-size", "--flush-baseline-code"] as const;

/**
 * How much a function has to run, in bytes of its bytecode, before V8 thinks of optimizing it, by default 67,584, and
 * before it counts what passes through it at all, by default eight times its length, or 940. By that, what runs some
 * times a minute is compiled within hours, one function after the other, which looks like a leak for as long. After
 * eight minutes what is hot has been compiled: what comes later has to run 74 times as much first, or 21 times.
 */
export const ONCE_WARM = [
  "--interrupt-budget=5000000",
  "--interrupt-budget-for-feedback-allocation=20000",
  "--interrupt-budget-factor-for-feedback-allocation=170",
] as const;
const WARM_AFTER_MS = 8 * 60_000;

/** For all heaps of this process, those of its threads included. */
export function keepHeapsSmall(): void {
  FROM_START.forEach(setFlagsFromString);
  setTimeout(() => ONCE_WARM.forEach(setFlagsFromString), WARM_AFTER_MS).unref();
}
