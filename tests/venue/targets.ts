/**
 * Where the suite runs: the exchange in the lab's process, and the emulated exchanges through ccxt. The first is not
 * asked for what it cannot get wrong. It has no protocol: no checksums, logins, snapshots by request, or requests of
 * several parts. It counts no requests: it refuses and bans nobody for their number. It does not close for maintenance.
 * It hears every instant by the desk's own clock: none is wrong. It has no dead-man's switch.
 */
export const WIRE_TARGETS = ["binance", "okx", "kraken"] as const;
export const TARGETS = ["in-process", ...WIRE_TARGETS] as const;
