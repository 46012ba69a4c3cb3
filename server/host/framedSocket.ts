/**
 * Frames over TCP on the loopback address. A peer that does not read is dropped rather than waited for
 * or buffered without end: the desk's engine writes to these sockets and must never be held up.
 */
import type { Socket } from "node:net";
import { encodeFrame, FRAME_BYTES_MAX, FrameError, FrameReader } from "./frame.ts";

export const LOOPBACK = "127.0.0.1";

/** What one peer may leave unread: some seconds of everything; more is a peer that has stopped reading. */
export const BACKLOG_BYTES_MAX = 8 * 1024 * 1024;

/** Why a connection ended: by the peer or the network, by us, for not reading, or for what it sent. */
export type CloseCode = "LOST" | "CLOSED" | "OVERLOADED" | "FRAME";

export interface CloseReason {
  readonly code: CloseCode;
  readonly text: string;
}

/** What the owner of a connection hears; each is called from the event loop, never from within `send`. */
export interface ConnectionHandlers {
  readonly frame: (message: unknown) => void;
  /** The peer has taken everything after a time of `isCongested`. */
  readonly drain?: () => void;
  readonly close?: (reason: CloseReason) => void;
}

export interface FrameConnection {
  /** More is waiting than the system takes at once: what can be conflated should wait for `drain`. */
  readonly isCongested: boolean;
  readonly isOpen: boolean;
  /** A larger frame of the peer ends the connection; less than the most there is until it is known who it is. */
  frameBytesMax: number;
  /** False when the connection has ended, or ends now because the peer does not read. */
  send(message: unknown): boolean;
  /** Of `encodeFrame`: one encoding for many connections. */
  sendEncoded(frame: Uint8Array): boolean;
  /** Ends it after what has been sent; `text` is for the own handler. */
  close(text?: string): void;
}

/** What was sent before `close` is given so long to leave; a peer that does not read would keep it for ever. */
const FAREWELL_MS = 1_000;

/** Frames over a connected socket. Data flows once this returns. */
export function frameSocket(
  socket: Socket,
  handle: (connection: FrameConnection) => ConnectionHandlers,
): FrameConnection {
  const reader = new FrameReader();
  let reason: CloseReason | undefined;

  const end = (code: CloseCode, text: string): void => {
    if (reason !== undefined) return;
    reason = { code, text };
    if (code !== "CLOSED") {
      socket.destroy();
      return;
    }
    socket.destroySoon();
    const farewell = setTimeout(() => socket.destroy(), FAREWELL_MS);
    socket.once("close", () => clearTimeout(farewell));
  };

  const sendEncoded = (frame: Uint8Array): boolean => {
    if (reason !== undefined || socket.destroyed) return false;
    socket.write(frame);
    if (socket.writableLength <= BACKLOG_BYTES_MAX) return true;
    end("OVERLOADED", `left ${socket.writableLength} bytes unread`);
    return false;
  };

  const connection: FrameConnection = {
    get isCongested() {
      return socket.writableNeedDrain;
    },
    get isOpen() {
      return reason === undefined && !socket.destroyed;
    },
    frameBytesMax: FRAME_BYTES_MAX,
    send: (message) => sendEncoded(encodeFrame(message)),
    sendEncoded,
    close: (text = "closed by its owner") => end("CLOSED", text),
  };
  const handlers = handle(connection);

  socket.setNoDelay(true);
  socket.on("data", (chunk: Buffer) => {
    if (reason !== undefined) return;
    reader.push(chunk);
    try {
      // A handler may end the connection: nothing that came after is heard.
      while (reason === undefined) {
        const next = reader.next(connection.frameBytesMax);
        if (next === undefined) return;
        handlers.frame(next.message);
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      end("FRAME", `the peer's stream ${error.message}`);
    }
  });
  socket.on("drain", () => handlers.drain?.());
  socket.on("error", (error) => end("LOST", error.message));
  socket.on("close", () => {
    reason ??= { code: "LOST", text: "the peer closed the connection" };
    handlers.close?.(reason);
  });
  return connection;
}
