/** A trial's session that reaches nobody: what it is sent is noted, and answered as a test says. Wants fake timers. */
import { vi } from "vitest";
import type { OrderEffect } from "../../../../../server/contract/effects.ts";
import { Instrument } from "../../../../../server/contract/instrument.ts";
import { accountOf } from "../../../../../server/supervisor/realDesk.ts";
import { TrialSession } from "../../../../../server/venues/ccxt/certify/session.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";

export const BTC = Instrument.parse({
  account: "binance",
  symbol: "BTC/USDT",
  kind: "spot",
  base: "BTC",
  quote: "USDT",
  settle: "USDT",
  tick: "0.01",
  lot: "0.00001",
});

export function quietSession(
  answer: (effect: OrderEffect) => readonly VenueEvent[] = () => [],
  definition: Instrument = BTC,
) {
  const session = new TrialSession({
    access: { exchange: "binance", origin: "127.0.0.1:1", credentials: { apiKey: "k", secret: "s" } },
    terms: accountOf({ account: "binance", venue: "binance", fees: "entry" }),
    definition,
    nowUs: () => Date.now() * 1_000,
    monotonicMs: () => Date.now(),
    log: () => undefined,
  });
  const sent: OrderEffect[] = [];
  vi.spyOn(session, "send").mockImplementation((effect) => {
    sent.push(effect);
    session.events.push(...answer(effect));
  });
  return { session, sent };
}
