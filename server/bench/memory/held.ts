/**
 * What a desk holds, without what its collectors have not come to yet: V8 lets garbage be a good part of a heap, and for
 * half an hour that looks like growth. Every isolate of every Node process is asked for a collection first, over the
 * inspector that SIGUSR1 opens on loopback, one process after the other.
 */
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import { z } from "zod";
import { UserError } from "../../contract/errors.ts";
import { readTree } from "./processTree.ts";
import { sampleMemory, type MemorySample } from "./sample.ts";

/** Node's own; each process that is asked opens and closes it. */
const INSPECTOR = "127.0.0.1:9229";

/** Another measurement on this machine may have it. */
const OPEN_WITHIN_MS = 60_000;
const ANSWER_WITHIN_MS = 10_000;
const CONNECT_WITHIN_MS = 2_000;

const NODE_PARTS: ReadonlySet<string> = new Set(["supervisor", "lab", "recorder", "web"]);

/** Of the process and all that descend of it. Rejects with a UserError when a process cannot be asked. */
export async function sampleHeld(rootPid: number): Promise<MemorySample> {
  for (const { pid, part } of readTree(rootPid)) if (NODE_PARTS.has(part)) await collect(pid);
  return sampleMemory(rootPid);
}

const Targets = z.tuple([z.object({ webSocketDebuggerUrl: z.string() })]);
const Evaluated = z.object({ result: z.object({ value: z.unknown() }) });
const Message = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.object({ sessionId: z.string(), message: z.string() }).partial().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});

async function collect(pid: number): Promise<void> {
  const inspector = await openInspector(pid);
  try {
    await inspector.send("NodeWorker.enable", { waitForDebuggerOnStart: false });
    await inspector.send("HeapProfiler.collectGarbage");
    for (const worker of inspector.workers) await inspector.send("HeapProfiler.collectGarbage", {}, worker);
    await inspector.send("NodeWorker.disable");
  } finally {
    await inspector.end();
  }
}

interface Inspector {
  /** Sessions of the process's threads. */
  readonly workers: ReadonlySet<string>;
  send(method: string, params?: object, worker?: string): Promise<unknown>;
  end(): Promise<void>;
}

async function openInspector(pid: number): Promise<Inspector> {
  for (const endsMs = performance.now() + OPEN_WITHIN_MS; performance.now() < endsMs; await sleep(250)) {
    try {
      process.kill(pid, "SIGUSR1");
    } catch (cause) {
      throw new UserError(`process ${pid} has ended while its memory was measured`, { cause });
    }
    await sleep(250);
    const url = await targetUrl();
    const inspector = url === undefined ? undefined : await connect(url);
    if (inspector === undefined) continue;
    const expression = { expression: "process.pid" };
    const answer = Evaluated.safeParse(await inspector.send("Runtime.evaluate", expression));
    if (answer.data?.result.value === pid) return inspector;
    inspector.leave();
  }
  throw new UserError(`process ${pid} opens no inspector on ${INSPECTOR}: end what else uses that port`);
}

async function targetUrl(): Promise<string | undefined> {
  try {
    const answer = await fetch(`http://${INSPECTOR}/json`, {
      signal: AbortSignal.timeout(CONNECT_WITHIN_MS),
    });
    return Targets.parse(await answer.json())[0].webSocketDebuggerUrl;
  } catch {
    // Not open yet, or closing.
    return undefined;
  }
}

async function connect(url: string): Promise<(Inspector & { leave(): void }) | undefined> {
  const socket = new WebSocket(url, { handshakeTimeout: CONNECT_WITHIN_MS });
  const closed = new Promise<void>((resolve) => void socket.once("close", resolve));
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once("open", () => resolve(true));
    socket.once("error", () => resolve(false));
  });
  if (!isOpen) return undefined;
  socket.on("error", () => socket.terminate());

  const workers = new Set<string>();
  const waiting = new Map<string, { resolve(result: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  const hear = (text: string, from: string): void => {
    // Events of other kinds are of no interest.
    const { id, method, params, result, error } = Message.safeParse(JSON.parse(text)).data ?? {};
    const asker = waiting.get(`${from} ${id}`);
    if (error !== undefined) asker?.reject(new UserError(`an inspector refuses: ${error.message}`));
    else if (id !== undefined) asker?.resolve(result);
    else if (method === "NodeWorker.attachedToWorker" && params?.sessionId !== undefined)
      workers.add(params.sessionId);
    else if (method === "NodeWorker.receivedMessageFromWorker" && params?.message !== undefined)
      hear(params.message, params.sessionId ?? "");
  };
  socket.on("message", (data: Buffer) => hear(data.toString("utf8"), ""));

  async function send(method: string, params: object = {}, worker = ""): Promise<unknown> {
    const id = ++lastId;
    const message = JSON.stringify({ id, method, params });
    const answer = new Promise<unknown>((resolve, reject) =>
      waiting.set(`${worker} ${id}`, { resolve, reject }),
    );
    if (worker === "") socket.send(message);
    else {
      const wrapped = { sessionId: worker, message };
      socket.send(
        JSON.stringify({ id: ++lastId, method: "NodeWorker.sendMessageToWorker", params: wrapped }),
      );
    }
    const late = sleep(ANSWER_WITHIN_MS, undefined, { ref: false }).then(() => {
      throw new UserError(`an inspector does not answer ${method}`);
    });
    const gone = closed.then(() => {
      throw new UserError(`an inspector has closed before it answered ${method}`);
    });
    return Promise.race([answer, gone, late]);
  }

  return {
    workers,
    send,
    leave: () => socket.terminate(),
    async end() {
      const expression = "require('node:inspector').close()";
      // It closes this connection, too, and answers no more.
      await send("Runtime.evaluate", { expression, includeCommandLineAPI: true }).catch(() => undefined);
      socket.terminate();
    },
  };
}
