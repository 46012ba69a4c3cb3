/** The stream of the desk as server-sent events, read with `fetch`: an EventSource could not name the session's key. */
import superjson, { type SuperJSONResult } from "superjson";
import { sessionHeaders } from "../session/key.ts";
import { createEventParser, type StreamEvent } from "./eventParser.ts";
import type { StreamMessage } from "./protocol.ts";
import type { OpenStream, StreamHandlers } from "./source.ts";

/** The server says something once a second, if only a ping. */
const SILENCE_MAX_MS = 5_000;

export function streamOpener(origin: string): OpenStream {
  return ({ topics, cursors, key }, handlers) => {
    const end = new AbortController();
    const url = new URL("/api/trpc/stream.live", origin);
    url.searchParams.set("input", JSON.stringify({ json: { topics, cursors } }));
    read(new Request(url, { headers: sessionHeaders(key), cache: "no-store" }), handlers, end).catch(
      (error: unknown) => {
        if (end.signal.aborted) return;
        end.abort();
        handlers.ended("lost", error instanceof Error ? error.message : String(error));
      },
    );
    return () => end.abort();
  };
}

/** Resolves, or rejects, when the stream has ended; `end` is aborted by whoever ends it first. */
async function read(request: Request, handlers: StreamHandlers, end: AbortController): Promise<void> {
  let silence: ReturnType<typeof setTimeout> | undefined;
  const finish = (why: "lost" | "denied", text: string): void => {
    clearTimeout(silence);
    if (end.signal.aborted) return;
    end.abort();
    handlers.ended(why, text);
  };
  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => finish("lost", "the server has fallen silent"), SILENCE_MAX_MS);
  };
  end.signal.addEventListener("abort", () => clearTimeout(silence));
  heard();
  const { body } = await fetch(request, { signal: end.signal });
  if (body === null) return finish("lost", "the server has no answer");
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const parse = createEventParser();
  for (;;) {
    const { done, value } = await reader.read();
    if (done || end.signal.aborted) return finish("lost", "the server ended the stream");
    heard();
    for (const event of parse(value)) {
      const refusal = take(event, handlers);
      if (refusal !== undefined) return finish(refusal.isDenied ? "denied" : "lost", refusal.text);
      if (end.signal.aborted) return;
    }
  }
}

interface Refusal {
  readonly isDenied: boolean;
  readonly text: string;
}

/** Undefined while the stream goes on. */
function take({ name, data }: StreamEvent, handlers: StreamHandlers): Refusal | undefined {
  switch (name) {
    case undefined:
      handlers.message(decoded<StreamMessage>(data));
      return undefined;
    case "connected":
      handlers.opened();
      return undefined;
    case "serialized-error": {
      const { message, data: detail } = decoded<{ message: string; data: { code: string } }>(data);
      return { isDenied: detail.code === "UNAUTHENTICATED", text: message };
    }
    default: // A ping; the end of the stream, which is the body's too.
      return undefined;
  }
}

/** States are plain JSON: only what superjson has marked is made anew. */
function decoded<T>(text: string): T {
  const encoded = JSON.parse(text) as SuperJSONResult;
  return (encoded.meta === undefined ? encoded.json : superjson.deserialize(encoded)) as T;
}
