import { afterEach, expect, it } from "vitest";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import type { CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import { closeInstance, createInstance } from "../../../../../server/venues/ccxt/gateway/instance.ts";
import { marketProtocolOf } from "../../../../../server/venues/ccxt/market/protocols/registry.ts";
import type { ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";

let instance: CcxtInstance | undefined;
afterEach(async () => {
  if (instance !== undefined) await closeInstance(instance);
  instance = undefined;
});

const open = async (exchange: ExchangeId): Promise<CcxtInstance> =>
  (instance = await createInstance({
    exchange: exchangeOf(exchange),
    access: { testnet: true, credentials: { apiKey: "k", secret: "s", passphrase: "p" } },
    nowUs: () => 0,
  }));

it("is a place of its own at binance: orders, questions and books go there", async () => {
  const at = await open("binance");
  const { public: rest, ws } = at.urls.api as { public: string; ws: { "ws-api": { spot: string } } };
  for (const url of [rest, ws["ws-api"].spot, marketProtocolOf("binance").streamUrl(at)])
    expect(url).toContain("testnet.binance.vision");
});

it("is told by a header at okx, with sockets of its own", async () => {
  const at = await open("okx");
  const signed = at.sign("account/config", "private", "GET", {});
  expect({ ...(at as unknown as { headers: object }).headers, ...signed.headers }).toMatchObject({
    "x-simulated-trading": "1",
  });
  expect(marketProtocolOf("okx").streamUrl(at)).toBe("wss://wspap.okx.com:8443/ws/v5/public");
});
