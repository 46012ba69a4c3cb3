import { describe, expect, it } from "vitest";
import { formParams } from "../../../../../server/lab/wire/binance/params.ts";
import { formPayload, hmacHex, sortedPayload } from "../../../../../server/lab/wire/binance/signing.ts";
import { binance, hmac } from "./venue.ts";

/** Keys and signatures are the examples that the venue's own documentation prints. */
const SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
const HEAD = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC";
const TAIL = "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559";

describe("signatures", () => {
  it.each([
    {
      name: "a query",
      query: `${HEAD}&${TAIL}&signature=x`,
      body: "",
      expected: "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71",
    },
    {
      name: "a body",
      query: "",
      body: `${HEAD}&${TAIL}&signature=x`,
      expected: "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71",
    },
    {
      name: "a query and a body, with nothing between them",
      query: HEAD,
      body: `${TAIL}&signature=x`,
      expected: "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77",
    },
  ])("cover $name", ({ query, body, expected }) => {
    expect(hmacHex(SECRET, formPayload(query, body))).toBe(expected);
  });

  it("cover the parameters of the WebSocket API by name", () => {
    const params = new Map(
      Object.entries({
        symbol: "BTCUSDT",
        side: "SELL",
        type: "LIMIT",
        timeInForce: "GTC",
        quantity: "0.01000000",
        price: "52000.00",
        newOrderRespType: "ACK",
        recvWindow: "100",
        timestamp: "1645423376532",
        apiKey: "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A",
        signature: "------ FILL ME ------",
      }),
    );
    expect(hmacHex(SECRET, sortedPayload(params))).toBe(
      "cc15477742bd704c29492d96c7ead9414dfd8e0ec4a00f947bb5bb454ddbd08a",
    );
  });

  it("take the query's value of a name in both", () => {
    expect(formParams("a=1", "a=2&b=3")).toEqual(
      new Map([
        ["a", "1"],
        ["b", "3"],
      ]),
    );
  });
});

describe("a signed request", () => {
  const venue = binance();
  const nowMs = Math.floor(venue.nowUs() / 1_000);
  const ask = (fields: Record<string, string | number>) => venue.signed("GET", "/api/v3/openOrders", fields);

  it.each([
    { name: "sent now", fields: {}, code: undefined },
    { name: "in microseconds", fields: { timestamp: venue.nowUs() }, code: undefined },
    { name: "999 ms ahead", fields: { timestamp: nowMs + 999 }, code: undefined },
    { name: "1,000 ms ahead", fields: { timestamp: nowMs + 1_000 }, code: -1021 },
    { name: "5 s old", fields: { timestamp: nowMs - 5_000 }, code: undefined },
    { name: "older than 5 s", fields: { timestamp: nowMs - 5_001 }, code: -1021 },
    { name: "older than its window", fields: { timestamp: nowMs - 101, recvWindow: 100 }, code: -1021 },
    { name: "of a window over 60 s", fields: { recvWindow: 60_001 }, code: -1131 },
    { name: "of a time that is none", fields: { timestamp: "now" }, code: -1100 },
    { name: "without a time", fields: { timestamp: "" }, code: -1102 },
  ])("$name: $code", ({ fields, code }) => {
    const { status, body } = ask(fields);
    expect(body.code).toBe(code);
    expect(status).toBe(code === undefined ? 200 : 400);
  });

  it("says which way the clock is off", () => {
    expect(ask({ timestamp: nowMs + 5_000 }).body.msg).toBe(
      "Timestamp for this request was 1000ms ahead of the server's time.",
    );
    expect(ask({ timestamp: nowMs - 9_000 }).body.msg).toBe(
      "Timestamp for this request is outside of the recvWindow.",
    );
  });

  it("needs a key that the venue knows, and its signature", () => {
    const key = venue.key();
    const path = "/api/v3/account";
    const query = `timestamp=${nowMs}`;
    expect(venue.get(path, { timestamp: nowMs, signature: "x" })).toMatchObject({
      status: 401,
      body: { code: -2014, msg: "API-key format invalid." },
    });
    expect(venue.signed("GET", path, {}, { ...key, apiKey: "nobody" })).toMatchObject({
      status: 401,
      body: { code: -2015, msg: "Invalid API-key, IP, or permissions for action." },
    });
    expect(venue.signed("GET", path, {}, { ...key, secret: "guessed" })).toMatchObject({
      status: 400,
      body: { code: -1022, msg: "Signature for this request is not valid." },
    });
    const headers = { "x-mbx-apikey": key.apiKey };
    expect(venue.http({ path, query, headers }).body).toContain("Mandatory parameter 'signature'");
  });

  it("covers what was sent: nobody changes a parameter on the way", () => {
    const key = venue.key();
    const form = `symbol=BTCUSDT&timestamp=${nowMs}`;
    const headers = { "x-mbx-apikey": key.apiKey };
    const send = (sent: string) =>
      venue.http({ path: "/api/v3/openOrders", query: `${sent}&signature=${hmac(key, form)}`, headers });
    expect(send(form).status).toBe(200);
    expect(send(form.replace("BTC", "ETH")).body).toContain("-1022");
  });
});
