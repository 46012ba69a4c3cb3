/** A thread of the study: a path comes in, its figures go out. */
import { parentPort } from "node:worker_threads";
import { runPath, type PathSpec } from "./path.ts";

parentPort?.on("message", (spec: PathSpec) => parentPort?.postMessage(runPath(spec)));
