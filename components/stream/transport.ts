"use client";

import { sessionKey } from "../session/key.ts";
import { WORKER_NAME, WORKER_URL, type TabMessage, type TabRequest } from "./protocol.ts";
import { createLiveStore, type LiveStore } from "./store.ts";

/** Tells the worker that the tab lives. */
const ALIVE_EVERY_MS = 20_000;

/** Connects this tab to the browser's one stream. Never called on the server. */
export function connectLive(): { readonly store: LiveStore; readonly close: () => void } {
  let topics: readonly string[] = [];
  const say = (): void => send({ type: "want", topics, key: sessionKey() });
  const { store, receive } = createLiveStore({
    nextFrame: (flush) => void requestAnimationFrame(flush),
    want: (next) => {
      topics = next;
      say();
    },
    nowMs: () => Date.now(),
  });
  const send = "SharedWorker" in globalThis ? toWorker(receive) : toPolling(receive);

  const alive = setInterval(say, ALIVE_EVERY_MS);
  const bye = (): void => send({ type: "bye" });
  // `pageshow` comes after a return from the back-forward cache, when the worker has let go of this tab.
  addEventListener("pagehide", bye);
  addEventListener("pageshow", say);
  // Another tab has signed in or out.
  addEventListener("storage", say);
  return {
    store,
    close: () => {
      clearInterval(alive);
      removeEventListener("pagehide", bye);
      removeEventListener("pageshow", say);
      removeEventListener("storage", say);
      bye();
    },
  };
}

type Send = (request: TabRequest) => void;

function toWorker(receive: (message: TabMessage) => void): Send {
  const worker = new SharedWorker(WORKER_URL, { name: WORKER_NAME });
  worker.port.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => receive(data));
  worker.port.start();
  return (request) => worker.port.postMessage(request);
}

/** Loaded where it is needed: the code of the stream itself is in the worker everywhere else. */
function toPolling(receive: (message: TabMessage) => void): Send {
  const send = import("./pollingHub.ts").then(({ createPollingHub }) => {
    const hub = createPollingHub();
    return (request: TabRequest): void => hub.receive(receive, request);
  });
  return (request) => void send.then((now) => now(request));
}
