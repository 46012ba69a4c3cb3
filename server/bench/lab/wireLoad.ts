/**
 * The client side of the wire's benchmark, as a thread of its own: places quotes and cancels them at Binance's
 * protocol, over its WebSocket API or its REST, with a fixed number of requests under way.
 */
import { createHmac } from "node:crypto";
import { Agent, request } from "node:http";
import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { WebSocket } from "ws";

export interface WireLoad {
  readonly way: "socket" | "http";
  readonly port: number;
  readonly apiKey: string;
  readonly secret: string;
  readonly symbol: string;
  readonly price: string;
  readonly quantity: string;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface WireLoadResult {
  /** Orders and cancels that the venue answered as done. */
  readonly done: number;
  readonly refused: number;
  readonly elapsedMs: number;
}

/** Enough to keep one core busy, few enough to stay far below the venue's limit of open orders. */
const CLIENTS = 32;

const load = workerData as WireLoad;
let done = 0;
let refused = 0;
let isOver = false;
let nth = 0;

type Send = (kind: "place" | "cancel", params: Record<string, string>) => Promise<boolean>;

/** One request at a time: an order, then its cancel. */
async function client(send: Send): Promise<void> {
  const { symbol, price, quantity } = load;
  while (!isOver) {
    const id = `b${nth++}`;
    const order = { symbol, side: "BUY", type: "LIMIT_MAKER", price, quantity, newClientOrderId: id };
    count(await send("place", { ...order, newOrderRespType: "ACK" }));
    count(await send("cancel", { symbol, origClientOrderId: id }));
  }
}

function count(isDone: boolean): void {
  if (isDone) done++;
  else refused++;
}

function sign(params: Record<string, string>): string {
  const payload = new URLSearchParams(params).toString();
  return createHmac("sha256", load.secret).update(payload).digest("hex");
}

async function openSocket(): Promise<Send> {
  const socket = new WebSocket(`ws://127.0.0.1:${load.port}/ws-api/v3`);
  await once(socket, "open");
  const waiting = new Map<string, (isDone: boolean) => void>();
  socket.on("message", (data: Buffer) => {
    const { id, status } = JSON.parse(data.toString()) as { id?: string; status?: number };
    waiting.get(id ?? "")?.(status === 200);
    waiting.delete(id ?? "");
  });
  return (kind, fields) => {
    const given = { ...fields, apiKey: load.apiKey, timestamp: String(Date.now()) };
    const sorted = Object.fromEntries(Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1)));
    const id = `r${nth++}`;
    const params = { ...sorted, signature: sign(sorted) };
    socket.send(JSON.stringify({ id, method: `order.${kind}`, params }));
    return new Promise((resolve) => waiting.set(id, resolve));
  };
}

function openHttp(): Send {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  return (kind, fields) => {
    const params = { ...fields, timestamp: String(Date.now()) };
    const query = `${new URLSearchParams(params).toString()}&signature=${sign(params)}`;
    return new Promise((resolve, reject) => {
      request(
        {
          agent,
          host: "127.0.0.1",
          port: load.port,
          method: kind === "place" ? "POST" : "DELETE",
          path: `/api/v3/order?${query}`,
          headers: { "x-mbx-apikey": load.apiKey },
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

const send = load.way === "socket" ? await openSocket() : openHttp();
const clients = Array.from({ length: CLIENTS }, () => client(send));
await wait(load.warmUpMs);
done = 0;
refused = 0;
const startedMs = performance.now();
await wait(load.measureMs);
const result: WireLoadResult = { done, refused, elapsedMs: performance.now() - startedMs };
isOver = true;
await Promise.all(clients);
parentPort?.postMessage(result);

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
