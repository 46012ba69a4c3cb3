/** Frames that the real venue sent (frames.json, public captures of 2021 and 2024) beside ours: same fields, same types. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createStreamSockets } from "../../../../../server/lab/wire/binance/streamSockets.ts";
import { binance } from "./venue.ts";
import type { Body } from "./venue.ts";

const REAL = JSON.parse(readFileSync(new URL("frames.json", import.meta.url), "utf8")) as Record<
  string,
  Body
>;

/** Every field with the type of its value; of a list, of its first member; texts of numbers with their decimals. */
function shapeOf(value: Body): Body {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, shapeOf(inner)]),
    );
  if (typeof value === "string" && /^\d+\.\d+$/.test(value))
    return `decimals: ${value.split(".")[1]?.length}`;
  return value === null ? "null" : typeof value;
}

/** What each stream sends first, in combined form. */
function ours(streams: readonly string[]): Body[] {
  const venue = binance();
  const socket = venue.connect("/stream");
  socket?.send({ method: "SUBSCRIBE", params: streams, id: 1 });
  venue.market({ kind: "delta", instrument: 0, bids: [5_999_100, 5], asks: [6_000_900, 5] });
  venue.market({ kind: "take", instrument: 0, side: "buy", sizeLots: 3 });
  venue.advanceMs(100);
  return ((socket?.take() ?? []) as Body[]).filter(({ stream }) => stream !== undefined);
}

describe("real frames", () => {
  it.each(["depth@100ms", "bookTicker", "aggTrade", "trade"])("of @%s have our fields", (stream) => {
    const [sent] = ours([`btcusdt@${stream}`]);
    expect(sent).toBeDefined();
    const real = shapeOf(REAL[stream]);
    // A side without changes has no levels to compare.
    const told = shapeOf(sent);
    for (const side of ["a", "b"]) if (real.data[side]?.length === 0) delete told.data[side];
    for (const side of ["a", "b"]) if (real.data[side]?.length === 0) delete real.data[side];
    expect(told).toEqual(real);
  });

  it("of a depth snapshot have our fields", () => {
    const { body } = binance().get("/api/v3/depth", { symbol: "BTCUSDT", limit: 1_000 });
    expect(shapeOf(body)).toEqual(shapeOf(REAL["snapshot"]));
  });

  it("of exchangeInfo have no field that we lack", () => {
    const { body } = binance().get("/api/v3/exchangeInfo");
    const [symbol] = body.symbols as Body[];
    const [real] = REAL["exchangeInfo"].symbols as Body[];
    for (const [name, value] of Object.entries(real as Record<string, Body>))
      if (!Array.isArray(value)) expect([name, typeof symbol[name]]).toEqual([name, typeof value]);
    expect(Object.keys(symbol as object)).toEqual(expect.arrayContaining(Object.keys(real as object)));
    expect(shapeOf(body.rateLimits)).toEqual(shapeOf(REAL["exchangeInfo"].rateLimits));
    const filterOf = (filters: Body[], type: string) => shapeOf(filters.find((f) => f.filterType === type));
    for (const type of ["PRICE_FILTER", "LOT_SIZE", "MARKET_LOT_SIZE", "MAX_NUM_ORDERS"])
      expect(filterOf(symbol.filters as Body[], type)).toEqual(filterOf(real.filters as Body[], type));
  });

  it("parse: what was captured goes through a socket as it came", () => {
    const sockets = createStreamSockets(() => 0, true);
    const sent: string[] = [];
    sockets.connect({
      path: "/stream",
      query: "streams=nknusdt@depth@100ms",
      send: (text) => sent.push(text),
      close: () => undefined,
    });
    sockets.send("nknusdt@depth@100ms", REAL["depth@100ms"].data);
    expect(JSON.parse(sent[0] ?? "")).toEqual(REAL["depth@100ms"]);
  });
});
