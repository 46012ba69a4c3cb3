/** Asks a venue what a key may do, without a desk. */
import { readKeyRights, type KeyRights } from "./exchanges/keyRights.ts";
import { exchangeOf } from "./exchanges/registry.ts";
import { withDeadline } from "./gateway/deadline.ts";
import { closeInstance, createInstance } from "./gateway/instance.ts";
import { createLane, createNonce, useLane } from "./gateway/lane.ts";
import type { VenueAccess } from "./ports.ts";

const ANSWER_WITHIN_MS = 10_000;

/** Rejects when the venue refuses the key, or does not answer. */
export async function askKeyRights(access: VenueAccess, nowUs: () => number): Promise<KeyRights> {
  const exchange = exchangeOf(access.exchange);
  const instance = await createInstance({ exchange, access, nowUs });
  // A desk that runs with this key counts its nonces by the same clock.
  if (exchange.privateCalls === "one-at-a-time") useLane(instance, createLane(), createNonce(nowUs));
  try {
    return await withDeadline(readKeyRights(exchange.id, instance), ANSWER_WITHIN_MS);
  } finally {
    await closeInstance(instance);
  }
}
