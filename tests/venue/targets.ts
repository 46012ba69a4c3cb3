/** Where the suite runs: the exchange in the lab's process, and the emulated exchanges through ccxt. */
export const WIRE_TARGETS = ["binance", "okx", "kraken"] as const;
export const TARGETS = ["in-process", ...WIRE_TARGETS] as const;
