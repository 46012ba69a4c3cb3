/** Listens for framed connections on the loopback address; who may talk is the owner's to check. */
import { createServer } from "node:net";
import { frameSocket, LOOPBACK, type ConnectionHandlers, type FrameConnection } from "./framedSocket.ts";

/** Pages, command lines and tests of one desk; more is a client that connects without end. */
const CONNECTIONS_MAX = 128;

export interface FrameServer {
  /** Resolves with the port; 0 or none: one that the system chooses. */
  listen(port?: number): Promise<number>;
  /** Ends every connection; resolves when the port is free. */
  close(): Promise<void>;
}

export function frameServer({
  onConnection,
}: {
  /** Returns what hears the connection. */
  readonly onConnection: (connection: FrameConnection) => ConnectionHandlers;
}): FrameServer {
  const connections = new Set<FrameConnection>();
  const server = createServer((socket) => {
    const connection = frameSocket(socket, onConnection);
    connections.add(connection);
    socket.once("close", () => connections.delete(connection));
  });
  server.maxConnections = CONNECTIONS_MAX;

  return {
    listen: (port = 0) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, LOOPBACK, () => {
          server.off("error", reject);
          const address = server.address();
          if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
          resolve(address.port);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.close("the server stops");
      }),
  };
}
