/** The live stream as a browser reads it: server-sent events of a response, message by message. */
import superjson from "superjson";
import { API_PATH } from "../../server/api/handler.ts";
import type { LiveMessage } from "../../server/api/live.ts";
import type { Line, LogTopic } from "../../server/contract/lines.ts";
import { ORIGIN, type ApiDesk } from "./apiDesk.ts";

export interface StreamInput {
  readonly topics: readonly string[];
  readonly cursors?: { readonly [T in LogTopic]?: string };
}

export class LiveReader {
  readonly messages: LiveMessage[] = [];
  /** The stream is over, by its own decision or with an error. */
  isOver = false;
  error: { readonly code: string; readonly message: string } | undefined;
  status: number | undefined;
  #isPaused = false;
  #resume: () => void = () => undefined;
  readonly #abort = new AbortController();
  readonly ended: Promise<void>;

  constructor(
    desk: ApiDesk,
    input: StreamInput | object | undefined,
    headers: Record<string, string> = desk.browser(),
  ) {
    const asked = input === undefined ? "" : `?input=${encodeURIComponent(superjson.stringify(input))}`;
    const request = new Request(`${ORIGIN}${API_PATH}/stream.live${asked}`, {
      headers: { ...headers, accept: "text/event-stream" },
      signal: this.#abort.signal,
    });
    this.ended = this.#read(desk, request);
  }

  lines(topic: LogTopic): readonly Line[] {
    return this.messages.flatMap((message) =>
      message.kind === "lines" && message.topic === topic ? message.lines : [],
    );
  }

  states(topic: string): readonly unknown[] {
    return this.messages.flatMap((message) =>
      message.kind === "state" && message.topic === topic ? [message.value] : [],
    );
  }

  resyncs(topic: LogTopic): number {
    return this.messages.filter((message) => message.kind === "resync" && message.topic === topic).length;
  }

  /** Reads nothing until `resume`. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#resume();
  }

  async close(): Promise<void> {
    this.resume();
    this.#abort.abort();
    await this.ended;
  }

  async #read(desk: ApiDesk, request: Request): Promise<void> {
    const response = await desk.handle(request);
    this.status = response.status;
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    try {
      for (;;) {
        if (this.#isPaused) await new Promise<void>((resolve) => (this.#resume = resolve));
        const part = await reader?.read();
        if (part === undefined || part.done) break;
        text += part.value;
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          this.#take(text.slice(0, end));
          text = text.slice(end + 2);
        }
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) throw error;
    } finally {
      this.isOver = true;
    }
  }

  #take(event: string): void {
    const fields = new Map(
      event
        .split("\n")
        .filter((line) => line.includes(": "))
        .map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]),
    );
    const data = fields.get("data");
    if (data === undefined) return;
    switch (fields.get("event")) {
      case undefined:
        this.messages.push(superjson.deserialize(JSON.parse(data) as never));
        return;
      case "serialized-error":
        this.error = readError(JSON.parse(data) as never);
        return;
      default: // connected, ping, return
    }
  }
}

function readError(encoded: Parameters<typeof superjson.deserialize>[0]): LiveReader["error"] {
  const { message, data } = superjson.deserialize<{ message: string; data: { code: string } }>(encoded);
  return { code: data.code, message };
}
