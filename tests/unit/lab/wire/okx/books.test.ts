import { describe, expect, it } from "vitest";
import { randomStream } from "../../../../../server/lab/random.ts";
import { priceText, sizeText } from "../../../../../server/lab/wire/decimals.ts";
import type { LevelText } from "../../../../../server/lab/wire/okx/checksum.ts";
import { BookReader } from "./bookReader.ts";
import type { BookMessage } from "./bookReader.ts";
import { FRAMES, frame } from "./frames.ts";
import type { TestSocket } from "../../../../support/wireVenue.ts";
import { MID_TICKS, okxVenue } from "./okxClient.ts";
import type { OkxClient } from "./okxClient.ts";

interface Channel {
  readonly client: OkxClient;
  messages(): BookMessage[];
}

function open({ venue }: OkxClient): TestSocket {
  const socket = venue.connect("/ws/v5/public");
  if (socket === undefined) throw new Error("no socket");
  return socket;
}

function subscribed(channel: string): Channel {
  const client = okxVenue();
  const socket = open(client);
  socket.send({ op: "subscribe", args: [{ channel, instId: "BTC-USDT" }] });
  return {
    client,
    messages: () => socket.take().filter((message) => "data" in (message as object)) as BookMessage[],
  };
}

/** Levels of the core as texts without zeros at the end. */
function truth({ venue }: OkxClient, side: "bids" | "asks", depth = 400): [string, string][] {
  const [listing] = venue.core.listings;
  if (listing === undefined) throw new Error("nothing is listed");
  const { definition } = listing;
  const levels = venue.core.book(0)[side];
  return levels
    .flatMap((ticks, at) => (at % 2 === 0 ? [[ticks, levels[at + 1] as number] as const] : []))
    .slice(0, depth)
    .map(([ticks, lots]) => [
      String(Number(priceText(definition, ticks))),
      String(Number(sizeText(definition, lots))),
    ]);
}

function held(reader: BookReader, side: "bids" | "asks"): [string, string][] {
  return reader[side].map(([price, size]) => [String(Number(price)), String(Number(size))]);
}

/** Some levels of both sides change, some go. */
function stir({ venue }: OkxClient, random: () => number): void {
  const side = (direction: 1 | -1): number[] => {
    const offsets = new Set(Array.from({ length: 4 }, () => 1 + Math.floor(random() * 60)));
    return [...offsets]
      .sort((a, b) => a - b)
      .flatMap((offset) => [
        MID_TICKS + direction * offset,
        random() < 0.3 ? 0 : 1 + Math.floor(random() * 1e6),
      ]);
  };
  venue.market({ kind: "delta", instrument: 0, bids: side(-1), asks: side(1) });
}

describe("the checksum", () => {
  it("is the one that the venue sent with its own frames", () => {
    const reader = new BookReader();
    const books = FRAMES.filter(({ arg, data }) => arg?.channel === "books" && data !== undefined);
    expect(books.length).toBeGreaterThan(10);
    // The venue had no sequence numbers then.
    for (const message of books) reader.apply(message as unknown as BookMessage);
    expect(reader.faults).toEqual([]);
  });

  it("finds one wrong digit", () => {
    const reader = new BookReader();
    const message = frame("books", "snapshot") as unknown as BookMessage;
    const [row] = message.data;
    if (row === undefined) throw new Error("no row");
    const bids = row.bids.map(([price, size], at): LevelText => [price, at === 3 ? `${size}1` : size]);
    reader.apply({ ...message, data: [{ ...row, bids }] });
    expect(reader.faults).toEqual(["checksum"]);
  });
});

describe("books", () => {
  it("makes a client's book the core's, with every sequence and checksum right", () => {
    const { client, messages } = subscribed("books");
    const reader = new BookReader();
    const random = randomStream(7, "books");
    for (let i = 0; i < 300; i++) {
      stir(client, random.uniform);
      client.venue.advanceMs(20);
      for (const message of messages()) reader.apply(message);
    }
    client.venue.advanceMs(200);
    for (const message of messages()) reader.apply(message);
    expect(reader.faults).toEqual([]);
    for (const side of ["bids", "asks"] as const) expect(held(reader, side)).toEqual(truth(client, side));
    expect(reader.bids.length).toBeGreaterThan(20);
  });

  it("is silent while nothing changes, and says so once a minute", () => {
    const { client, messages } = subscribed("books");
    const [snapshot] = messages();
    expect(snapshot).toMatchObject({ action: "snapshot", data: [{ prevSeqId: -1 }] });
    const socket = open(client);
    client.venue.advanceMs(29_000);
    expect(messages()).toEqual([]);
    expect(socket.closed).toBeUndefined();
  });
});

describe("a minute of silence", () => {
  it("is broken by an empty update that does not count", () => {
    const client = okxVenue();
    const socket = open(client);
    socket.send({ op: "subscribe", args: [{ channel: "books", instId: "BTC-USDT" }] });
    const [, snapshot] = socket.take() as [unknown, BookMessage];
    for (let i = 0; i < 4; i++) {
      client.venue.advanceMs(15_000);
      socket.send("ping");
    }
    const beats = socket.take().filter((message) => message !== "pong") as BookMessage[];
    const seqId = snapshot.data[0]?.seqId;
    expect(beats).toMatchObject([
      { action: "update", data: [{ asks: [], bids: [], prevSeqId: seqId, seqId }] },
    ]);
  });
});

describe("channels of the top", () => {
  it.each([
    { channel: "books5", depth: 5 },
    { channel: "bbo-tbt", depth: 1 },
  ])("$channel tells $depth levels whole, each time", ({ channel, depth }) => {
    const { client, messages } = subscribed(channel);
    const random = randomStream(9, "books");
    for (let i = 0; i < 50; i++) stir(client, random.uniform);
    client.venue.advanceMs(100);
    const last = messages().at(-1);
    expect(last).not.toHaveProperty("action");
    const [row] = last?.data ?? [];
    const texts = row?.bids.map(([price, size]) => [String(Number(price)), String(Number(size))]);
    expect(texts).toEqual(truth(client, "bids", depth));
    expect(row).not.toHaveProperty("checksum");
  });
});

describe("faults of books", () => {
  it("cross a snapshot too, and put it right although nothing changes", () => {
    const client = okxVenue();
    client.venue.front.fault({ kind: "crossedBook", instrument: 0 });
    const socket = open(client);
    socket.send({ op: "subscribe", args: [{ channel: "books", instId: "BTC-USDT" }] });
    client.venue.advanceMs(200);
    const [, snapshot, mended] = socket.take() as [unknown, BookMessage, BookMessage | undefined];
    const price = (levels: readonly (readonly string[])[] | undefined): number => Number(levels?.[0]?.[0]);
    expect(price(snapshot.data[0]?.bids)).toBeGreaterThan(price(snapshot.data[0]?.asks));
    expect(mended?.data[0]?.bids.map(([, size]) => size)).toEqual(["0"]);
  });

  function faulty(kind: "gap" | "badChecksum" | "crossedBook"): { reader: BookReader; told: BookMessage[] } {
    const { client, messages } = subscribed("books");
    const reader = new BookReader();
    for (const message of messages()) reader.apply(message);
    client.venue.front.fault({ kind, instrument: 0 });
    const told: BookMessage[] = [];
    for (let i = 0; i < 3; i++) {
      client.venue.snapshot([MID_TICKS - 1, 500 + i], [MID_TICKS + 1, 700 + i]);
      client.venue.advanceMs(100);
      const now = messages();
      told.push(...now);
      for (const message of now) reader.apply(message);
    }
    return { reader, told };
  }

  it("leave one message out", () => {
    const { reader, told } = faulty("gap");
    expect(told).toHaveLength(2);
    expect(reader.faults.filter((fault) => fault === "gap")).toHaveLength(1);
  });

  it("spoil one checksum", () => {
    expect(faulty("badChecksum").reader.faults).toEqual(["checksum"]);
  });

  it("cross the book once, in sequence", () => {
    const { reader, told } = faulty("crossedBook");
    const [first] = told;
    expect(Number(first?.data[0]?.bids[0]?.[0])).toBeGreaterThan((MID_TICKS + 1) / 100);
    expect(reader.faults).toEqual([]);
    expect(Number(reader.bids[0]?.[0])).toBe((MID_TICKS - 1) / 100);
  });
});

describe("a ghost", () => {
  it("is a level that is gone and not told, in sequence, under the checksum of the true book", () => {
    const { client, messages } = subscribed("books");
    const top = open(client);
    top.send({ op: "subscribe", args: [{ channel: "books5", instId: "BTC-USDT" }] });
    const reader = new BookReader();
    const tell = (bids: readonly number[]): void => {
      client.venue.snapshot(bids, [MID_TICKS + 1, 700]);
      client.venue.advanceMs(100);
      for (const message of messages()) reader.apply(message);
    };
    tell([MID_TICKS - 1, 1, MID_TICKS - 2, 1]);
    client.venue.front.fault({ kind: "ghostLevel", instrument: 0 });
    tell([MID_TICKS - 1, 2, MID_TICKS - 2, 1]);
    expect(reader.faults).toEqual([]);
    tell([MID_TICKS - 2, 1]);
    expect(reader.faults).toEqual(["checksum"]);
    expect(held(reader, "bids")[0]?.[0]).toBe(String((MID_TICKS - 1) / 100));
    const last = top.take().at(-1) as BookMessage;
    expect(Number(last.data[0]?.bids[0]?.[0])).toBe((MID_TICKS - 2) / 100);
    // Told again, it is no ghost any more; and it was one.
    tell([MID_TICKS - 1, 3, MID_TICKS - 2, 1]);
    tell([MID_TICKS - 2, 1]);
    expect(reader.faults).toEqual(["checksum"]);
    expect(held(reader, "bids")).toEqual(truth(client, "bids"));
  });
});

describe("a change of tick", () => {
  it("is told on the instruments channel, with a new snapshot of the book", () => {
    const { client, messages } = subscribed("books");
    const listings = open(client);
    listings.send({ op: "subscribe", args: [{ channel: "instruments", instType: "SPOT" }] });
    listings.take();
    messages();
    client.venue.core.relist(0, { tick: "0.1" });
    expect(listings.take()).toMatchObject([{ data: [{ instId: "BTC-USDT", tickSz: "0.1", state: "live" }] }]);
    client.venue.snapshot([MID_TICKS - 10, 1_000], [MID_TICKS + 10, 1_000]);
    client.venue.advanceMs(100);
    const reader = new BookReader();
    const told = messages();
    expect(told[0]).toMatchObject({ action: "snapshot" });
    for (const message of told) reader.apply(message);
    expect(reader.faults).toEqual([]);
    for (const side of ["bids", "asks"] as const) expect(held(reader, side)).toEqual(truth(client, side));
  });

  it.each([
    { status: "HALTED", state: "suspend" },
    { status: "DELISTED", state: "suspend" },
  ] as const)("and $status are told on that channel", ({ status, state }) => {
    const client = okxVenue();
    const listings = open(client);
    listings.send({ op: "subscribe", args: [{ channel: "instruments", instType: "SPOT" }] });
    listings.take();
    client.venue.core.relist(0, { status });
    expect(listings.take()).toMatchObject([{ data: [{ instId: "BTC-USDT", state }] }]);
  });
});

describe("what the venue's own frames have", () => {
  /** Names of the row and what kind of value each has. */
  function shape(row: Readonly<Record<string, unknown>>): Record<string, string> {
    return Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, Array.isArray(value) ? "array" : typeof value]),
    );
  }

  it.each([
    { channel: "books", action: "snapshot" as const },
    { channel: "books", action: "update" as const },
    { channel: "trades", action: undefined },
    { channel: "tickers", action: undefined },
  ])("$channel $action has here too, of the same types", ({ channel, action }) => {
    const client = okxVenue();
    const socket = open(client);
    socket.send({ op: "subscribe", args: [{ channel, instId: "BTC-USDT" }] });
    client.venue.market({ kind: "take", instrument: 0, side: "buy", sizeLots: 10 });
    client.venue.advanceMs(200);
    const own = (socket.received as (typeof FRAMES)[number][]).find(
      (message) => message.data !== undefined && message.action === action,
    );
    const theirs = frame(channel, action);
    expect(own?.arg).toEqual(theirs.arg);
    expect(shape(own?.data?.[0] ?? {})).toMatchObject(shape(theirs.data?.[0] ?? {}));
    expect(Object.keys(own ?? {}).sort()).toEqual(Object.keys(theirs).sort());
  });

  it("instruments have here too", () => {
    const client = okxVenue();
    const theirs = FRAMES.find(({ code }) => code === "0")?.data?.[0] ?? {};
    const [own] = client.get("public/instruments", { instType: "SPOT" }).data;
    expect(shape(own ?? {})).toMatchObject(shape(theirs));
  });

  it("acknowledgements have here too", () => {
    const client = okxVenue();
    const socket = open(client);
    socket.send({ op: "subscribe", args: [{ channel: "trades", instId: "BTC-USDT" }] });
    const theirs = FRAMES.find(({ event, arg }) => event === "subscribe" && arg?.channel === "trades");
    expect(socket.received[0]).toMatchObject(theirs as object);
  });
});
