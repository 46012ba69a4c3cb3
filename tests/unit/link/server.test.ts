import { connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { UserError } from "../../../server/contract/errors.ts";
import { LINK_PROTOCOL, LOG_RING_MAX, type ServerFrame } from "../../../server/contract/link.ts";
import { encodeFrame } from "../../../server/host/frame.ts";
import { frameSocket, type CloseReason, type FrameConnection } from "../../../server/host/framedSocket.ts";
import { temporaryHome } from "../host/fixture.ts";
import { deskView, notices, ringsOf, sequence, startEngineEnd } from "./fixture.ts";
import { eventually } from "../../support/eventually.ts";

interface Peer {
  readonly socket: Socket;
  readonly connection: FrameConnection;
  readonly frames: ServerFrame[];
  readonly reasons: CloseReason[];
}

/** A client that speaks the protocol frame by frame. */
async function startPeer(port: number): Promise<Peer> {
  const socket = connect({ host: "127.0.0.1", port });
  onTestFinished(() => {
    socket.destroy();
  });
  await new Promise((resolve) => socket.once("connect", resolve));
  const frames: ServerFrame[] = [];
  const reasons: CloseReason[] = [];
  const connection = frameSocket(socket, () => ({
    frame: (message) => frames.push(message as ServerFrame),
    close: (reason) => reasons.push(reason),
  }));
  return { socket, connection, frames, reasons };
}

const HELLO = { type: "hello", protocol: LINK_PROTOCOL, client: "peer" };

async function welcomed(engine: { readonly port: number; readonly token: string }): Promise<Peer> {
  const peer = await startPeer(engine.port);
  peer.connection.send({ ...HELLO, token: engine.token });
  await eventually(() => expect(peer.frames).toHaveLength(1));
  return peer;
}

function statesOf(peer: Peer): unknown[] {
  return peer.frames.flatMap((frame) => (frame.type === "state" ? [frame.value] : []));
}

function seqsOf(peer: Peer): number[] {
  return peer.frames.flatMap((frame) =>
    frame.type === "lines" ? frame.lines.map((line) => line.cursor.seq) : [],
  );
}

/** Fills the peer's connection and the system's buffers, so that what follows has to wait. */
function congest(peer: Peer, publish: () => void): void {
  peer.socket.pause();
  for (let n = 0; n < 200; n++) publish();
}

describe("who may talk to the engine", () => {
  it("is welcomed with epoch and profile", async () => {
    const engine = await startEngineEnd(temporaryHome(), { epoch: 7 });
    const peer = await welcomed(engine);
    expect(peer.frames).toEqual([{ type: "welcome", epoch: 7, profile: "demo" }]);
    expect(engine.server.clients()).toBe(1);
  });

  const strangers = [
    { name: "has another token", frame: { ...HELLO, token: "guess" }, code: "TOKEN" },
    { name: "speaks another protocol", frame: { ...HELLO, protocol: 99, token: "guess" }, code: "PROTOCOL" },
    { name: "does not begin with a hello", frame: { type: "subscribe", topic: "desk" }, code: "FRAME" },
    { name: "sends what is no frame", frame: { type: "hello" }, code: "FRAME" },
  ];
  for (const { name, frame, code } of strangers)
    it(`is refused when it ${name}, and its connection ends`, async () => {
      const engine = await startEngineEnd(temporaryHome());
      const peer = await startPeer(engine.port);
      peer.connection.send(frame);
      await eventually(() => expect(peer.reasons).toHaveLength(1));
      expect(peer.frames).toEqual([expect.objectContaining({ type: "refused", code })]);
      expect(engine.server.clients()).toBe(0);
    });

  it("is dropped when it says nothing", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const engine = await startEngineEnd(temporaryHome());
    const peer = await startPeer(engine.port);
    // The server has taken the connection once it has answered another.
    const other = await startPeer(engine.port);
    other.connection.send({ ...HELLO, token: engine.token });
    while (other.frames.length === 0) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(2_000);
    while (peer.reasons.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(peer.frames).toEqual([]);
    expect(other.reasons).toEqual([]);
  });

  it("is dropped when it announces more than a hello before its token was taken, and only then", async () => {
    // It is not the hello's deadline that ends it.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const engine = await startEngineEnd(temporaryHome());
    const stranger = await startPeer(engine.port);
    // The announcement alone: nothing of the frame itself is waited for.
    stranger.socket.write(Buffer.from([0, 0, 0x10, 0x01]));
    while (stranger.reasons.length === 0) await new Promise((resolve) => setImmediate(resolve));
    vi.useRealTimers();
    const peer = await welcomed(engine);
    const changes = Array.from({ length: 200 }, () => ({
      scope: { level: "desk" },
      name: "spreadMultiplier",
      value: 1,
    }));
    const command = { type: "setParameters", expectedVersion: 1, changes };
    peer.connection.send({ type: "command", commandId: "12345678", actor: "a", reason: "r", command });
    await eventually(() => expect(engine.commands).toHaveLength(1));
    expect(peer.reasons).toEqual([]);
  });

  it("is dropped when it breaks the protocol later", async () => {
    const engine = await startEngineEnd(temporaryHome());
    for (const frame of [
      { ...HELLO, token: engine.token },
      { type: "subscribe", topic: "nothing" },
      {
        type: "command",
        commandId: "short",
        actor: "a",
        reason: "r",
        command: { type: "arm", scope: { level: "desk" } },
      },
    ]) {
      const peer = await welcomed(engine);
      peer.connection.send(frame);
      await eventually(() => expect(peer.reasons).toHaveLength(1));
      expect(peer.frames[1]).toMatchObject({ type: "refused", code: "FRAME" });
    }
    expect(engine.commands).toEqual([]);
  });
});

describe("questions and commands", () => {
  it("are answered each on its own", async () => {
    const engine = await startEngineEnd(temporaryHome(), {
      onQuestion({ ask }) {
        if (ask === "shape") throw new UserError("not yet: wait for the first book");
        if (ask === "system") throw new Error("a defect");
        return { version: 3n };
      },
    });
    const peer = await welcomed(engine);
    for (const [id, ask] of ["parameters", "shape", "system"].entries())
      peer.connection.send({ type: "question", id, question: { ask } });
    await eventually(() => expect(peer.frames).toHaveLength(4));
    expect(peer.frames.slice(1)).toEqual([
      { type: "answer", id: 0, value: { version: 3n } },
      { type: "noAnswer", id: 1, code: "REFUSED", text: "not yet: wait for the first book" },
      { type: "noAnswer", id: 2, code: "DEFECT", text: expect.any(String) },
    ]);
    expect(engine.logged.join()).toContain("a defect");
  });

  it("that fail for a command end the connection: nobody knows whether it happened", async () => {
    const engine = await startEngineEnd(temporaryHome(), {
      onCommand: () => Promise.reject(new Error("a defect")),
    });
    const peer = await welcomed(engine);
    const command = { type: "arm", scope: { level: "desk" } };
    peer.connection.send({ type: "command", commandId: "12345678", actor: "a", reason: "r", command });
    await eventually(() => expect(peer.reasons).toHaveLength(1));
    expect(peer.frames).toHaveLength(1);
    expect(engine.logged.join()).toContain("a defect");
  });
});

describe("state topics", () => {
  it("give the current value at once, then what is published, until the end of the watching", async () => {
    const engine = await startEngineEnd(temporaryHome(), { current: (topic) => `${topic} now` });
    const peer = await welcomed(engine);
    expect(engine.server.hasWatchers("market BTC")).toBe(false);
    peer.connection.send({ type: "subscribe", topic: "market BTC" });
    await eventually(() => expect(statesOf(peer)).toEqual(["market BTC now"]));
    expect(engine.server.hasWatchers("market BTC")).toBe(true);
    expect(engine.server.hasWatchers("desk")).toBe(false);
    engine.server.publishState("desk", deskView());
    engine.server.publishState("market BTC", "later");
    await eventually(() => expect(statesOf(peer)).toEqual(["market BTC now", "later"]));
    peer.connection.send({ type: "unsubscribe", topic: "market BTC" });
    await eventually(() => expect(engine.server.hasWatchers("market BTC")).toBe(false));
  });

  it("reach a client that reads again as the latest value alone", async () => {
    const engine = await startEngineEnd(temporaryHome());
    const slow = await welcomed(engine);
    const quick = await welcomed(engine);
    for (const peer of [slow, quick]) peer.connection.send({ type: "subscribe", topic: "desk" });
    await eventually(() => expect(engine.server.hasWatchers("desk")).toBe(true));
    const padding = "x".repeat(100_000);
    let published = 0;
    congest(slow, () => engine.server.publishState("desk", { n: (published += 1), padding }));
    engine.server.publishState("desk", { n: -1, padding: "" });
    const last = (peer: Peer) => (statesOf(peer).at(-1) as { n: number } | undefined)?.n;
    await eventually(() => expect(last(quick)).toBe(-1));
    slow.socket.resume();
    await eventually(() => expect(last(slow)).toBe(-1));
    // 20 MB were published: had they been kept for it, it would have been dropped as overloaded.
    expect(statesOf(slow).length).toBeLessThan(published);
    expect(slow.reasons).toEqual([]);
  });

  it("cannot be watched without end", async () => {
    const engine = await startEngineEnd(temporaryHome());
    const peer = await welcomed(engine);
    for (let n = 0; n <= 128; n++) peer.connection.send({ type: "subscribe", topic: `market M${n}` });
    await eventually(() => expect(peer.reasons).toHaveLength(1));
    expect(peer.frames.at(-1)).toMatchObject({ type: "refused", code: "FRAME" });
  });
});

describe("log topics", () => {
  it("give the lines after a cursor, then those that come, each once", async () => {
    const engine = await startEngineEnd(temporaryHome());
    engine.server.publishLines(notices(1, 2_000));
    const peer = await welcomed(engine);
    peer.connection.send({ type: "subscribe", topic: "alerts", after: { epoch: 1, seq: 500, at: 0 } });
    for (let seq = 2_001; seq <= 3_000; seq++) {
      engine.server.publishLines(notices(seq, seq));
      if (seq % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually(() => expect(seqsOf(peer)).toEqual(sequence(501, 3_000)));
  });

  it("say where they begin when the cursor is older than what is kept", async () => {
    const engine = await startEngineEnd(temporaryHome());
    engine.server.seedLines(ringsOf(notices(101, 103, 2), { epoch: 2, seq: 100, at: 4 }));
    const peer = await welcomed(engine);
    peer.connection.send({ type: "subscribe", topic: "alerts", after: { epoch: 1, seq: 9, at: 0 } });
    await eventually(() => expect(seqsOf(peer)).toEqual([101, 102, 103]));
    expect(peer.frames[1]).toEqual({
      type: "resync",
      topic: "alerts",
      oldest: { epoch: 2, seq: 100, at: 5 },
    });
  });

  it("need no resynchronisation from the cursor that a seed begins after, nor for a desk that is new", async () => {
    const engine = await startEngineEnd(temporaryHome());
    engine.server.seedLines(ringsOf([], { epoch: 2, seq: 100, at: 4 }));
    const peer = await welcomed(engine);
    peer.connection.send({ type: "subscribe", topic: "alerts", after: { epoch: 2, seq: 100, at: 4 } });
    const fresh = await startEngineEnd(temporaryHome());
    const other = await welcomed(fresh);
    other.connection.send({ type: "subscribe", topic: "alerts", after: { epoch: 0, seq: 0, at: 0 } });
    for (const [end, client] of [
      [engine, peer],
      [fresh, other],
    ] as const) {
      client.connection.send({ type: "question", id: 1, question: { ask: "shape" } });
      await eventually(() => expect(client.frames.at(-1)?.type).toBe("answer"));
      end.server.publishLines(notices(101, 101, 2));
      await eventually(() => expect(seqsOf(client)).toEqual([101]));
      expect(client.frames.some(({ type }) => type === "resync")).toBe(false);
    }
  });

  it("wait in the ring for a client that does not read, and are complete when it does", async () => {
    const engine = await startEngineEnd(temporaryHome());
    const peer = await welcomed(engine);
    for (const topic of ["desk", "alerts"]) peer.connection.send({ type: "subscribe", topic });
    await eventually(() => expect(engine.server.hasWatchers("desk")).toBe(true));
    congest(peer, () => engine.server.publishState("desk", "x".repeat(100_000)));
    for (let seq = 1; seq <= 5_000; seq++) engine.server.publishLines(notices(seq, seq));
    expect(seqsOf(peer)).toEqual([]);
    peer.socket.resume();
    await eventually(() => expect(seqsOf(peer)).toEqual(sequence(1, 5_000)));
  });

  it("tell a client that the ring has overtaken, and go on from what is kept", async () => {
    const engine = await startEngineEnd(temporaryHome());
    const peer = await welcomed(engine);
    for (const topic of ["desk", "alerts"]) peer.connection.send({ type: "subscribe", topic });
    await eventually(() => expect(engine.server.hasWatchers("desk")).toBe(true));
    congest(peer, () => engine.server.publishState("desk", "x".repeat(100_000)));
    engine.server.publishLines(notices(1, LOG_RING_MAX));
    engine.server.publishLines(notices(LOG_RING_MAX + 1, 2 * LOG_RING_MAX));
    peer.socket.resume();
    await eventually(() => expect(seqsOf(peer)).toEqual(sequence(LOG_RING_MAX + 1, 2 * LOG_RING_MAX)));
    const oldest = { epoch: 1, seq: LOG_RING_MAX, at: 1 };
    expect(peer.frames).toContainEqual({ type: "resync", topic: "alerts", oldest });
  });

  it("leave out lines that belong to none", async () => {
    const engine = await startEngineEnd(temporaryHome());
    const peer = await welcomed(engine);
    for (const topic of ["fills", "orders", "alerts", "audit"])
      peer.connection.send({ type: "subscribe", topic });
    peer.connection.send({ type: "question", id: 1, question: { ask: "shape" } });
    await eventually(() => expect(peer.frames.at(-1)?.type).toBe("answer"));
    const cursor = { epoch: 1, seq: 1, at: 0 };
    engine.server.publishLines([
      {
        type: "balance",
        cursor,
        atUs: 1,
        account: "a",
        asset: "BTC",
        decimals: 8,
        balanceAtoms: 1n,
        baselineAtoms: 1n,
      },
      ...notices(2, 2),
    ]);
    await eventually(() => expect(seqsOf(peer)).toEqual([2]));
  });
});

it("an engine end that drops an overloaded client says so in its log", async () => {
  const engine = await startEngineEnd(temporaryHome(), { onQuestion: () => "x".repeat(1024 * 1024) });
  const peer = await welcomed(engine);
  peer.socket.pause();
  const question = encodeFrame({ type: "question", id: 1, question: { ask: "shape" } });
  for (let n = 0; n < 64; n++) peer.connection.sendEncoded(question);
  await eventually(() => expect(engine.server.clients()).toBe(0));
  expect(engine.logged.join()).toContain("OVERLOADED");
});
