/** What ccxt does by default to those who trade with it, and does not do to this gateway. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocketServer } from "ws";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import type { CcxtClient, CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import { callEndpoint } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import { EntrySocket, SocketLostError } from "../../../../../server/venues/ccxt/gateway/entrySocket.ts";
import { closeInstance, createInstance } from "../../../../../server/venues/ccxt/gateway/instance.ts";
import { createLane, createNonce, useLane } from "../../../../../server/venues/ccxt/gateway/lane.ts";
import { NotSentError } from "../../../../../server/venues/ccxt/gateway/taxonomy.ts";
import { UserStream } from "../../../../../server/venues/ccxt/gateway/userStream.ts";
import { KEY, nowUs, POLL, serve } from "./served.ts";

const closers: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A socket that answers every request of Binance's kind, or does with it what it is told. */
async function entrySocket(act: (id: string, end: () => void) => string | undefined) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  server.on("connection", (socket) =>
    socket.on("message", (data: Buffer) => {
      const { id } = JSON.parse(data.toString()) as { id: string };
      const answer = act(id, () => socket.terminate());
      if (answer !== undefined) socket.send(answer);
    }),
  );
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const binance = exchangeOf("binance");
  // Without signatures, which take most of the time.
  const frame = (_: unknown, __: unknown, request: object, id: number) => ({ id: String(id), ...request });
  const exchange = { ...binance, entry: { ...binance.entry, frame } };
  const instances: CcxtInstance[] = [];
  const socket = new EntrySocket({
    exchange,
    create: async () => {
      const access = { exchange: "binance", origin: `127.0.0.1:${port}`, credentials: KEY } as const;
      const instance = await createInstance({ exchange, access, nowUs });
      instances.push(instance);
      return instance;
    },
    close: closeInstance,
    observe: () => undefined,
    monotonicMs: () => performance.now(),
    onFailed: () => undefined,
    log: () => undefined,
  });
  socket.start();
  closers.push(() => socket.stop());
  await expect.poll(() => socket.isOpen, POLL).toBe(true);
  const request = (withinMs = 5_000, late = (): void => undefined) =>
    socket.request({ method: "order.cancel", params: { symbol: "BTCUSDT" } }, withinMs, late);
  return { socket, instances, request };
}

const answerOf = (id: string): string => JSON.stringify({ id, status: 200, result: { orderId: 1 } });

describe("the entry socket", () => {
  it("keeps nothing of 50,000 orders", async () => {
    const { instances, request } = await entrySocket(answerOf);
    const client = Object.values(instances[0]?.clients ?? {})[0];
    const kept = (): number =>
      Object.keys(client?.subscriptions ?? {}).length + Object.keys(client?.futures ?? {}).length;
    const before = kept();
    for (let batch = 0; batch < 100; batch++) await Promise.all(Array.from({ length: 500 }, () => request()));
    expect(kept()).toBe(before);
  });

  it("rejects what is on it when it drops, and what comes after was not sent; nothing is left unhandled", async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", note);
    closers.push(() => void process.off("unhandledRejection", note));
    const { socket, request } = await entrySocket((_, end) => {
      end();
      return undefined;
    });
    const waiting = Promise.allSettled(Array.from({ length: 20 }, () => request()));
    for (const outcome of await waiting)
      expect(outcome.status === "rejected" ? outcome.reason : undefined).toBeInstanceOf(SocketLostError);
    await expect(request()).rejects.toThrow(NotSentError);
    await expect.poll(() => socket.isOpen, POLL).toBe(true);
    expect(unhandled).toEqual([]);
  });

  it("ends its waiting, and still hears an answer that comes after that", async () => {
    const late: unknown[] = [];
    const { socket } = await entrySocket(() => undefined);
    const waiting = socket.request({ method: "order.place", params: {} }, 20, (outcome) =>
      late.push(outcome),
    );
    await expect(waiting).rejects.toThrow("no answer within 20 ms");
    socket.drop();
    await expect.poll(() => late, POLL).toMatchObject([{ ok: false, error: { name: "SocketLostError" } }]);
  });
});

describe("Kraken's nonces", () => {
  it("arrive in order under 50 calls at once, from two instances of one key", async () => {
    const venue = await serve("kraken");
    closers.push(() => venue.close());
    const exchange = exchangeOf("kraken");
    const lane = createLane();
    const nonce = createNonce(nowUs);
    const access = { exchange: "kraken", origin: `127.0.0.1:${venue.port}`, credentials: KEY } as const;
    const instances = await Promise.all([0, 1].map(() => createInstance({ exchange, access, nowUs })));
    for (const instance of instances) useLane(instance, lane, nonce);
    closers.push(() => Promise.all(instances.map(closeInstance)));
    const calls = Array.from({ length: 50 }, (_, n) => {
      const instance = instances[n % 2];
      if (instance === undefined) throw new Error("no instance");
      // A slow machine may have no turn for the last of them in time: those go again.
      const ask = (): Promise<unknown> =>
        callEndpoint(instance, "privatePostBalanceEx").catch((error: unknown) => {
          if (error instanceof NotSentError) return ask();
          throw error;
        });
      return ask();
    });
    expect((await Promise.allSettled(calls)).filter(({ status }) => status === "rejected")).toEqual([]);
  });

  it("do without a call that finds too many before it, which was not sent", async () => {
    const lane = createLane();
    const stuck = (): Promise<never> => new Promise(() => undefined);
    for (let n = 0; n < 501; n++) lane.run(false, stuck).catch(() => undefined);
    await expect(lane.run(false, stuck)).rejects.toThrow("calls wait for their turn");
  });

  it("do not wait for a call that is stuck: it cannot be overtaken any more", async () => {
    vi.useFakeTimers();
    const lane = createLane();
    const order: string[] = [];
    void lane.run(false, () => new Promise(() => order.push("stuck")));
    void lane.run(false, () => Promise.resolve(order.push("question")));
    void lane.run(true, () => Promise.resolve(order.push("cancel")));
    await vi.advanceTimersByTimeAsync(249);
    expect(order).toEqual(["stuck"]);
    await vi.advanceTimersByTimeAsync(2);
    expect(order).toEqual(["stuck", "cancel", "question"]);
  });
});

describe("a socket that is accepted and closed at once", () => {
  const closing = () => {
    const instance = {
      clients: {},
      handleMessage: () => undefined,
      onClose: () => undefined,
      onError: () => undefined,
    } as unknown as CcxtInstance;
    setTimeout(() => instance.onClose({} as CcxtClient, {}), 5);
    return instance;
  };

  it("is dialled less and less often: venues ban for that", async () => {
    vi.useFakeTimers();
    const dialledAtMs: number[] = [];
    const beganAtMs = Date.now();
    const binance = exchangeOf("binance");
    const client = { connection: { readyState: 1 } } as unknown as CcxtClient;
    const socket = new EntrySocket({
      exchange: { ...binance, entry: { ...binance.entry, open: () => Promise.resolve({ client }) } },
      create: () => {
        dialledAtMs.push(Date.now() - beganAtMs);
        return Promise.resolve(closing());
      },
      close: () => Promise.resolve(),
      observe: () => undefined,
      monotonicMs: () => Date.now(),
      onFailed: () => undefined,
      log: () => undefined,
    });
    socket.start();
    await vi.advanceTimersByTimeAsync(300_000);
    // Two such sockets, and the public one, stay far below 300 in 5 minutes.
    expect(dialledAtMs.length).toBeLessThan(80);
    expect(dialledAtMs[1]).toBeLessThan(50);
    expect(dialledAtMs[2]).toBeLessThan(250);
    const stopping = socket.stop();
    await vi.advanceTimersByTimeAsync(100);
    await stopping;
  });

  it("is no less a trap as a private stream, and one that held for long is begun anew at once", async () => {
    vi.useFakeTimers();
    let lives = 0;
    let holdForMs = 50;
    const { stream } = streamOf(() => {
      lives++;
      const life = fakeInstance(
        () => new Promise((_, reject) => setTimeout(() => reject(new Error("closed")), holdForMs)),
      );
      setTimeout(() => life.hear(CONFIRMED), 10);
      return life.instance;
    });
    stream.start();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(lives).toBeLessThan(80);
    holdForMs = 11_000;
    await vi.advanceTimersByTimeAsync(20_000);
    const before = lives;
    await vi.advanceTimersByTimeAsync(33_000);
    expect(lives - before).toBe(3);
    const stopping = stream.stop();
    await vi.advanceTimersByTimeAsync(100);
    await stopping;
  });
});

describe("a request that cannot be signed", () => {
  it("was not sent, and nothing waits for its answer", async () => {
    const binance = exchangeOf("binance");
    const client = { connection: { readyState: 1 } } as unknown as CcxtClient;
    const frame = (): never => {
      throw new Error("no secret");
    };
    const entry = { ...binance.entry, open: () => Promise.resolve({ client }), frame };
    const socket = new EntrySocket({
      exchange: { ...binance, entry },
      create: () => Promise.resolve(fakeInstance(never).instance),
      close: () => Promise.resolve(),
      observe: () => undefined,
      monotonicMs: () => 0,
      onFailed: () => undefined,
      log: () => undefined,
    });
    socket.start();
    await expect.poll(() => socket.isOpen, POLL).toBe(true);
    await expect(socket.request({}, 5_000, () => undefined)).rejects.toThrow(NotSentError);
    await socket.stop();
  });
});

/** As much of an instance as the stream touches. */
function fakeInstance(watchMyTrades: () => Promise<unknown>) {
  const handled: unknown[] = [];
  const instance = {
    clients: {},
    handleMessage: (_: CcxtClient, message: unknown) => void handled.push(message),
    onConnected: () => undefined,
    onClose: () => undefined,
    onError: () => undefined,
    watchMyTrades,
  } as unknown as CcxtInstance;
  return { instance, hear: (message: unknown) => instance.handleMessage({} as CcxtClient, message), handled };
}

function streamOf(
  create: () => CcxtInstance,
  onNotes: (notes: readonly unknown[]) => void = () => undefined,
) {
  const heard: string[] = [];
  const stream = new UserStream({
    exchange: exchangeOf("kraken"),
    create: () => Promise.resolve(create()),
    close: () => Promise.resolve(),
    monotonicMs: () => Date.now(),
    onNotes,
    onUp: () => Promise.resolve(void heard.push("up")),
    onDown: (why) => void heard.push(`down: ${why}`),
    onError: () => undefined,
    isHalted: () => false,
  });
  return { stream, heard };
}

const CONFIRMED = { method: "subscribe", success: true, result: { channel: "executions" } };
const never = (): Promise<unknown> => new Promise(() => undefined);

describe("the private stream", () => {
  it("that rejects every watch at once is tried less and less often, and holds nobody up", async () => {
    vi.useFakeTimers();
    let lives = 0;
    const { stream, heard } = streamOf(() => {
      lives++;
      return fakeInstance(() => Promise.reject(new Error("nonce is missing from cache"))).instance;
    });
    stream.start();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(lives).toBeGreaterThan(8);
    expect(lives).toBeLessThan(20);
    expect(heard[0]).toBe("down: Error: nonce is missing from cache");
    const stopping = stream.stop();
    await vi.advanceTimersByTimeAsync(100);
    await stopping;
  });

  it("that says nothing is given up, and begun anew", async () => {
    vi.useFakeTimers();
    const lives: ReturnType<typeof fakeInstance>[] = [];
    const { stream, heard } = streamOf(() => {
      const life = fakeInstance(never);
      lives.push(life);
      return life.instance;
    });
    stream.start();
    await vi.advanceTimersByTimeAsync(10);
    lives[0]?.hear(CONFIRMED);
    for (let s = 0; s < 60; s++) {
      await vi.advanceTimersByTimeAsync(1_000);
      lives[0]?.hear({ channel: "heartbeat" });
    }
    expect(heard).toEqual(["up"]);
    await vi.advanceTimersByTimeAsync(14_000);
    expect(heard).toEqual(["up", "down: silent"]);
    expect(lives.length).toBe(2);
    const stopping = stream.stop();
    await vi.advanceTimersByTimeAsync(100);
    await stopping;
  });

  it("that is not confirmed, skips a frame or sends what cannot be read is begun anew", async () => {
    vi.useFakeTimers();
    const lives: ReturnType<typeof fakeInstance>[] = [];
    const { stream, heard } = streamOf(() => {
      const life = fakeInstance(never);
      lives.push(life);
      return life.instance;
    });
    stream.start();
    await vi.advanceTimersByTimeAsync(5_200);
    expect(heard).toEqual(["down: DeadlineError: no answer within 5000 ms"]);
    lives[1]?.hear(CONFIRMED);
    lives[1]?.hear({ channel: "executions", sequence: 1, data: [] });
    lives[1]?.hear({ channel: "executions", sequence: 3, data: [] });
    await vi.advanceTimersByTimeAsync(500);
    expect(heard[1]).toBe("down: frames 2 to 2 are missing");
    lives[2]?.hear({ channel: "executions", sequence: 1, data: [{ exec_type: "trade", symbol: "BTC/USD" }] });
    await vi.advanceTimersByTimeAsync(500);
    expect(heard[2]).toBe("down: a frame that cannot be read: a venue's message has no order_id");
    const stopping = stream.stop();
    await vi.advanceTimersByTimeAsync(100);
    await stopping;
  });

  it("leaves to ccxt what is not about orders, so that nothing of ours is merged or kept there", async () => {
    vi.useFakeTimers();
    const life = fakeInstance(never);
    const noted: unknown[] = [];
    const { stream } = streamOf(
      () => life.instance,
      (notes) => noted.push(...notes),
    );
    stream.start();
    await vi.advanceTimersByTimeAsync(10);
    life.hear(CONFIRMED);
    const row = { order_id: "O1", cl_ord_id: "a", symbol: "BTC/USD", order_status: "new", exec_type: "new" };
    for (let n = 0; n < 3; n++) life.hear({ channel: "executions", sequence: n, data: [row, row] });
    expect(noted).toHaveLength(6);
    expect(life.handled).toEqual([CONFIRMED]);
    const stopping = stream.stop();
    await vi.advanceTimersByTimeAsync(100);
    await stopping;
  });
});
