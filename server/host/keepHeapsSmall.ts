import { setFlagsFromString } from "node:v8";

/**
 * Memory goes before speed when V8 tidies up: pages that are a fifth empty are moved together, where otherwise two
 * thirds of one have to be. What lives for minutes and then goes, as orders and fills do, leaves holes everywhere, and
 * 22 MB take 45. As a flag of the command line it would shrink the new spaces to 1 MB, too. And machine code that has
 * not run for some collections goes, as bytecode does anyway: that of the start, above all.
 */
export const FROM_START = ["--optimize-for-size", "--flush-baseline-code"] as const;

/**
 * How much a function has to run before V8 thinks of optimizing it, in bytes of its bytecode; by default 67,584. By
 * that, what runs some times a minute is compiled within hours, one function after the other, which looks like a leak
 * for as long. After eight minutes what is hot has been compiled: what comes later has to run 74 times as much first.
 */
export const ONCE_WARM = ["--interrupt-budget=5000000"] as const;
const WARM_AFTER_MS = 8 * 60_000;

/** For all heaps of this process, those of its threads included. */
export function keepHeapsSmall(): void {
  FROM_START.forEach(setFlagsFromString);
  setTimeout(() => ONCE_WARM.forEach(setFlagsFromString), WARM_AFTER_MS).unref();
}
