/** Entry of a gateway thread: one venue account, spoken to by messages. */
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { createClock } from "../../../host/clock.ts";
import type { FromGateway, GatewayOptions, ToGateway } from "../ports.ts";
import { describeError } from "./describeError.ts";
import { createGateway } from "./gateway.ts";

if (isMainThread || parentPort === null) throw new Error("a gateway runs as a thread of an engine");
const port = parentPort;
const options = workerData as GatewayOptions;
const clock = createClock(options.clock);
const monotonic = process.hrtime.bigint();
const gateway = createGateway(options, {
  nowUs: () => clock.nowUs(),
  monotonicMs: () => Number((process.hrtime.bigint() - monotonic) / 1_000n) / 1_000,
  post: (message: FromGateway) => port.postMessage(message),
});

// ccxt drops promises of its sockets: without this, one of them would end the thread, and its venue with it.
process.on("unhandledRejection", (error) => gateway.failed(error));

port.on("message", (message: ToGateway) => {
  if (message.type !== "close") return gateway.hear(message);
  void gateway.close().then(() => {
    port.postMessage({ type: "closed" } satisfies FromGateway);
    port.close();
  });
});

// Out of any promise it ends the thread, and the engine starts another: a side that never began would stay dead.
gateway.start().catch((error: unknown) =>
  setImmediate(() => {
    throw new Error(describeError(error));
  }),
);
