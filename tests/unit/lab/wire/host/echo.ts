/**
 * A host on a port of this machine around a front-end that speaks plainly: `GET /book`, `POST /order`, sockets that
 * echo. Time is the machine's, and latency nothing unless a test wants some.
 */
import { connect as connectTcp } from "node:net";
import { WebSocket } from "ws";
import type { WireFault } from "../../../../../server/contract/wireFaults.ts";
import { createExchange } from "../../../../../server/lab/exchange/exchange.ts";
import { createVenueCore } from "../../../../../server/lab/wire/core/venueCore.ts";
import { createWireFaults } from "../../../../../server/lab/wire/host/faults.ts";
import { createVenueHost } from "../../../../../server/lab/wire/host/host.ts";
import { NO_MARKET, Turns } from "../../../../../server/lab/wire/host/turns.ts";
import type {
  FrontEndFactory,
  HttpRequest,
  ProtocolFault,
  WireSocket,
} from "../../../../../server/lab/wire/ports.ts";
import { exchangeConfig } from "../../exchange/venue.ts";
import { order } from "../core/front.ts";

const nowUs = (): number => Math.round(performance.now() * 1_000);

export interface EchoSetup {
  readonly entryMs?: number;
  readonly responseMs?: number;
  readonly feedMs?: number;
}

export async function openEcho(setup: EchoSetup = {}) {
  const requests: HttpRequest[] = [];
  const sockets: WireSocket[] = [];
  const passed: ProtocolFault[] = [];
  const logged: string[] = [];
  const counts = { closed: 0 };
  const front: FrontEndFactory = (core) => ({
    http(request) {
      requests.push(request);
      if (request.path === "/fails") throw new Error("a defect");
      if (request.path === "/order") {
        core.place(0, order(request.query, "buy", 100, 1));
        return { status: 200, body: JSON.stringify({ placed: request.query }) };
      }
      const open = core.openOrders(0).map(({ clientId }) => clientId);
      return {
        status: 200,
        headers: { "x-weight": "1" },
        body: JSON.stringify({ open, atUs: core.nowUs() }),
      };
    },
    connect(socket) {
      if (!socket.path.startsWith("/stream")) return undefined;
      sockets.push(socket);
      return {
        message(text) {
          if (text === "fail") throw new Error("a defect");
          if (text.startsWith("order ")) core.place(0, order(text.slice(6), "buy", 100, 1));
          socket.send(`re ${text}`, "answer");
        },
        closed: () => void counts.closed++,
      };
    },
    public: () => undefined,
    private: (_, report) => {
      for (const socket of sockets) socket.send(`report ${report.clientId}`, "report");
    },
    moved: () => undefined,
    listed: () => undefined,
    tick: () => undefined,
    fault: (fault) => void passed.push(fault),
  });
  const time = new Turns({
    clock: { nowUs },
    market: NO_MARKET,
    makeSafe: () => undefined,
    afterTurn: () => undefined,
  });
  time.start();
  const faults = createWireFaults(nowUs);
  const config = exchangeConfig();
  const core = createVenueCore({
    venue: "v",
    config,
    accounts: [0],
    exchange: createExchange({ config, accounts: [0] }),
    nowUs: () => nowUs() + faults.skewUs(),
    steadyUs: nowUs,
    keys: [],
    limits: "lifted",
  });
  core.deposit(0, "USDT", 10n ** 15n);
  const { entryMs = 0, responseMs = 0, feedMs = 0 } = setup;
  const note = (text: string): void => void logged.push(text);
  const host = createVenueHost({
    core,
    front,
    faults,
    time,
    latencyUs: {
      entry: () => entryMs * 1_000,
      response: () => responseMs * 1_000,
      feed: () => feedMs * 1_000,
    },
    log: { info: note, warn: note, error: note },
  });
  const port = await host.listen(0);
  const clients: Client[] = [];
  return {
    host,
    core,
    port,
    requests,
    sockets,
    passed,
    logged,
    counts,
    fault: (fault: WireFault) => host.fault(fault),
    /** Status and text, or the code of the error. */
    async ask(path: string, init: RequestInit = {}): Promise<string> {
      try {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, init);
        return `${answer.status} ${await answer.text()}`;
      } catch (error) {
        const cause = error instanceof Error ? error.cause : undefined;
        return cause instanceof Error && "code" in cause ? String(cause.code) : String(error);
      }
    },
    /** Sends bytes, and returns the first line of what comes back until the other side closes. */
    raw: (bytes: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connectTcp(port, "127.0.0.1", () => socket.write(bytes));
        let text = "";
        socket.on("data", (chunk) => (text += chunk.toString()));
        socket.on("error", reject);
        socket.on("close", () => resolve(text.split("\r\n")[0] ?? ""));
      }),
    async client(path = "/stream"): Promise<Client> {
      const client = await openClient(`ws://127.0.0.1:${port}${path}`);
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) client.close();
      await host.close();
      time.stop();
    },
  };
}

export interface Client {
  send(text: string): void;
  /** Resolves with the next message, in order. */
  next(): Promise<string>;
  /** What has come and was not asked for yet. */
  readonly waiting: readonly string[];
  readonly closed: Promise<number>;
  close(): void;
}

function openClient(url: string): Promise<Client> {
  const socket = new WebSocket(url);
  const waiting: string[] = [];
  let wanted: ((text: string) => void) | undefined;
  let say: (code: number) => void = () => undefined;
  const closed = new Promise<number>((resolve) => (say = resolve));
  socket.on("message", (data: Buffer) => {
    const text = data.toString("utf8");
    if (wanted === undefined) return void waiting.push(text);
    const give = wanted;
    wanted = undefined;
    give(text);
  });
  socket.on("close", (code) => say(code));
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () =>
      resolve({
        send: (text) => socket.send(text),
        next: () =>
          new Promise((give) => {
            const text = waiting.shift();
            if (text === undefined) wanted = give;
            else give(text);
          }),
        waiting,
        closed,
        close: () => socket.terminate(),
      }),
    );
  });
}
