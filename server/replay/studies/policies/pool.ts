/** Paths on worker threads: each takes the next one as soon as it has ended its last, so that none waits. */
import { Worker } from "node:worker_threads";
import { runPath, type PathResult, type PathSpec } from "./path.ts";

export interface PoolOptions {
  /** 0: in this thread, one after the other. */
  readonly threads: number;
  readonly onDone: (done: number) => void;
}

/** Results in the order of the specs, however many threads computed them. */
export async function runPaths(
  specs: readonly PathSpec[],
  { threads, onDone }: PoolOptions,
): Promise<PathResult[]> {
  if (threads === 0)
    return specs.map((spec, at) => {
      const result = runPath(spec);
      onDone(at + 1);
      return result;
    });
  const results: (PathResult | undefined)[] = specs.map(() => undefined);
  let next = 0;
  let done = 0;
  const work = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      let at = -1;
      const take = (): void => {
        at = next++;
        const spec = specs[at];
        if (spec === undefined) resolve();
        else worker.postMessage(spec);
      };
      worker.on("message", (result: PathResult) => {
        results[at] = result;
        onDone(++done);
        take();
      });
      worker.once("error", reject);
      worker.once("exit", (code) => reject(new Error(`a worker of the study ended with code ${code}`)));
      take();
    });
  const workers = Array.from({ length: Math.min(threads, specs.length) }, startWorker);
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results.map((result, at) => {
    if (result === undefined) throw new Error(`invariant: path ${at} was never run`);
    return result;
  });
}

/** A thread begins without the loader of TypeScript, which registers itself in the main one only. */
const BOOT = `
const { loader, entry } = require("node:worker_threads").workerData;
import(loader).then(({ register }) => { register(); return import(entry); });
`;

function startWorker(): Worker {
  const loader = import.meta.resolve("tsx/esm/api");
  const entry = new URL("./worker.ts", import.meta.url).href;
  return new Worker(BOOT, { eval: true, workerData: { loader, entry } });
}
