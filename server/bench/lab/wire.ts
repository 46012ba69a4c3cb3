/** What a venue on the wire answers in a second: signatures, protocol, matching and store, the market beside it. */
import { Worker } from "node:worker_threads";
import { UserError } from "../../contract/errors.ts";
import { createLog } from "../../host/log.ts";
import { loneDesk, startLoneLab } from "../../lab/service/alone.ts";
import type { WireLoad, WireLoadResult } from "./wireLoad.ts";

const WARM_UP_MS = 2_000;
const MEASURE_MS = 8_000;

/** Order requests in a second, orders and cancels alike. The venue's limits are lifted. */
export async function measureWire(way: WireLoad["way"]): Promise<number> {
  const lab = await startLoneLab(loneDesk(1), createLog("lab"), { limits: "lifted" });
  try {
    const target = lab.venues.find(({ venue }) => way.startsWith(venue));
    const key = target?.keys.find(({ holder }) => holder === "desk");
    if (target === undefined || key === undefined) throw new Error(`invariant: nobody trades at ${way}`);
    const { apiKey, secret, passphrase } = key;
    const { done, refused, elapsedMs } = await runLoad({
      way,
      port: Number(new URL(target.origin).port),
      apiKey,
      secret,
      passphrase,
      warmUpMs: WARM_UP_MS,
      measureMs: MEASURE_MS,
    });
    if (refused > 0) throw new UserError(`${way} refused ${refused} of ${done + refused} requests`);
    return Math.round((done * 1_000) / elapsedMs);
  } finally {
    await lab.stop();
  }
}

/** A thread begins without the loader of TypeScript, which registers itself in the main one only. */
const BOOT = `
const { loader, entry, load } = require("node:worker_threads").workerData;
require("node:worker_threads").workerData = load;
import(loader).then(({ register }) => { register(); return import(entry); });
`;

function runLoad(load: WireLoad): Promise<WireLoadResult> {
  const loader = import.meta.resolve("tsx/esm/api");
  const entry = new URL("./wireLoad.ts", import.meta.url).href;
  const worker = new Worker(BOOT, { eval: true, workerData: { loader, entry, load } });
  return new Promise((resolve, reject) => {
    worker.once("message", (result: WireLoadResult) => {
      resolve(result);
      void worker.terminate();
    });
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the load ended without a result")));
  });
}
