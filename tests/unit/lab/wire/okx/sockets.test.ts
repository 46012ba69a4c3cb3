import { describe, expect, it, test } from "vitest";
import { MID_TICKS, loginMessage, okxClient, okxVenue } from "./okxClient.ts";
import type { OkxClient } from "./okxClient.ts";

const ORDERS = { op: "subscribe", args: [{ channel: "orders", instType: "SPOT", instId: "BTC-USDT" }] };

function open({ venue }: OkxClient, space: "public" | "private" | "business") {
  const socket = venue.connect(`/ws/v5/${space}`);
  if (socket === undefined) throw new Error("no socket");
  return socket;
}

describe("a socket", () => {
  it("answers ping in plain text, and is closed after half a minute without a word", () => {
    const client = okxVenue();
    const [talking, silent] = [open(client, "public"), open(client, "public")];
    client.venue.advanceMs(25_000);
    talking.send("ping");
    expect(talking.received).toEqual(["pong"]);
    client.venue.advanceMs(6_000);
    expect(talking.closed).toBeUndefined();
    expect(silent.closed).toMatchObject({ code: 4004 });
  });

  it("is served at three paths", () => {
    const { venue } = okxVenue();
    expect(venue.connect("/ws/v5/nothing")).toBeUndefined();
  });

  it.each([
    "no json",
    "{}",
    '{"op":"dance","args":[]}',
    '{"op":"subscribe","args":[5]}',
    '{"op":"subscribe"}',
  ])("repeats the illegal request %s in its error", (text) => {
    const socket = open(okxVenue(), "public");
    socket.send(text);
    expect(socket.received).toMatchObject([
      { event: "error", code: "60012", msg: `Illegal request: ${text}` },
    ]);
  });

  it("logs in with a signature, on any path", () => {
    const client = okxVenue();
    for (const space of ["public", "private", "business"] as const)
      expect(client.login(space).received).toMatchObject([{ event: "login", code: "0", msg: "" }]);
  });

  const logins: { name: string; change: Record<string, string>; code: string }[] = [
    { name: "a key that nobody has", change: { apiKey: "x" }, code: "60005" },
    { name: "a wrong passphrase", change: { passphrase: "x" }, code: "60024" },
    { name: "a wrong signature", change: { sign: "x" }, code: "60007" },
    { name: "an old timestamp", change: { timestamp: "1767225000" }, code: "60006" },
    { name: "milliseconds", change: { timestamp: "1767225600000" }, code: "60004" },
  ];
  test.each(logins)("does not log in with $name: $code", ({ change, code }) => {
    const client = okxVenue();
    const socket = open(client, "private");
    const message = loginMessage(client.venue, client.venue.key()) as { args: [object] };
    socket.send({ op: "login", args: [{ ...message.args[0], ...change }] });
    expect(socket.take()).toMatchObject([{ event: "error", code }]);
    socket.send(ORDERS);
    expect(socket.take()).toMatchObject([{ event: "error", code: "60011" }]);
  });

  const channels: { space: "public" | "private" | "business"; arg: object; code: string }[] = [
    { space: "public", arg: { channel: "books", instId: "XRP-USDT" }, code: "60018" },
    { space: "public", arg: { channel: "nothing", instId: "BTC-USDT" }, code: "60018" },
    { space: "public", arg: { channel: "orders", instType: "SPOT" }, code: "60018" },
    { space: "public", arg: { channel: "trades-all", instId: "BTC-USDT" }, code: "60018" },
    { space: "public", arg: { channel: "instruments", instType: "SWAP" }, code: "60018" },
    { space: "private", arg: { channel: "books", instId: "BTC-USDT" }, code: "60018" },
    { space: "private", arg: { channel: "orders" }, code: "60027" },
    { space: "private", arg: { channel: "fills" }, code: "64003" },
  ];
  test.each(channels)("refuses $arg on $space: $code", ({ space, arg, code }) => {
    const socket = okxVenue().login(space);
    socket.take();
    socket.send({ op: "subscribe", args: [arg] });
    expect(socket.take()).toMatchObject([{ event: "error", code }]);
  });

  it("takes 480 requests in an hour", () => {
    const socket = open(okxVenue(), "public");
    for (let i = 0; i < 480; i++)
      socket.send({ op: "unsubscribe", args: [{ channel: "trades", instId: "BTC-USDT" }] });
    socket.take();
    socket.send({ op: "subscribe", args: [{ channel: "trades", instId: "BTC-USDT" }] });
    expect(socket.take()).toMatchObject([{ event: "error", code: "60014" }]);
  });

  it("acknowledges first, then sends; and tells nothing after the end of a subscription", () => {
    const client = okxVenue();
    const socket = open(client, "business");
    const args = [{ channel: "trades-all", instId: "BTC-USDT" }];
    socket.send({ id: "7", op: "subscribe", args });
    expect(socket.take()).toMatchObject([{ id: "7", event: "subscribe", arg: args[0] }]);
    const trade = (): void => client.venue.market({ kind: "take", instrument: 0, side: "buy", sizeLots: 5 });
    trade();
    expect(socket.take()).toMatchObject([
      { arg: args[0], data: [{ px: "60000.01", sz: "0.00005", side: "buy" }] },
    ]);
    socket.send({ op: "unsubscribe", args });
    expect(socket.take()).toMatchObject([{ event: "unsubscribe", arg: args[0] }]);
    trade();
    client.venue.advanceMs(1_000);
    expect(socket.take()).toEqual([]);
  });

  it("says how many connections have a channel, and lets go of the thirty-first", () => {
    const client = okxVenue({ limits: "lifted" });
    for (let i = 0; i < 30; i++) {
      const socket = client.login();
      socket.send(ORDERS);
      expect(socket.received.at(-1)).toMatchObject({ event: "channel-conn-count", connCount: String(i + 1) });
    }
    const last = client.login();
    last.send(ORDERS);
    expect(last.received.at(-1)).toMatchObject({ event: "channel-conn-count-error", connCount: "30" });
    last.take();
    client.order({});
    expect(last.take()).toEqual([]);
  });
});

describe("a socket that nobody speaks on", () => {
  it("is closed once, however long the client takes to go", () => {
    const { venue } = okxVenue();
    const closed: number[] = [];
    const send = (): void => undefined;
    venue.front.connect({ path: "/ws/v5/public", send, close: (code) => void closed.push(code) });
    venue.advanceMs(30_000);
    expect(closed).toEqual([]);
    venue.advanceMs(1_000);
    expect(closed).toEqual([4004]);
  });
});

describe("channels of an account", () => {
  it("are told to nobody else", () => {
    const client = okxVenue({ twoAccounts: true });
    client.venue.advanceMs(10);
    const other = okxClient(client.venue, client.venue.key(1)).login();
    other.send(ORDERS);
    other.send({ op: "subscribe", args: [{ channel: "account" }] });
    other.take();
    client.order({});
    client.venue.advanceMs(20);
    expect(other.take()).toEqual([]);
  });

  it("tell orders of the instrument that was asked for", () => {
    const client = okxVenue();
    const socket = client.login();
    socket.send(ORDERS);
    socket.take();
    client.order({ instId: "ETH-USDT", px: "2000" });
    expect(socket.take()).toEqual([]);
    client.order({});
    expect(socket.take()).toMatchObject([
      { arg: { channel: "orders", instId: "BTC-USDT" }, data: [{ state: "live" }] },
    ]);
  });

  it("tell balances whole at first, then those that changed", () => {
    const client = okxVenue();
    client.venue.advanceMs(10);
    const socket = client.login();
    socket.send({ op: "subscribe", args: [{ channel: "account" }, { channel: "balance_and_position" }] });
    const snapshots = socket.take().filter((message) => "data" in (message as object));
    expect(snapshots).toMatchObject([
      {
        arg: { channel: "account" },
        eventType: "snapshot",
        data: [{ details: [{ ccy: "BTC" }, { ccy: "USDT" }, { ccy: "ETH" }] }],
      },
      { arg: { channel: "balance_and_position" }, data: [{ eventType: "snapshot" }] },
    ]);
    client.order({ px: "60000", sz: "0.01" });
    client.venue.advanceMs(10);
    // What is set aside is told on the account channel alone: the balance is the same.
    expect(socket.take()).toMatchObject([{ arg: { channel: "account" }, eventType: "event_update" }]);
    client.venue.market({
      kind: "take",
      instrument: 0,
      side: "sell",
      sizeLots: 1_000,
      limitTicks: MID_TICKS,
    });
    client.venue.advanceMs(10);
    const told = socket.take() as { arg: { channel: string }; data: Record<string, unknown>[] }[];
    expect(told).toMatchObject([
      { arg: { channel: "account" } },
      { data: [{ eventType: "filled", trades: [{ instId: "BTC-USDT", tradeId: "1" }] }] },
    ]);
    expect(told[0]?.data[0]?.["details"]).toMatchObject([
      { ccy: "BTC", cashBal: "100.01", eq: "100.01" },
      { ccy: "USDT", cashBal: "999399.4", availBal: "999399.4", frozenBal: "0" },
    ]);
    client.venue.core.deposit(0, "ETH", 10n ** 8n);
    client.venue.advanceMs(10);
    expect(socket.take()).toMatchObject([
      { data: [{ details: [{ ccy: "ETH", cashBal: "1001" }] }] },
      { data: [{ eventType: "transferred", balData: [{ ccy: "ETH", cashBal: "1001" }] }] },
    ]);
  });
});

describe("orders over a socket", () => {
  const item = { instIdCode: 10_000, tdMode: "cash", side: "buy", ordType: "limit", sz: "0.01", px: "59000" };

  it("are told before they are answered, under the request's id", () => {
    const client = okxVenue();
    const socket = client.login();
    socket.send(ORDERS);
    socket.take();
    socket.send({ id: "1512", op: "order", args: [{ ...item, clOrdId: "a" }] });
    const [event, answer] = socket.take();
    expect(event).toMatchObject({ arg: { channel: "orders" }, data: [{ clOrdId: "a", state: "live" }] });
    expect(answer).toMatchObject({
      id: "1512",
      op: "order",
      code: "0",
      data: [{ sCode: "0", clOrdId: "a" }],
    });
    expect(socket.kinds.slice(-2)).toEqual(["report", "answer"]);
    expect(answer).toHaveProperty("inTime");
  });

  it("amend and cancel by code of the instrument, one or many", () => {
    const client = okxVenue();
    const socket = client.login();
    socket.send({ id: "1", op: "batch-orders", args: ["a", "b"].map((clOrdId) => ({ ...item, clOrdId })) });
    const named = (clOrdId: string): object => ({ instIdCode: 10_000, clOrdId });
    socket.take();
    socket.send({ id: "2", op: "amend-order", args: [{ ...named("a"), newPx: "59001" }] });
    socket.send({
      id: "3",
      op: "batch-amend-orders",
      args: [
        { ...named("a"), newSz: "0.02" },
        { ...named("x"), newSz: "0.02" },
      ],
    });
    socket.send({ id: "4", op: "cancel-order", args: [named("a")] });
    socket.send({ id: "5", op: "batch-cancel-orders", args: [named("a"), named("b")] });
    expect(socket.take()).toMatchObject([
      { id: "2", code: "0", data: [{ sCode: "0" }] },
      { id: "3", code: "2", data: [{ sCode: "0" }, { sCode: "51503" }] },
      { id: "4", code: "0", data: [{ sCode: "0" }] },
      { id: "5", code: "2", data: [{ sCode: "51400" }, { sCode: "0" }] },
    ]);
    expect(client.venue.core.openOrders(0)).toEqual([]);
  });

  it("expire at the top-level expTime", () => {
    const client = okxVenue();
    const socket = client.login();
    socket.take();
    const expTime = String(Math.floor(client.venue.nowUs() / 1_000) - 1);
    socket.send({ id: "1", op: "order", expTime, args: [item] });
    expect(socket.take()).toMatchObject([{ id: "1", code: "1", data: [{ sCode: "50036" }] }]);
  });

  it("need a login, and the private path; mass cancel is not for spot", () => {
    const client = okxVenue();
    const order = { id: "1", op: "order", args: [item] };
    const stranger = open(client, "private");
    stranger.send(order);
    expect(stranger.take()).toMatchObject([{ event: "error", code: "60011" }]);
    const elsewhere = client.login("business");
    elsewhere.take();
    elsewhere.send(order);
    expect(elsewhere.take()).toMatchObject([{ event: "error", code: "60028" }]);
    const socket = client.login();
    socket.take();
    socket.send({ id: "2", op: "mass-cancel", args: [{ instType: "OPTION", instFamily: "BTC-USD" }] });
    expect(socket.take()).toMatchObject([{ id: "2", op: "mass-cancel", code: "51411", data: [] }]);
    expect(client.venue.core.openOrders(0)).toEqual([]);
  });

  it("may fail inside although they were carried out", () => {
    const client = okxVenue();
    const socket = client.login();
    socket.take();
    client.venue.front.fault({ kind: "internalError" });
    socket.send({ id: "1", op: "order", args: [item] });
    expect(socket.take()).toMatchObject([{ id: "1", code: "50026", data: [] }]);
    expect(client.venue.core.openOrders(0)).toHaveLength(1);
  });
});
