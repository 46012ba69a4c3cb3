/** How a client places a post-only quote, and cancels it, in each venue's protocol: no more than the benchmark needs. */
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { WebSocket } from "ws";
import { signatureOf } from "../../lab/wire/kraken/auth.ts";
import { sign as signOkx } from "../../lab/wire/okx/auth.ts";

export interface WireTarget {
  readonly port: number;
  readonly apiKey: string;
  readonly secret: string;
  readonly passphrase: string;
}

/** True when the venue did it. */
export type Send = (kind: "place" | "cancel", id: string) => Promise<boolean>;

/** Enough to keep one core busy, few enough to stay far below the venues' limits of open orders. */
export const CLIENTS = 32;

/** Far below the market: it rests until it is canceled. */
const PRICE = "40000.00";
const SIZE = "0.00100";

export const PROTOCOLS = {
  binance: binanceSocket,
  "binance-http": binanceHttp,
  okx: okxSocket,
  kraken: krakenSocket,
} as const satisfies Record<string, (target: WireTarget) => Send | Promise<Send>>;

async function binanceSocket({ port, apiKey, secret }: WireTarget): Promise<Send> {
  const socket = await open(port, "/ws-api/v3");
  const ask = correlate(socket, ({ id, status }) => [Number(id), status === 200]);
  return (kind, clientId) => {
    const fields = { ...binanceFields(kind, clientId), apiKey, timestamp: String(Date.now()) };
    const sorted = Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
    const params = { ...sorted, signature: hmac(secret, new URLSearchParams(sorted).toString()) };
    return ask((id) => ({ id, method: `order.${kind}`, params }));
  };
}

function binanceHttp({ port, apiKey, secret }: WireTarget): Send {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  return (kind, clientId) => {
    const query = new URLSearchParams({
      ...binanceFields(kind, clientId),
      timestamp: String(Date.now()),
    }).toString();
    return new Promise((resolve, reject) => {
      request(
        {
          agent,
          host: "127.0.0.1",
          port,
          method: kind === "place" ? "POST" : "DELETE",
          path: `/api/v3/order?${query}&signature=${hmac(secret, query)}`,
          headers: { "x-mbx-apikey": apiKey },
        },
        (answer) => {
          answer.resume();
          answer.on("end", () => resolve(answer.statusCode === 200));
        },
      )
        .on("error", reject)
        .end();
    });
  };
}

function binanceFields(kind: "place" | "cancel", clientId: string): Record<string, string> {
  const symbol = "BTCUSDT";
  if (kind === "cancel") return { symbol, origClientOrderId: clientId };
  const terms = { side: "BUY", type: "LIMIT_MAKER", price: PRICE, quantity: SIZE };
  return { symbol, ...terms, newClientOrderId: clientId, newOrderRespType: "ACK" };
}

async function okxSocket({ port, apiKey, secret, passphrase }: WireTarget): Promise<Send> {
  const socket = await open(port, "/ws/v5/private");
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const sign = signOkx(secret, `${timestamp}GET/users/self/verify`);
  socket.send(JSON.stringify({ op: "login", args: [{ apiKey, passphrase, timestamp, sign }] }));
  await once(socket, "message");
  const ask = correlate(socket, ({ id, code }) => [Number(id), code === "0"]);
  const terms = { tdMode: "cash", side: "buy", ordType: "post_only", px: PRICE, sz: SIZE };
  return (kind, clOrdId) => {
    const named = { instId: "BTC-USDT", clOrdId };
    return ask((id) =>
      kind === "place"
        ? { id: String(id), op: "order", args: [{ ...named, ...terms }] }
        : { id: String(id), op: "cancel-order", args: [named] },
    );
  };
}

async function krakenSocket(target: WireTarget): Promise<Send> {
  const token = await krakenToken(target);
  const socket = await open(target.port, "/v2");
  const ask = correlate(socket, ({ req_id: id, success }) => [Number(id), success === true]);
  const terms = { order_type: "limit", side: "buy", symbol: "BTC/USD", post_only: true };
  const sized = { order_qty: Number(SIZE), limit_price: Number(PRICE) };
  return (kind, clientId) =>
    ask((id) =>
      kind === "place"
        ? { method: "add_order", params: { ...terms, ...sized, cl_ord_id: clientId, token }, req_id: id }
        : { method: "cancel_order", params: { cl_ord_id: [clientId], token }, req_id: id },
    );
}

async function krakenToken({ port, apiKey, secret }: WireTarget): Promise<string> {
  const path = "/0/private/GetWebSocketsToken";
  const nonce = String(Date.now());
  const body = new URLSearchParams({ nonce }).toString();
  const headers = {
    "api-key": apiKey,
    "api-sign": signatureOf(secret, path, nonce, body),
    "content-type": "application/x-www-form-urlencoded",
  };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", headers, body });
  return ((await answer.json()) as { result: { token: string } }).result.token;
}

async function open(port: number, path: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  await once(socket, "open");
  return socket;
}

/** Requests by number, and the answers that bear it. */
function correlate(
  socket: WebSocket,
  read: (answer: Readonly<Record<string, unknown>>) => readonly [id: number, isDone: boolean],
): (requestOf: (id: number) => object) => Promise<boolean> {
  const waiting = new Map<number, (isDone: boolean) => void>();
  let lastId = 0;
  socket.on("message", (data: Buffer) => {
    const [id, isDone] = read(JSON.parse(data.toString()) as Record<string, unknown>);
    waiting.get(id)?.(isDone);
    waiting.delete(id);
  });
  return (requestOf) => {
    const id = ++lastId;
    socket.send(JSON.stringify(requestOf(id)));
    return new Promise((resolve) => waiting.set(id, resolve));
  };
}

function hmac(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}
