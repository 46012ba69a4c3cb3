/** A venue on loopback with Binance's public protocol and no market: what it says is said by the test. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";

export interface Loopback {
  /** For `VenueAccess.origin`. */
  readonly origin: string;
  /** Connections so far. */
  readonly dialled: number;
  /** What clients sent, parsed. */
  readonly requests: { readonly method: string; readonly params: readonly string[] }[];
  /** Paths of REST questions, in order. */
  readonly asked: string[];
  readonly sockets: ReadonlySet<WebSocket>;
  /** To everyone who listens. */
  say(frame: unknown): void;
  /** A change of the book: its update ids go on by one, or by more where a message is left out. */
  change(symbol: string, bids: readonly (readonly [string, string])[], skip?: number): void;
  /** What REST answers; a function may wait. */
  readonly rest: Record<string, (query: URLSearchParams) => unknown>;
  isSilent: boolean;
  close(): Promise<void>;
}

export async function openLoopback(symbols: readonly string[] = ["BTCUSDT"]): Promise<Loopback> {
  const sockets = new Set<WebSocket>();
  const lastIds = new Map(symbols.map((symbol) => [symbol, 100]));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://venue");
    // The client puts the original host in front.
    const path = `/${pathname.split("/").slice(2).join("/")}`;
    asked.push(path);
    void Promise.resolve(venue.rest[path]?.(searchParams)).then((answer) => {
      response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? { code: -1, msg: "no such path" }));
    });
  });
  const acceptor = new WebSocketServer({ server });
  let dialled = 0;
  const requests: Loopback["requests"] = [];
  acceptor.on("connection", (socket) => {
    dialled++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("message", (data: Buffer) => {
      const request = JSON.parse(data.toString()) as { method: string; params: string[]; id: number };
      requests.push(request);
      if (!venue.isSilent) socket.send(JSON.stringify({ result: null, id: request.id }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const venue: Loopback = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get dialled() {
      return dialled;
    },
    requests,
    asked,
    sockets,
    isSilent: false,
    rest: {
      "/api/v3/depth": (query) => ({
        lastUpdateId: lastIds.get(query.get("symbol") ?? ""),
        bids: [["99.99000000", "1.00000000"]],
        asks: [["100.01000000", "1.00000000"]],
      }),
      "/api/v3/exchangeInfo": () => ({ symbols: symbols.map((symbol) => listed(symbol)) }),
      "/api/v3/time": () => ({ serverTime: 1_700_000_000_000 }),
    },
    say(frame) {
      if (venue.isSilent) return;
      for (const socket of sockets) socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
    },
    change(symbol, bids, skip = 0) {
      const id = (lastIds.get(symbol) ?? 0) + 1 + skip;
      lastIds.set(symbol, id);
      venue.say({ e: "depthUpdate", E: 1, s: symbol, U: id, u: id, b: bids, a: [] });
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of acceptor.clients) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return venue;
}

export function listed(symbol: string, tickSize = "0.01000000", status = "TRADING"): object {
  return {
    symbol,
    status,
    filters: [
      { filterType: "PRICE_FILTER", tickSize },
      { filterType: "LOT_SIZE", minQty: "0.00100000", stepSize: "0.00100000" },
    ],
  };
}
