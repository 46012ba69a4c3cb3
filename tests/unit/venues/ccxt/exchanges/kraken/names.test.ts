import { expect, it } from "vitest";
import { kraken } from "../../../../../../server/venues/ccxt/exchanges/kraken/kraken.ts";
import { closeInstance, createInstance } from "../../../../../../server/venues/ccxt/gateway/instance.ts";

it("calls a coin by the name under which the sockets trade it, and by no other coin's", async () => {
  const access = { exchange: "kraken", credentials: undefined } as const;
  const instance = await createInstance({ exchange: kraken, access, nowUs: () => 0 });
  const named = ["LUNA", "LUNA2", "REP", "XREP", "REPV2", "UST", "XBT", "XXBT", "XDG", "ZUSD", "SOL"];
  expect(named.map((id) => instance.safeCurrencyCode(id))).toEqual([
    "LUNA",
    "LUNA2",
    "REP",
    "REP",
    "REPV2",
    "UST",
    "BTC",
    "BTC",
    "DOGE",
    "USD",
    "SOL",
  ]);
  await closeInstance(instance);
});
