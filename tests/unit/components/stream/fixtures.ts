/** A stream without a server: the test is the server. */
import type { Line, NoticeLine } from "../../../../server/contract/lines.ts";
import type { OpenStream, StreamHandlers, StreamInput } from "../../../../components/stream/source.ts";

export function opener() {
  const inputs: StreamInput[] = [];
  const opened: StreamHandlers[] = [];
  let closed = 0;
  const open: OpenStream = (input, handlers) => {
    inputs.push(input);
    opened.push(handlers);
    return () => {
      closed += 1;
    };
  };
  return {
    open,
    inputs,
    closed: () => closed,
    all: (): readonly StreamHandlers[] => opened,
    /** Of the newest stream. */
    handlers: (): StreamHandlers => {
      const newest = opened.at(-1);
      if (newest === undefined) throw new Error("no stream was opened");
      return newest;
    },
  };
}

export function line(seq: number): NoticeLine {
  return {
    type: "notice",
    cursor: { epoch: 7, seq, at: 0 },
    atUs: seq,
    code: "PARAMETERS",
    severity: "info",
    scope: "desk",
    text: `line ${seq}`,
  };
}

export function seqs(lines: readonly Line[]): readonly number[] {
  return lines.map(({ cursor }) => cursor.seq);
}
