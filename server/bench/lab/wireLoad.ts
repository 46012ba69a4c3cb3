/**
 * The client side of the wire's benchmark, as a thread of its own: places quotes and cancels them in a venue's protocol,
 * with a fixed number of requests under way.
 */
import { parentPort, workerData } from "node:worker_threads";
import { CLIENTS, PROTOCOLS } from "./wireProtocols.ts";
import type { Send, WireTarget } from "./wireProtocols.ts";

export interface WireLoad extends WireTarget {
  readonly way: keyof typeof PROTOCOLS;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface WireLoadResult {
  /** Orders and cancels that the venue answered as done. */
  readonly done: number;
  readonly refused: number;
  readonly elapsedMs: number;
}

const load = workerData as WireLoad;
let done = 0;
let refused = 0;
let isOver = false;
let nth = 0;

/** One request at a time: an order, then its cancel. */
async function client(send: Send): Promise<void> {
  while (!isOver) {
    const id = `b${nth++}`;
    count(await send("place", id));
    count(await send("cancel", id));
  }
}

function count(isDone: boolean): void {
  if (isDone) done++;
  else refused++;
}

const send = await PROTOCOLS[load.way](load);
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
