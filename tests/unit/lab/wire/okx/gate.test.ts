import { describe, expect, it, test } from "vitest";
import { createOkx } from "../../../../../server/lab/wire/okx/okx.ts";
import { wireVenue } from "../../../../support/wireVenue.ts";
import { loginMessage, okxClient, okxVenue, signed } from "./okxClient.ts";

const BALANCE = { method: "GET", path: "/api/v5/account/balance", query: "", body: "", headers: {} } as const;

describe("who asks", () => {
  const cases: { name: string; headers: Record<string, string | undefined>; code: string }[] = [
    { name: "no key", headers: { "ok-access-key": undefined }, code: "50103" },
    { name: "no passphrase", headers: { "ok-access-passphrase": undefined }, code: "50104" },
    { name: "no signature", headers: { "ok-access-sign": undefined }, code: "50106" },
    { name: "no timestamp", headers: { "ok-access-timestamp": undefined }, code: "50107" },
    { name: "a timestamp that is none", headers: { "ok-access-timestamp": "yesterday" }, code: "50112" },
    { name: "a key that nobody has", headers: { "ok-access-key": "other" }, code: "50111" },
    { name: "a wrong passphrase", headers: { "ok-access-passphrase": "other" }, code: "50105" },
    { name: "a wrong signature", headers: { "ok-access-sign": "b3RoZXI=" }, code: "50113" },
  ];
  test.each(cases)("$name is $code with status 401", ({ headers, code }) => {
    const { venue } = okxVenue();
    const request = signed(venue, venue.key(), BALANCE);
    const answer = venue.http({ ...request, headers: { ...request.headers, ...headers } });
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body)).toMatchObject({ code });
  });

  it.each([-31, 31])("a request %s s off is expired; within 30 s it is not", (seconds) => {
    const { venue } = okxVenue();
    const request = signed(venue, venue.key(), BALANCE);
    venue.setNow(venue.nowUs() + seconds * 1e6);
    expect(JSON.parse(venue.http(request).body)).toMatchObject({ code: "50102" });
    venue.setNow(venue.nowUs() - Math.sign(seconds) * 2e6);
    expect(JSON.parse(venue.http(request).body)).toMatchObject({ code: "0" });
  });

  it("signs the query and the body as they are sent", () => {
    const { venue } = okxVenue();
    const request = signed(venue, venue.key(), { ...BALANCE, query: "ccy=BTC" });
    expect(JSON.parse(venue.http({ ...request, query: "ccy=USDT" }).body)).toMatchObject({ code: "50113" });
    expect(JSON.parse(venue.http(request).body)).toMatchObject({ code: "0" });
  });

  it("tells what a key may do", () => {
    const venue = wireVenue({ venue: "okx", front: createOkx });
    const { mayWithdraw } = venue.key();
    expect(mayWithdraw).toBe(false);
    expect(okxClient(venue).get("account/config").data).toMatchObject([{ perm: "read_only,trade" }]);
    const generous = wireVenue({
      venue: "okx",
      front: (core) =>
        createOkx({ ...core, key: (apiKey) => ({ ...venue.key(), apiKey, mayWithdraw: true }) }),
    });
    expect(okxClient(generous).get("account/config").data).toMatchObject([
      { perm: "read_only,withdraw,trade" },
    ]);
  });

  it("refuses orders of a key that may only read", () => {
    const venue = wireVenue({
      venue: "okx",
      front: (core) =>
        createOkx({ ...core, key: (apiKey) => ({ ...found(core.key(apiKey)), mayTrade: false }) }),
    });
    expect(okxClient(venue).order({})).toMatchObject({ code: "50120" });
  });
});

describe("what is asked", () => {
  it("answers paths and methods that it does not have with the venue's errors", () => {
    const client = okxVenue();
    expect(client.get("trade/nothing")).toMatchObject({ status: 404 });
    expect(client.get("trade/batch-orders")).toMatchObject({ status: 405, code: "50115" });
  });

  it.each([
    { body: "", code: "50000" },
    { body: "{", code: "50002" },
    { body: "[]", code: "50002" },
  ])("refuses the body %j", ({ body, code }) => {
    const { venue } = okxVenue();
    const request = signed(venue, venue.key(), {
      method: "POST",
      path: "/api/v5/trade/order",
      query: "",
      headers: {},
      body,
    });
    const answer = venue.http(request);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code });
  });

  it("has spot instruments alone", () => {
    const client = okxVenue();
    expect(client.get("public/instruments", { instType: "SPOT" }).data).toMatchObject([
      {
        instId: "BTC-USDT",
        tickSz: "0.01",
        lotSz: "0.00001",
        minSz: "0.00001",
        state: "live",
        baseCcy: "BTC",
        quoteCcy: "USDT",
      },
      { instId: "ETH-USDT" },
    ]);
    for (const instType of ["SWAP", "FUTURES", "OPTION", "MARGIN"])
      expect(client.get("public/instruments", { instType })).toMatchObject({ code: "0", data: [] });
    expect(client.get("public/instruments")).toMatchObject({ status: 400, code: "50014" });
  });

  it("lists what was changed, halted and delisted as it is", () => {
    const client = okxVenue();
    const states = (): unknown[] =>
      client
        .get("public/instruments", { instType: "SPOT" })
        .data.map(({ instId, state, tickSz }) => ({ instId, state, tickSz }));
    client.venue.core.relist(0, { tick: "0.1" });
    client.venue.core.relist(1, { status: "HALTED" });
    expect(states()).toEqual([
      { instId: "BTC-USDT", state: "live", tickSz: "0.1" },
      { instId: "ETH-USDT", state: "suspend", tickSz: "0.01" },
    ]);
    client.venue.core.relist(1, { status: "DELISTED" });
    expect(states()).toHaveLength(1);
  });
});

describe("expTime", () => {
  const item = { instId: "BTC-USDT", tdMode: "cash", side: "buy", ordType: "limit", sz: "0.01", px: "59000" };

  it("refuses placing and amending that arrive later, and nothing else", () => {
    const client = okxVenue();
    const nowMs = Math.floor(client.venue.nowUs() / 1_000);
    const late = { exptime: String(nowMs - 1) };
    const intime = { exptime: String(nowMs + 1) };
    expect(client.post("trade/order", item, late)).toMatchObject({
      status: 200,
      code: "1",
      data: [{ sCode: "50036" }],
    });
    expect(client.post("trade/batch-orders", [item, item], late).data).toMatchObject([
      { sCode: "50036" },
      { sCode: "50036" },
    ]);
    expect(client.venue.core.openOrders(0)).toEqual([]);
    const { ordId } = client.post("trade/order", item, intime).data[0] ?? {};
    const { instId } = item;
    expect(client.post("trade/amend-order", { instId, ordId, newSz: "0.02" }, late).data).toMatchObject([
      { sCode: "50036" },
    ]);
    expect(client.venue.core.openOrders(0)).toMatchObject([{ sizeLots: 1_000 }]);
    expect(client.post("trade/cancel-order", { instId, ordId }, late).data).toMatchObject([{ sCode: "0" }]);
  });

  it("that is no instant in milliseconds is a wrong parameter", () => {
    expect(okxVenue().post("trade/order", item, { exptime: "soon" })).toMatchObject({ code: "51000" });
  });
});

describe("entry-tier rate limits", () => {
  const item = {
    instId: "BTC-USDT",
    tdMode: "cash",
    side: "buy",
    ordType: "limit",
    sz: "0.001",
    px: "59000",
  };

  it("count single orders by instrument and kind of request, over REST and sockets together", () => {
    const client = okxVenue();
    const socket = client.login();
    for (let i = 0; i < 30; i++) client.order({ clOrdId: `r${i}`, sz: "0.001" });
    for (let i = 0; i < 30; i++)
      socket.send({ id: `${i}`, op: "batch-orders", args: [{ ...item, clOrdId: `w${i}` }] });
    expect(client.venue.core.openOrders(0)).toHaveLength(60);
    socket.take();
    expect(client.order({})).toMatchObject({ status: 429, code: "50011" });
    socket.send({ id: "x", op: "order", args: [item] });
    expect(socket.take()).toMatchObject([{ id: "x", op: "order", code: "50011", data: [] }]);
    // Other instruments, cancels, amendments and batches have counts of their own.
    expect(client.order({ instId: "ETH-USDT", px: "2000" })).toMatchObject({ code: "0" });
    expect(client.post("trade/cancel-order", { instId: "BTC-USDT", clOrdId: "r0" })).toMatchObject({
      code: "0",
    });
    expect(
      client.post("trade/amend-order", { instId: "BTC-USDT", clOrdId: "r1", newSz: "0.002" }),
    ).toMatchObject({ code: "0" });
    expect(client.post("trade/batch-orders", [item, item])).toMatchObject({ code: "0" });
    client.venue.advanceMs(2_000);
    expect(client.order({})).toMatchObject({ code: "0" });
  });

  it("count the orders of batches, and answer for each", () => {
    const client = okxVenue({ deposits: { USDT: 1_000_000_000, BTC: 100, ETH: 1_000 } });
    const cancels = Array.from({ length: 20 }, (_, at) => ({ instId: "BTC-USDT", ordId: String(900 + at) }));
    for (let i = 0; i < 15; i++) client.post("trade/cancel-batch-orders", cancels);
    const reply = client.post("trade/cancel-batch-orders", cancels);
    expect(reply).toMatchObject({ status: 200, code: "1" });
    expect(reply.data.every(({ sCode }) => sCode === "50011")).toBe(true);
  });

  it("count new orders and amendments of an account once more", () => {
    const instruments = { BTC: { sizeMinLots: 1 } };
    const client = okxVenue({ instruments });
    // Refused orders count too: 17 rounds over two instruments, single and batch.
    const bad = (instId: string): object => ({ ...item, instId, px: "x" });
    for (const instId of ["BTC-USDT", "ETH-USDT"]) {
      for (let i = 0; i < 15; i++)
        client.post(
          "trade/batch-orders",
          Array.from({ length: 20 }, () => bad(instId)),
        );
      for (let i = 0; i < 15; i++)
        client.post(
          "trade/amend-batch-orders",
          Array.from({ length: 20 }, (_, at) => ({ instId, ordId: String(900 + at), newSz: "1" })),
        );
    }
    expect(client.order({}).data).toMatchObject([{ sCode: "50061" }]);
    expect(client.post("trade/cancel-order", { instId: "BTC-USDT", ordId: "1" }).data).toMatchObject([
      { sCode: "51400" },
    ]);
  });

  it("count queries by account and path", () => {
    const client = okxVenue({ twoAccounts: true });
    for (let i = 0; i < 10; i++) expect(client.get("account/balance").status).toBe(200);
    expect(client.get("account/balance")).toMatchObject({ status: 429, code: "50011" });
    expect(okxClient(client.venue, client.venue.key(1)).get("account/balance").status).toBe(200);
    expect(client.get("trade/orders-pending").status).toBe(200);
  });

  it("are lifted where that is said", () => {
    const client = okxVenue({ limits: "lifted" });
    for (let i = 0; i < 100; i++) expect(client.order({ sz: "0.001" }).code).toBe("0");
    for (let i = 0; i < 100; i++) expect(client.get("account/balance").code).toBe("0");
  });
});

describe("connections", () => {
  const dial = (client: ReturnType<typeof okxVenue>): boolean =>
    client.venue.connect("/ws/v5/public") !== undefined;

  it("are three a second, of all sockets together", () => {
    const client = okxVenue({ limits: "entry" });
    expect([dial(client), dial(client)]).toEqual([true, true]);
    client.login();
    expect(dial(client)).toBe(false);
    client.venue.advanceMs(1_000);
    expect(dial(client)).toBe(true);
  });

  it("are as many as one likes where limits are lifted", () => {
    const client = okxVenue({ limits: "lifted" });
    for (let i = 0; i < 20; i++) expect(dial(client)).toBe(true);
  });
});

describe("what the venue can be ordered to do wrong", () => {
  it("refuses a login with a good key, once", () => {
    const client = okxVenue();
    client.venue.front.fault({ kind: "loginRefused" });
    const socket = client.login();
    expect(socket.take()).toMatchObject([{ event: "error", code: "63999" }]);
    socket.send({ op: "subscribe", args: [{ channel: "orders", instType: "SPOT" }] });
    expect(socket.take()).toMatchObject([{ event: "error", code: "60011" }]);
    socket.send(loginMessage(client.venue, client.venue.key()));
    expect(socket.take()).toMatchObject([{ event: "login", code: "0" }]);
  });

  it("ends the sessions of those who have logged in, and of no one else", () => {
    const client = okxVenue();
    const open = client.venue.connect("/ws/v5/public");
    const socket = client.login();
    client.venue.front.fault({ kind: "sessionExpired" });
    expect(socket.closed).toMatchObject({ code: 4007 });
    expect(open?.closed).toBeUndefined();
    expect(client.login().take()).toMatchObject([{ event: "login", code: "0" }]);
  });

  it("ends no countdown, and closes no socket, by a clock that is set wrong", () => {
    const client = okxVenue();
    const socket = client.login();
    client.order({});
    client.post("trade/cancel-all-after", { timeOut: "20" });
    client.venue.skew(60_000_000);
    client.venue.advanceMs(1_000);
    expect(client.venue.core.openOrders(0)).toHaveLength(1);
    expect(socket.closed).toBeUndefined();
    client.venue.advanceMs(20_000);
    expect(client.venue.core.openOrders(0)).toEqual([]);
  });

  it.each(["ban", "rateLimited"] as const)("answers a %s for a time as one request too many", (kind) => {
    const client = okxVenue();
    client.venue.front.fault({ kind, forMs: 5_000 });
    expect(client.order({})).toMatchObject({ status: 429, code: "50011" });
    expect(client.get("public/time")).toMatchObject({ status: 429 });
    client.venue.advanceMs(5_000);
    expect(client.order({})).toMatchObject({ code: "0" });
  });

  it("closes for maintenance, says so, and warns sockets before it closes them", () => {
    const client = okxVenue();
    const socket = client.login();
    socket.take();
    client.venue.front.fault({ kind: "maintenance", forMs: 5_000 });
    expect(socket.take()).toMatchObject([{ event: "notice", code: "64008" }]);
    socket.send({ id: "1", op: "cancel-order", args: [{ instId: "BTC-USDT", ordId: "1" }] });
    expect(socket.take()).toMatchObject([{ id: "1", code: "50001" }]);
    expect(client.order({})).toMatchObject({ status: 503, code: "50001" });
    expect(client.get("system/status").data).toMatchObject([{ state: "ongoing" }]);
    expect(client.get("public/time")).toMatchObject({ code: "0" });
    client.venue.advanceMs(1_000);
    expect(socket.closed).toMatchObject({ code: 1001 });
    expect(client.venue.connect("/ws/v5/public")).toBeUndefined();
    client.venue.advanceMs(5_000);
    expect(client.order({})).toMatchObject({ code: "0" });
    expect(client.get("system/status").data).toEqual([]);
    expect(client.venue.connect("/ws/v5/public")).toBeDefined();
  });

  it("answers with its own error although it did what was asked", () => {
    const client = okxVenue();
    client.venue.front.fault({ kind: "internalError" });
    expect(client.order({})).toMatchObject({ status: 500, code: "50026" });
    expect(client.venue.core.openOrders(0)).toHaveLength(1);
    expect(client.order({})).toMatchObject({ code: "0" });
  });

  it("refuses a cancel of an order that stays open", () => {
    const client = okxVenue();
    const { ordId = "" } = client.order({}).data[0] ?? {};
    client.venue.front.fault({ kind: "refusedCancel" });
    const cancel = { instId: "BTC-USDT", ordId };
    expect(client.post("trade/cancel-order", cancel).data).toMatchObject([{ sCode: "51410" }]);
    expect(client.venue.core.openOrders(0)).toHaveLength(1);
    expect(client.post("trade/cancel-order", cancel).data).toMatchObject([{ sCode: "0" }]);
  });

  it("is too busy for so many orders and cancels, on either way, and still answers questions", () => {
    const client = okxVenue();
    const socket = client.login();
    client.venue.front.fault({ kind: "overload", requests: 2 });
    expect(client.order({})).toMatchObject({ status: 429, code: "50013" });
    expect(client.get("trade/orders-pending")).toMatchObject({ code: "0", data: [] });
    socket.take();
    socket.send({ id: "1", op: "cancel-order", args: [{ instId: "BTC-USDT", ordId: "1" }] });
    expect(socket.take()).toMatchObject([{ id: "1", code: "50013" }]);
    expect(client.venue.core.openOrders(0)).toEqual([]);
    expect(client.order({})).toMatchObject({ code: "0" });
  });

  it("does not know an order whose cancel comes too late: others take it at that moment", () => {
    const taken: unknown[] = [];
    const client = okxVenue({
      front: (core) =>
        createOkx({ ...core, fillByOthers: (account, ref) => void taken.push({ account, ...ref }) }),
    });
    const { ordId = "" } = client.order({}).data[0] ?? {};
    client.venue.front.fault({ kind: "cancelRace" });
    const cancel = { instId: "BTC-USDT", ordId };
    expect(client.post("trade/cancel-order", cancel).data).toMatchObject([{ sCode: "51400" }]);
    expect(taken).toEqual([{ account: 0, venueOrderId: ordId }]);
    expect(client.post("trade/cancel-order", cancel).data).toMatchObject([{ sCode: "0" }]);
  });
});

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("not found");
  return value;
}
