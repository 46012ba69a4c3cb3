/**
 * Entry of the SharedWorker, bundled on its own: all tabs of a browser live on one stream. A browser opens
 * six connections to a host; six streams of their own would leave none for anything else, the stop included.
 */
import { createHub } from "./hub.ts";
import { streamOpener } from "./openStream.ts";
import type { TabRequest } from "./protocol.ts";

const SWEEP_EVERY_MS = 30_000;

const hub = createHub(streamOpener(self.location.origin), {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
});
setInterval(() => hub.sweep(), SWEEP_EVERY_MS);

// `connect` exists on shared workers only; the DOM types here are those of a page.
self.addEventListener("connect", (event) => {
  const port = (event as MessageEvent).ports[0];
  if (port === undefined) return;
  const post = (message: unknown): void => port.postMessage(message);
  port.addEventListener("message", ({ data }: MessageEvent<TabRequest>) => hub.receive(post, data));
  port.start();
});
