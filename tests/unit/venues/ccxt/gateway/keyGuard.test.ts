import { afterEach, describe, expect, it } from "vitest";
import { EXCHANGE_IDS } from "../../../../../server/venues/ccxt/ports.ts";
import type { ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";
import { createKeyGuard } from "../../../../../server/venues/ccxt/gateway/keyGuard.ts";
import { readKeyRights } from "../../../../../server/venues/ccxt/exchanges/keyRights.ts";
import type { CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import { cancel, KEY, openDesk, place, POLL, serve, statuses, told } from "./served.ts";
import type { Served } from "./served.ts";

let venue: Served | undefined;
afterEach(async () => {
  Object.assign(KEY, { mayWithdraw: false });
  await venue?.close();
  venue = undefined;
});

/** The venue takes over the key as it is given here. */
async function serveWith(id: ExchangeId, mayWithdraw: boolean): Promise<Served> {
  Object.assign(KEY, { mayWithdraw });
  return (venue = await serve(id));
}

describe.each(EXCHANGE_IDS)("an account at %s", (id) => {
  it("whose key may withdraw stays down, says what to do, and places nothing", async () => {
    const served = await serveWith(id, true);
    const desk = served.desk();
    await desk.side.start();
    await expect.poll(() => desk.logged.filter((line) => line.startsWith("error")), POLL).toHaveLength(1);
    expect(desk.logged.join()).toMatch(/the key of a may withdraw: .* desk -- keys set a/);
    const order = place();
    desk.send(order);
    await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["orderRejected OTHER"]);
    expect(statuses(desk)).toEqual(["down"]);
    expect(served.core.orders(0, { limit: 10 })).toEqual([]);
  });

  it("whose key may only trade comes up", async () => {
    const desk = await openDesk(await serveWith(id, false));
    expect(statuses(desk)).toEqual(["up"]);
  });

  it("with a key that may withdraw can still cancel what an earlier life has left", async () => {
    const served = await serveWith(id, true);
    const order = place();
    served.core.place(0, { ...order, requestExpiresAtUs: Number.MAX_SAFE_INTEGER });
    const desk = served.desk();
    await desk.side.start();
    await expect.poll(() => desk.logged.join(), POLL).toContain("may withdraw");
    desk.send(cancel(order.clientId));
    await expect.poll(() => served.core.openOrders(0), POLL).toEqual([]);
  });
});

/** An instance of which only this endpoint answers. */
const answering = (endpoint: string, answer: unknown) =>
  ({ id: "test", [endpoint]: () => Promise.resolve(answer) }) as unknown as CcxtInstance;

describe("the rights of a key", () => {
  it.each([
    { id: "binance", endpoint: "sapiGetAccountApiRestrictions", answer: { enableReading: true } },
    { id: "okx", endpoint: "privateGetAccountConfig", answer: { code: "0", data: [{ uid: "1" }] } },
    { id: "kraken", endpoint: "privatePostGetApiKeyInfo", answer: { error: [], result: {} } },
  ] as const)("are not taken as good when $id does not say them", async ({ id, endpoint, answer }) => {
    await expect(readKeyRights(id, answering(endpoint, answer))).rejects.toThrow(/does not say|has no perm/);
  });

  it("are asked once, and again only while they are bad", async () => {
    let mayWithdraw = true;
    let asked = 0;
    const instance = {
      id: "okx",
      privateGetAccountConfig: () => {
        asked++;
        return Promise.resolve({
          data: [{ perm: mayWithdraw ? "read_only,withdraw,trade" : "read_only,trade" }],
        });
      },
    } as unknown as CcxtInstance;
    const check = createKeyGuard({
      account: "a",
      exchange: { id: "okx", limits: { read: () => [] } as never },
      access: {},
      instance,
      paid: { read: (_, ask) => ask() },
    });
    await expect(check()).rejects.toThrow("may withdraw");
    mayWithdraw = false;
    await check();
    await check();
    expect(asked).toBe(2);
  });
});
