import { connect, createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { encodeFrame } from "../../../server/host/frame.ts";
import type { CloseReason, FrameConnection } from "../../../server/host/framedSocket.ts";
import { frameClient, type FrameClient } from "../../../server/host/frameClient.ts";
import { frameServer, type FrameServer } from "../../../server/host/frameServer.ts";
import { eventually } from "../../support/eventually.ts";

interface Heard {
  readonly connection: FrameConnection;
  readonly messages: unknown[];
  reason: CloseReason | undefined;
  drains: number;
}

/** A server that notes what each of its connections hears. */
async function startServer(port = 0) {
  const heard: Heard[] = [];
  const server: FrameServer = frameServer({
    onConnection(connection) {
      const entry: Heard = { connection, messages: [], reason: undefined, drains: 0 };
      heard.push(entry);
      return {
        frame: (message) => entry.messages.push(message),
        drain: () => (entry.drains += 1),
        close: (reason) => (entry.reason = reason),
      };
    },
  });
  const listening = await server.listen(port);
  onTestFinished(() => server.close());
  return { server, heard, port: listening };
}

function startClient(address: () => { port: number } | undefined) {
  const messages: unknown[] = [];
  const reasons: CloseReason[] = [];
  let opened = 0;
  const client: FrameClient = frameClient({
    address,
    onOpen: () => (opened += 1),
    onFrame: (message) => messages.push(message),
    onClose: (reason) => reasons.push(reason),
  });
  onTestFinished(() => client.close());
  return { client, messages, reasons, opened: () => opened };
}

/** A peer without our code. */
async function rawSocket(port: number): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port });
  onTestFinished(() => {
    socket.destroy();
  });
  await new Promise((resolve) => socket.once("connect", resolve));
  return socket;
}

async function first<T>(list: readonly T[]): Promise<T> {
  return eventually(() => {
    const [entry] = list;
    if (entry === undefined) throw new Error("nothing yet");
    return entry;
  });
}

describe("framed sockets", () => {
  it("carry messages both ways in their order", async () => {
    const { heard, port } = await startServer();
    const { client, messages } = startClient(() => ({ port }));
    const peer = await first(heard);
    await eventually(() => expect(client.send({ n: 1 })).toBe(true));
    client.send({ n: 2n ** 80n });
    peer.connection.send("a");
    peer.connection.sendEncoded(encodeFrame("b"));
    await eventually(() => expect(peer.messages).toEqual([{ n: 1 }, { n: 2n ** 80n }]));
    await eventually(() => expect(messages).toEqual(["a", "b"]));
  });

  it("deliver what was sent before an orderly end, and say to each side who ended it", async () => {
    const { heard, port } = await startServer();
    const { messages, reasons } = startClient(() => ({ port }));
    const peer = await first(heard);
    peer.connection.send("last word");
    peer.connection.close("enough");
    expect(peer.connection.send("too late")).toBe(false);
    expect((await first(reasons)).code).toBe("LOST");
    expect(messages).toEqual(["last word"]);
    await eventually(() => expect(peer.reason).toEqual({ code: "CLOSED", text: "enough" }));
  });

  it("drop a peer that does not read, and go on serving the others", async () => {
    const { heard, port } = await startServer();
    const deaf = await rawSocket(port);
    deaf.pause();
    const peer = await first(heard);
    const chunk = encodeFrame("x".repeat(1024 * 1024));
    let sent = 0;
    while (peer.connection.sendEncoded(chunk)) {
      sent += 1;
      expect(sent).toBeLessThan(64);
    }
    await eventually(() => expect(peer.reason?.code).toBe("OVERLOADED"));
    expect(peer.connection.isOpen).toBe(false);

    const { messages } = startClient(() => ({ port }));
    const other = await eventually(() => {
      const entry = heard[1];
      if (entry === undefined) throw new Error("not connected yet");
      return entry;
    });
    other.connection.send("still here");
    await eventually(() => expect(messages).toEqual(["still here"]));
  });

  it("say when a congested peer has read everything", async () => {
    const { heard, port } = await startServer();
    const slow = await rawSocket(port);
    slow.pause();
    const peer = await first(heard);
    const chunk = encodeFrame("x".repeat(1024 * 1024));
    // Whatever the system's own buffers take: 6 MB are more, and less than what a peer is dropped for.
    for (let n = 0; n < 6; n++) peer.connection.sendEncoded(chunk);
    expect(peer.connection.isCongested).toBe(true);
    expect(peer.drains).toBe(0);
    slow.resume();
    await eventually(() => expect(peer.drains).toBe(1));
    expect(peer.connection.isCongested).toBe(false);
  });

  it("end a connection that sends something else", async () => {
    const { heard, port } = await startServer();
    const stranger = await rawSocket(port);
    stranger.write("GET / HTTP/1.1\r\n\r\n");
    const peer = await first(heard);
    await eventually(() => expect(peer.reason?.code).toBe("FRAME"));
    expect(peer.messages).toEqual([]);
  });

  it("hear nothing any more after their own end", async () => {
    const { heard, port } = await startServer();
    const socket = await rawSocket(port);
    const peer = await first(heard);
    peer.connection.close();
    socket.write(encodeFrame("late"));
    await eventually(() => expect(peer.reason?.code).toBe("CLOSED"));
    expect(peer.messages).toEqual([]);
  });
});

describe("a frame server", () => {
  it("refuses a port that is taken", async () => {
    const { port } = await startServer();
    const second = frameServer({ onConnection: () => ({ frame: () => undefined }) });
    await expect(second.listen(port)).rejects.toThrow(/EADDRINUSE/);
  });

  it("closes although a client neither reads nor leaves, and frees its port", async () => {
    const { server, heard, port } = await startServer();
    const deaf = await rawSocket(port);
    deaf.pause();
    const peer = await first(heard);
    for (let n = 0; n < 6; n++) peer.connection.send("x".repeat(1024 * 1024));
    await server.close();
    await eventually(() => expect(peer.reason?.code).toBe("CLOSED"));
    await startServer(port);
  });
});

describe("a frame client", () => {
  it("waits for an address, and reads it anew at each attempt", async () => {
    const written: { port: number }[] = [];
    const asked = vi.fn<() => { port: number } | undefined>(() => written[0]);
    const { opened } = startClient(asked);
    await eventually(() => expect(asked.mock.calls.length).toBeGreaterThan(1));
    expect(opened()).toBe(0);
    written.push({ port: (await startServer()).port });
    await eventually(() => expect(opened()).toBe(1));
  });

  it("comes back after the server was gone, at its new port", async () => {
    const before = await startServer();
    let { port } = before;
    const { client, opened, reasons } = startClient(() => ({ port }));
    await eventually(() => expect(opened()).toBe(1));
    await before.server.close();
    await eventually(() => expect(reasons).toHaveLength(1));
    expect(client.connection).toBeUndefined();
    expect(client.send("nobody there")).toBe(false);
    const after = await startServer();
    port = after.port;
    await eventually(() => expect(opened()).toBe(2));
    client.send("again");
    await eventually(() => expect(after.heard[0]?.messages).toEqual(["again"]));
  });

  it("does not come back once it is closed", async () => {
    const { heard, port } = await startServer();
    const asked = vi.fn<() => { port: number }>(() => ({ port }));
    const { client, reasons } = startClient(asked);
    await first(heard);
    client.close();
    await eventually(() => expect(reasons).toEqual([expect.objectContaining({ code: "CLOSED" })]));
    const attempts = asked.mock.calls.length;
    await new Promise((resolve) => createServer().listen(0, "127.0.0.1").close(resolve));
    expect(asked.mock.calls.length).toBe(attempts);
  });

  it("waits longer after each failure, up to two seconds", async () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const asked = vi.fn<() => undefined>(() => undefined);
    const { client } = startClient(asked);
    const attemptsAtMs = [0, 50, 150, 350, 750, 1_550, 3_150, 5_150, 7_150];
    for (const [index, atMs] of attemptsAtMs.entries()) {
      await vi.advanceTimersByTimeAsync(atMs - (attemptsAtMs[index - 1] ?? 0));
      expect(asked).toHaveBeenCalledTimes(index + 1);
    }
    client.close();
  });
});
