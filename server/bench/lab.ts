/**
 * Suite `lab`: what the simulated exchanges bear. A request is an order or a cancel, an amendment counts as one. The
 * venues' rate limits are lifted for `wire`, and for nothing else in the lab.
 */
import { measureBooks } from "./lab/books.ts";
import { measureMatching } from "./lab/matching.ts";
import { measureWire } from "./lab/wire.ts";
import { fixtureConfig } from "./deskFixture.ts";
import type { Figure, Suite } from "./measure.ts";

const WIRE_UNIT = "orders/s over a WebSocket, limits lifted";

export async function benchLab(onProgress: (done: string) => void): Promise<Suite> {
  onProgress("matching");
  const matching = measureMatching(fixtureConfig({ venues: 1, symbols: 1 }));
  onProgress("wire, over sockets; the venues' limits are lifted");
  const sockets: Figure[] = [];
  for (const venue of ["binance", "okx", "kraken"] as const)
    sockets.push({ name: `wire-${venue}`, unit: WIRE_UNIT, value: await measureWire(venue) });
  onProgress("wire-http; the venues' limits are lifted");
  const http = await measureWire("binance-http");
  onProgress("books");
  const books = await measureBooks();
  const slowest = Math.min(...sockets.map(({ value }) => value));
  return {
    results: [
      { name: "matching", unit: "orders/s on one core", value: matching },
      { name: "wire", unit: "orders/s over a WebSocket, of the slowest venue", value: slowest },
      ...sockets,
      { name: "wire-http", unit: "orders/s over HTTP, limits lifted", value: http },
      { name: "books", unit: "updates/s at each of 3 venues", value: books.perSecond },
      { name: "books-messages", unit: "messages/s to subscribers", value: books.messagesPerSecond },
      { name: "books-busy", unit: "of a core", value: books.busyFrac },
    ],
    budgets: [
      { name: "matching", field: "value", atLeast: 10_000 },
      { name: "wire", field: "value", atLeast: 2_000 },
      { name: "wire-http", field: "value", atLeast: 2_000 },
      { name: "books", field: "value", atLeast: 1_000 },
    ],
  };
}
