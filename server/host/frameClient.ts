/** A framed connection that comes back by itself: the address is read anew at each attempt. */
import { connect as connectSocket, type Socket } from "node:net";
import { frameSocket, LOOPBACK, type CloseReason, type FrameConnection } from "./framedSocket.ts";

/** A server that restarts is back within a second; asking every 2 s costs nothing. */
export const RETRY_FIRST_MS = 50;
export const RETRY_MAX_MS = 2_000;

/** A connection that lasted so long was a good one: the next attempt begins with the short wait again. */
const GOOD_AFTER_MS = 2_000;

export interface FrameClient {
  readonly connection: FrameConnection | undefined;
  /** False when there is no connection to send on. */
  send(message: unknown): boolean;
  close(): void;
}

export interface FrameClientOptions {
  /** Where to connect now; undefined: nobody listens yet. */
  readonly address: () => { readonly port: number } | undefined;
  readonly onOpen: (connection: FrameConnection) => void;
  readonly onFrame: (message: unknown, connection: FrameConnection) => void;
  readonly onDrain?: () => void;
  /** The end of a connection that was open. */
  readonly onClose: (reason: CloseReason) => void;
}

export function frameClient(options: FrameClientOptions): FrameClient {
  let connection: FrameConnection | undefined;
  let socket: Socket | undefined;
  let retryMs = RETRY_FIRST_MS;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const retry = (): void => {
    if (isClosed) return;
    timer = setTimeout(attempt, retryMs);
    retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
  };

  const attempt = (): void => {
    const address = options.address();
    if (address === undefined) return retry();
    let good: NodeJS.Timeout | undefined;
    const attempted = connectSocket({ host: LOOPBACK, port: address.port });
    socket = attempted;
    // Nobody listens there: tried again once it has closed. After "connect" the connection hears of errors, too.
    attempted.on("error", () => undefined);
    attempted.once("connect", () => {
      // Where nobody listens the system may connect a loopback socket to itself.
      if (attempted.localPort === address.port) return attempted.destroy();
      good = setTimeout(() => (retryMs = RETRY_FIRST_MS), GOOD_AFTER_MS);
      connection = frameSocket(attempted, (opened) => ({
        frame: (message) => options.onFrame(message, opened),
        drain: () => options.onDrain?.(),
        close: (reason) => {
          connection = undefined;
          options.onClose(reason);
        },
      }));
      options.onOpen(connection);
    });
    attempted.once("close", () => {
      clearTimeout(good);
      retry();
    });
  };

  attempt();
  return {
    get connection() {
      return connection;
    },
    send: (message) => connection?.send(message) ?? false,
    close() {
      isClosed = true;
      clearTimeout(timer);
      if (connection === undefined) socket?.destroy();
      else connection.close();
    },
  };
}
