/** A TCP proxy on the way from a browser to the desk: it can be cut, and joined again. */
import { connect, createServer, type Socket } from "node:net";

export interface Proxy {
  readonly origin: string;
  /** Ends what is open, and everything that comes. */
  cut(): void;
  join(): void;
  close(): Promise<void>;
}

export async function openProxy(targetPort: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((socket) => {
    if (isCut) {
      socket.destroy();
      return;
    }
    const target = connect(targetPort, "127.0.0.1");
    for (const [one, other] of [
      [socket, target],
      [target, socket],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address instanceof Object) resolve(address.port);
      else reject(new Error("the proxy has no port"));
    });
  });
  const end = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    cut: end,
    join: () => (isCut = false),
    close: () =>
      new Promise((resolve) => {
        end();
        server.close(() => resolve());
      }),
  };
}
