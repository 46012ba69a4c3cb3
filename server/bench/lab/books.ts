/** Three venues at a thousand changes of their books a second each, with a subscriber at every book. */
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { once } from "node:events";
import { WebSocket } from "ws";
import { createLog } from "../../host/log.ts";
import { demoMarket } from "../../lab/drivers/demo.ts";
import { loneDesk, startLoneLab } from "../../lab/service/alone.ts";
import type { FrontEndFactory, VenueCore } from "../../lab/wire/ports.ts";
import { FRONT_ENDS } from "../../lab/wire/registry.ts";

/** Of each venue, over its two books; some of them renew a level that nobody sees changed. */
const UPDATES_PER_S = 1_200;

const SETTLE_MS = 2_000;
const MEASURE_MS = 8_000;

/** What a client of each venue sends to hear its books. */
const SUBSCRIPTIONS: Readonly<Record<string, { readonly path: string; readonly message: unknown }>> = {
  binance: {
    path: "/ws",
    message: { id: 1, method: "SUBSCRIBE", params: ["btcusdt@depth@100ms", "ethusdt@depth@100ms"] },
  },
  okx: {
    path: "/ws/v5/public",
    message: {
      op: "subscribe",
      args: ["BTC-USDT", "ETH-USDT"].map((instId) => ({ channel: "books", instId })),
    },
  },
  kraken: {
    path: "/v2",
    message: { method: "subscribe", params: { channel: "book", symbol: ["BTC/USD", "ETH/USD"], depth: 100 } },
  },
};

export interface BooksResult {
  /** Changes of a venue's books in a second, of the venue with the fewest. */
  readonly perSecond: number;
  /** Messages that the subscribers got in a second, over all venues. */
  readonly messagesPerSecond: number;
  /** Of one core, in this thread: the lab, and the reading of the subscribers. */
  readonly busyFrac: number;
}

export async function measureBooks(): Promise<BooksResult> {
  const cores: VenueCore[] = [];
  const watched = Object.entries(FRONT_ENDS).map(([venue, front]): [string, FrontEndFactory] => [
    venue,
    (core) => {
      cores.push(core);
      return front(core);
    },
  ]);
  const { agents } = demoMarket(1);
  const books = agents.books.map((book) => ({
    ...book,
    updatesPerS: UPDATES_PER_S / agents.books.filter(({ account }) => account === book.account).length,
  }));
  const desk = { ...loneDesk(1), lab: { market: "agents" as const, seed: 1, agents: { ...agents, books } } };
  const lab = await startLoneLab(desk, createLog("lab"), { frontEnds: Object.fromEntries(watched) });
  const sockets: WebSocket[] = [];
  let messages = 0;
  try {
    for (const { venue, origin } of lab.venues) {
      const subscription = SUBSCRIPTIONS[venue];
      if (subscription === undefined) throw new Error(`invariant: nobody knows how to hear ${venue}`);
      const socket = new WebSocket(origin.replace("http", "ws") + subscription.path);
      sockets.push(socket);
      await once(socket, "open");
      socket.on("message", () => void messages++);
      socket.send(JSON.stringify(subscription.message));
    }
    await sleep(SETTLE_MS);
    const before = cores.map(countUpdates);
    const messagesBefore = messages;
    const busy = performance.eventLoopUtilization();
    const startedMs = performance.now();
    await sleep(MEASURE_MS);
    const seconds = (performance.now() - startedMs) / 1_000;
    const { utilization } = performance.eventLoopUtilization(busy);
    const rates = cores.map((core, n) => (countUpdates(core) - (before[n] ?? 0)) / seconds);
    return {
      perSecond: Math.round(Math.min(...rates)),
      messagesPerSecond: Math.round((messages - messagesBefore) / seconds),
      busyFrac: Math.round(utilization * 100) / 100,
    };
  } finally {
    for (const socket of sockets) socket.terminate();
    await lab.stop();
  }
}

function countUpdates(core: VenueCore): number {
  return core.listings.reduce((sum, { instrument }) => sum + core.book(instrument).updates, 0);
}
