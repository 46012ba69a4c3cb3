import { describe, expect, it } from "vitest";
import type { RequestFault } from "../../../../../server/contract/wireFaults.ts";
import { EXCHANGE_IDS } from "../../../../../server/venues/ccxt/ports.ts";
import type { ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";
import { amend, BID, cancel, nowUs, openDesk, place, serve, soon, statuses, told } from "./served.ts";
import type { Desk, Served } from "./served.ts";

/** Each with a venue of its own: they wait most of the time, and do so side by side. */
async function withDesk(id: ExchangeId, act: (desk: Desk, venue: Served) => Promise<void>): Promise<void> {
  const venue = await serve(id);
  try {
    await act(await openDesk(venue), venue);
  } finally {
    await venue.close();
  }
}

const SHORT_US = 1_500_000;

describe.concurrent.each(EXCHANGE_IDS)("without an answer at %s", (id) => {
  const ON_SOCKET: readonly [RequestFault, placed: boolean][] = [
    ["lostRequest", false],
    ["lostAnswer", true],
    ["noAnswer", true],
  ];

  it.each(ON_SOCKET)("a new order that meets %s is unknown until the venue is asked", (kind, placed) =>
    withDesk(id, async (desk, venue) => {
      const order = place({ requestExpiresAtUs: nowUs() + SHORT_US });
      venue.fault({ kind, match: order.clientId });
      desk.send(order);
      await soon(
        () => told(desk, order.clientId),
        (value) => expect(value).toContain("orderUnknown place"),
      );
      expect(told(desk, order.clientId).filter((text) => text.startsWith("orderRejected"))).toEqual([]);
      expect(venue.core.openOrders(0)).toHaveLength(placed ? 1 : 0);
      desk.send({ type: "query", what: "order", account: 0, clientId: order.clientId, placedAtUs: 0 });
      await soon(
        () => told(desk, order.clientId).at(-1),
        (value) => expect(value).toBe(placed ? `status OPEN 0/1000@${order.priceTicks}` : "status none"),
      );
    }),
  );

  // What ccxt makes of these is the same for all of them: one venue sees every kind.
  const OVER_REST: readonly [RequestFault, placed: boolean][] =
    id === "okx"
      ? [
          ["lostRequest", false],
          ["lostAnswer", true],
          ["noAnswer", true],
          ["stalledBody", true],
          ["cutBody", true],
          ["badJson", true],
          ["emptyBody", true],
          ["http503", false],
          ["http504", true],
        ]
      : [["stalledBody", true]];

  it.each(OVER_REST)("a new order over REST that meets %s is unknown", (kind, placed) =>
    withDesk(id, async (desk, venue) => {
      venue.fault({ kind: "disconnect", of: "all" });
      await soon(
        () => statuses(desk).at(-1),
        (value) => expect(value).toBe("down"),
      );
      const order = place({ requestExpiresAtUs: nowUs() + SHORT_US });
      venue.fault({ kind, match: ORDER_PATH[id] });
      desk.send(order);
      await soon(
        () => told(desk, order.clientId),
        (value) => expect(value).toContain("orderUnknown place"),
      );
      expect(venue.host.faults.counts[kind]).toBe(1);
      expect(told(desk, order.clientId).filter((text) => text.startsWith("orderRejected"))).toEqual([]);
      expect(venue.core.openOrders(0)).toHaveLength(placed ? 1 : 0);
    }),
  );

  it.each(ON_SOCKET)(
    "an amendment that meets %s is unknown, and asked for by both of its names",
    (kind, made) =>
      withDesk(id, async (desk, venue) => {
        const order = place();
        desk.send(order);
        await soon(
          () => told(desk, order.clientId),
          (value) => expect(value).toEqual(["orderAccepted"]),
        );
        venue.fault({ kind: "silentStream", of: "report", forMs: 600_000 });
        venue.fault({ kind, match: METHOD_OF_AMEND[id] });
        desk.send({
          ...amend(order, { priceTicks: BID - 3_000, sizeLots: 900 }),
          requestExpiresAtUs: nowUs() + SHORT_US,
        });
        await soon(
          () => told(desk, order.clientId).at(-1),
          (value) => expect(value).toBe("orderUnknown amend"),
        );
        desk.send({ type: "query", what: "order", account: 0, clientId: order.clientId, placedAtUs: 0 });
        const terms = made ? `900@${BID - 3_000}` : `1000@${order.priceTicks}`;
        await soon(
          () => told(desk, order.clientId).at(-1),
          (value) => expect(value).toBe(`status OPEN 0/${terms}`),
        );
        desk.send(cancel(order.clientId));
        await soon(
          () => venue.core.openOrders(0),
          (value) => expect(value).toEqual([]),
        );
      }),
  );

  it("a cancel goes over REST as well, at once", () =>
    withDesk(id, async (desk, venue) => {
      const order = place();
      desk.send(order);
      await soon(
        () => told(desk, order.clientId),
        (value) => expect(value).toEqual(["orderAccepted"]),
      );
      venue.fault({ kind: "noAnswer", match: METHOD_OF_CANCEL[id] });
      desk.send(cancel(order.clientId));
      await soon(
        () => told(desk, order.clientId).at(-1),
        (value) => expect(value).toBe("orderCanceled 0"),
      );
      venue.fault({ kind: "disconnect", of: "all" });
      await soon(
        () => statuses(desk).at(-1),
        (value) => expect(value).toBe("down"),
      );
      const other = place({ clientId: "qabc00019999999" });
      desk.send(other);
      await soon(
        () => venue.core.openOrders(0).length,
        (value) => expect(value).toBe(1),
      );
      desk.send(cancel(other.clientId));
      await soon(
        () => venue.core.openOrders(0).length,
        (value) => expect(value).toBe(0),
      );
    }));
});

const ORDER_PATH = {
  binance: "POST /api/v3/order",
  okx: "POST /api/v5/trade/order",
  kraken: "AddOrder",
} as const;
const METHOD_OF_AMEND = {
  binance: "order.cancelReplace",
  okx: "amend-order",
  kraken: "amend_order",
} as const;
const METHOD_OF_CANCEL = { binance: "order.cancel", okx: "cancel-order", kraken: "cancel_order" } as const;
