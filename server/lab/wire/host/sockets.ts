/** The WebSocket side of one venue: messages both ways in order, each kind after its latency, and what befalls them. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { RawData, WebSocket } from "ws";
import type { Log } from "../../../host/log.ts";
import type { FrontEnd, SocketHandler } from "../ports.ts";
import { parseTarget, type Target } from "./address.ts";
import { concerns } from "./faults.ts";
import type { EventFault, StreamKind, WireFaults } from "./faults.ts";
import { createLane } from "./time.ts";
import type { HostTime, Lane } from "./time.ts";

/** Of one message: a batch of 20 orders has some 6 kB. */
const MESSAGE_MAX_BYTES = 262_144;

/** A client that reads slower than this much behind is cut off, as venues do. */
const BUFFERED_MAX_BYTES = 8_388_608;

/** How long a report may wait for the one that is to overtake it. */
const REORDER_WAIT_MAX_US = 1_000_000;

export interface SocketSideOptions {
  readonly front: FrontEnd;
  readonly faults: WireFaults;
  readonly time: HostTime;
  readonly latencyUs: Readonly<Record<"feed" | "entry" | "response", () => number>>;
  readonly log: Log;
}

export interface SocketSide {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends at once the connections that have carried this. */
  disconnect(of: "feed" | "report" | "all"): void;
  readonly size: number;
  close(): void;
}

interface Connection {
  readonly carried: Set<StreamKind>;
  open(socket: WebSocket): void;
  /** The client never came, or is gone. */
  gone(): void;
  terminate(): void;
}

export function createSocketSide(options: SocketSideOptions): SocketSide {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_MAX_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const connections = new Set<Connection>();
  return {
    upgrade(request, socket, head) {
      const target = parseTarget(request.url);
      const connection = target === undefined ? undefined : connect(target, options, connections);
      if (connection === undefined) return refuse(socket);
      connections.add(connection);
      let isOpen = false;
      server.handleUpgrade(request, socket, head, (opened) => {
        isOpen = true;
        connection.open(opened);
      });
      // A handshake that is none was answered with 400 before this returns.
      if (!isOpen) connection.gone();
    },
    disconnect(of) {
      for (const connection of [...connections]) if (concerns(of, connection.carried)) connection.terminate();
    },
    get size() {
      return connections.size;
    },
    close() {
      for (const connection of [...connections]) connection.terminate();
      server.close();
    },
  };
}

/** Undefined: the venue serves no socket at this path. */
function connect(
  { path, query }: Target,
  { front, faults, time, latencyUs, log }: SocketSideOptions,
  connections: Set<Connection>,
): Connection | undefined {
  const carried = new Set<StreamKind>();
  const lanes: Record<StreamKind | "entry", Lane> = {
    feed: createLane(time, latencyUs.feed),
    report: createLane(time, latencyUs.response),
    answer: createLane(time, latencyUs.response),
    entry: createLane(time, latencyUs.entry),
  };
  let socket: WebSocket | undefined;
  let isGone = false;
  let isMute = false;
  let held: (() => void) | undefined;

  function send(text: string, kind: StreamKind): void {
    if (isGone || (kind === "answer" && isMute)) return;
    const slowUs = kind === "feed" && !carried.has("feed") ? faults.slowUs() : 0;
    carried.add(kind);
    const put = (): void => lanes[kind].send(() => leave(text), slowUs);
    if (kind === "report") report(put, text, faults.takeEvent());
    else put();
  }

  /** One that is held leaves behind the next. */
  function report(put: () => void, text: string, fault: EventFault | undefined): void {
    const before = held;
    held = undefined;
    switch (fault?.kind) {
      case "lateEvent":
        lanes.report.sendApart(() => leave(text), fault.delayMs * 1_000);
        break;
      case "reorderedEvents":
        held = put;
        time.at(time.nowUs() + REORDER_WAIT_MAX_US, () => {
          if (held !== put) return;
          held = undefined;
          put();
        });
        break;
      case "duplicateEvent":
        put();
        put();
        break;
      case undefined:
        put();
    }
    before?.();
  }

  function leave(text: string): void {
    if (isGone || faults.isSilent(carried)) return;
    time.whenSafe(() => {
      if (isGone || socket === undefined) return;
      if (socket.bufferedAmount > BUFFERED_MAX_BYTES) return terminate();
      socket.send(text);
    });
  }

  function hear(text: string): void {
    if (isGone) return;
    const fault = faults.takeRequest(text);
    if (fault === "lostRequest") return terminate();
    isMute = fault !== undefined;
    try {
      handler?.message(text);
    } catch (error) {
      log.error("a front-end failed at a message", { path, error });
      close(1011, "");
    } finally {
      isMute = false;
    }
    if (fault === "lostAnswer") terminate();
  }

  function close(code: number, reason: string): void {
    lanes.answer.send(() => time.whenSafe(() => socket?.close(code, reason)));
  }

  function gone(): void {
    if (isGone) return;
    isGone = true;
    connections.delete(connection);
    handler?.closed();
  }

  function terminate(): void {
    socket?.terminate();
    gone();
  }

  const connection: Connection = {
    carried,
    open(opened) {
      socket = opened;
      opened.on("message", (data: RawData) => {
        const text = textOf(data);
        lanes.entry.send(() => hear(text));
      });
      opened.on("close", gone);
      opened.on("error", () => opened.terminate());
    },
    gone,
    terminate,
  };
  const handler: SocketHandler | undefined = front.connect({ path, query, send, close });
  return handler === undefined ? undefined : connection;
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return data instanceof ArrayBuffer ? Buffer.from(data).toString("utf8") : data.toString("utf8");
}

function refuse(socket: Duplex): void {
  socket.on("error", () => undefined);
  socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
}
