/** Server-sent events out of text that comes in pieces, as the desk writes them: one line of data each. */

export interface StreamEvent {
  /** Undefined is a message. */
  readonly name: string | undefined;
  readonly data: string;
}

/** The largest round of a stream is some megabytes; a server that never ends an event is not the desk's. */
const EVENT_CHARS_MAX = 32_000_000;

/** Takes a piece and returns the events that it completes. Throws when an event has no end. */
export function createEventParser(): (piece: string) => readonly StreamEvent[] {
  let pieces: string[] = [];
  let waiting = 0;
  return (piece) => {
    pieces.push(piece);
    waiting += piece.length;
    if (waiting > EVENT_CHARS_MAX) throw new Error("the stream has an event without an end");
    // A large event comes in many pieces: they are joined once its end is there, which may be cut in two.
    const before = pieces.at(-2);
    if (!piece.includes("\n\n") && !(piece.startsWith("\n") && before?.endsWith("\n") === true)) return [];
    const texts = pieces.join("").split("\n\n");
    const rest = texts.pop() ?? "";
    pieces = rest === "" ? [] : [rest];
    waiting = rest.length;
    return texts.flatMap((text) => (text === "" ? [] : [eventOf(text)]));
  };
}

function eventOf(text: string): StreamEvent {
  let name: string | undefined;
  let data = "";
  for (const line of text.split("\n"))
    if (line.startsWith("data: ")) data = line.slice("data: ".length);
    else if (line.startsWith("event: ")) name = line.slice("event: ".length);
  return { name, data };
}
