/** For browsers without SharedWorker: the stream is opened once a second for one round and closed again. */
import { formatCursor } from "../../server/contract/lines.ts";
import type { OpenStream } from "./source.ts";

export const POLL_MS = 1_000;

/** Time for every topic to say its current value; log topics may have nothing to say. */
const ROUND_MAX_MS = 600;

/** Makes a stream that is never held open out of one that would be. */
export function polled(open: OpenStream): OpenStream {
  return (input, handlers) => {
    const cursors = { ...input.cursors };
    let end: (() => void) | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let closed = false;

    function round(): void {
      timer = setTimeout(pause, ROUND_MAX_MS);
      end = open(
        { ...input, cursors },
        {
          ...handlers,
          message: (message) => {
            if (closed) return;
            if (message.kind === "lines") {
              const last = message.lines.at(-1);
              if (last !== undefined) cursors[message.topic] = formatCursor(last.cursor);
            }
            handlers.message(message);
          },
          ended: (why, text) => {
            clearTimeout(timer);
            if (!closed) handlers.ended(why, text);
          },
        },
      );
    }

    function pause(): void {
      end?.();
      end = undefined;
      timer = setTimeout(round, POLL_MS - ROUND_MAX_MS);
    }

    round();
    return () => {
      closed = true;
      clearTimeout(timer);
      end?.();
    };
  };
}
