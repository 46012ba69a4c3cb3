/** The floor of a machine at this moment: an echo over loopback. A noisy floor voids what is measured above it. */
import { createServer, connect, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";
import { distributionOf, type Distribution } from "./measure.ts";

const ROUNDS = 2_000;
const WARM_UP = 500;

export async function measureFloor(): Promise<Distribution> {
  const server = createServer((socket) => socket.setNoDelay(true).pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").setNoDelay(true);
  await once(socket, "connect");
  try {
    const durations = new Float64Array(ROUNDS);
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      const ns = await echo(socket);
      if (round >= 0) durations[round] = ns;
    }
    return distributionOf("loopback-echo", durations);
  } finally {
    socket.destroy();
    server.close();
  }
}

async function echo(socket: Socket): Promise<number> {
  const startedNs = process.hrtime.bigint();
  const answered = once(socket, "data");
  socket.write("x");
  await answered;
  return Number(process.hrtime.bigint() - startedNs);
}
