/**
 * A process with the engine as its thread: what the web server is to it, without the pages. A kill takes both,
 * a stop is passed on.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";

const { home } = parseArgs({ options: { home: { type: "string" } } }).values;
const worker = new Worker(join(import.meta.dirname, "engine.mjs"), { workerData: { home } });
worker.once("exit", (code) => process.exit(code));
process.on("SIGTERM", () => worker.postMessage({ type: "stop", reason: "SIGTERM" }));
process.on("disconnect", () => worker.postMessage({ type: "stop", reason: "its parent is gone" }));
