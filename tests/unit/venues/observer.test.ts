import { expect, it } from "vitest";
import type { OrderEffect } from "../../../server/contract/effects.ts";
import { observeOnly } from "../../../server/venues/observer.ts";
import type { VenueEvent } from "../../../server/venues/venue.ts";

const ORDER = { account: 1, instrument: 2, clientId: "qabc00010000001" } as const;

function watched() {
  const sent: OrderEffect[] = [];
  const told: VenueEvent[] = [];
  const venue = observeOnly({
    open: () => undefined,
    send: (effect) => void sent.push(effect),
    consumed: () => undefined,
    close: () => Promise.resolve(),
  });
  venue.open({
    event: (event) => void told.push(event),
    connection: () => undefined,
    marketEnded: () => undefined,
  });
  return { venue, sent, told };
}

it("lets questions through, and nothing that could change anything", () => {
  const { venue, sent, told } = watched();
  const terms = { priceTicks: 1, sizeLots: 1, requestExpiresAtUs: 1 };
  venue.send({ type: "query", what: "balances", account: 1 });
  venue.send({ type: "cancelAll", account: 1 });
  venue.send({ type: "cancel", ...ORDER });
  venue.send({ type: "amend", ...ORDER, ...terms });
  venue.send({
    type: "place",
    ...ORDER,
    ...terms,
    side: "buy",
    timeInForce: "IOC",
    selfTrade: "EXPIRE_MAKER",
  });
  expect(sent).toEqual([{ type: "query", what: "balances", account: 1 }]);
  expect(told).toEqual([
    { type: "cancelRejected", account: 1, clientId: ORDER.clientId, reason: "OTHER" },
    { type: "amendRejected", account: 1, clientId: ORDER.clientId, reason: "OTHER" },
    { type: "orderRejected", account: 1, clientId: ORDER.clientId, reason: "OTHER" },
  ]);
});
