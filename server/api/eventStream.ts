/**
 * The live stream as server-sent events. tRPC decides who may have it and what was asked; the text is made here,
 * because a value goes to many browsers ten times a second and is made into text once for all of them.
 */
import { getTRPCErrorFromUnknown } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import superjson from "superjson";
import { apiCodeOf, DEFECT_TEXT } from "./errors.ts";
import type { LiveMessage } from "./live.ts";
import type { AppRouter } from "./router.ts";
import { eventText, StateMessage } from "./stateTopics.ts";

/** A stream says something at least this often, so that a dead connection is found on both sides. */
const PING_MS = 1_000;

/** As nginx writes it; nobody is there to read it. */
const CLIENT_GONE = 499;

const HEADERS = {
  "content-type": "text/event-stream",
  // Without `no-transform` it would be compressed for each browser anew, ten times a second.
  "cache-control": "no-cache, no-transform",
};

interface StreamParts {
  readonly callerOf: (signal: AbortSignal) => ReturnType<AppRouter["createCaller"]>;
  /** Hears of what is no expected answer. */
  readonly onDefect: (error: unknown) => void;
}

export async function openEventStream(
  request: Request,
  { callerOf, onDefect }: StreamParts,
): Promise<Response> {
  // Gone before it was heard: nobody would ever cancel the stream.
  if (request.signal.aborted) return new Response(null, { status: CLIENT_GONE });
  const end = new AbortController();
  request.signal.addEventListener("abort", () => end.abort(), { once: true });
  try {
    // Its schema is the procedure's to check, once it is known who asks.
    const rounds = await callerOf(end.signal).stream.live(readInput(request) as never);
    const failed = (error: unknown): string => refusal(error, onDefect).text;
    return new Response(bodyOf(rounds, end, failed), { headers: HEADERS });
  } catch (error) {
    const { status, text } = refusal(error, onDefect);
    return new Response(text, { status, headers: HEADERS });
  }
}

/** One round of messages after the other, each made when the connection takes more. */
function bodyOf(
  rounds: AsyncIterable<readonly LiveMessage[]>,
  end: AbortController,
  failed: (error: unknown) => string,
): ReadableStream<Uint8Array> {
  const source = rounds[Symbol.asyncIterator]();
  let pings: NodeJS.Timeout | undefined;
  let isCancelled = false;
  // A stream that nobody reads is not cancelled by anybody either: its request says when the client has gone.
  const leave = (): void => {
    clearInterval(pings);
    source.return?.().then(undefined, failed);
  };
  async function nextBytes(): Promise<{ readonly bytes: Uint8Array; readonly isLast: boolean }> {
    try {
      const next = await source.next();
      if (next.done !== true) return { bytes: bytesOf(next.value), isLast: false };
      return { bytes: Buffer.from(eventText("", "return")), isLast: true };
    } catch (error) {
      return { bytes: Buffer.from(failed(error)), isLast: true };
    }
  }
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        controller.enqueue(Buffer.from(eventText({}, "connected")));
        if (end.signal.aborted) return leave();
        end.signal.addEventListener("abort", leave, { once: true });
        pings = setInterval(() => {
          // A connection that takes nothing must not be given ever more of them.
          if (controller.desiredSize === 0) controller.enqueue(Buffer.from(eventText("", "ping")));
        }, PING_MS);
      },
      async pull(controller) {
        const { bytes, isLast } = await nextBytes();
        if (isLast) clearInterval(pings);
        // Gone meanwhile: there is nothing left to write to.
        if (isCancelled) return;
        controller.enqueue(bytes);
        if (isLast) controller.close();
      },
      async cancel() {
        isCancelled = true;
        end.abort();
        await source.return?.();
      },
    },
    // Nothing is made ahead: what waits grows old.
    { highWaterMark: 0 },
  );
}

function bytesOf(round: readonly LiveMessage[]): Uint8Array {
  const parts = round.map((message) =>
    message instanceof StateMessage ? message.bytes : Buffer.from(eventText(superjson.serialize(message))),
  );
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
}

function refusal(thrown: unknown, onDefect: (error: unknown) => void) {
  const error = getTRPCErrorFromUnknown(thrown);
  const code = apiCodeOf(error);
  if (code === "DEFECT") onDefect(error.cause ?? error);
  const status = getHTTPStatusCodeFromError(error);
  const message = code === "DEFECT" ? DEFECT_TEXT : error.message;
  const shape = superjson.serialize({ message, data: { code, httpStatus: status } });
  return { status, text: eventText(shape, "serialized-error") };
}

function readInput(request: Request): unknown {
  const text = new URL(request.url).searchParams.get("input");
  if (text === null) return undefined;
  try {
    return superjson.parse(text);
  } catch {
    return null; // No JSON: no input that any schema takes.
  }
}
