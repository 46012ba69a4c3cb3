/**
 * One line of JSON per entry on standard error, written before the call returns: what a thread says
 * while its parent hangs, or as its last word, is not lost.
 */
import { writeSync } from "node:fs";

export interface Log {
  info(text: string, fields?: LogFields): void;
  warn(text: string, fields?: LogFields): void;
  error(text: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, unknown>>;

const STANDARD_ERROR = 2;

/** A pipe whose reader is stuck: the line is given up rather than the thread. */
const WRITE_ATTEMPTS_MAX = 50;

export function createLog(name: string, write: (line: string) => void = writeToStandardError): Log {
  const entry = (level: string, text: string, fields: LogFields | undefined): void => {
    const head = { time: new Date(Date.now()).toISOString(), level, name, text };
    write(`${JSON.stringify({ ...head, ...fields, ...head }, plain)}\n`);
  };
  return {
    info: (text, fields) => entry("info", text, fields),
    warn: (text, fields) => entry("warn", text, fields),
    error: (text, fields) => entry("error", text, fields),
  };
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Error)
    return {
      message: value.message,
      stack: value.stack,
      ...(value.cause === undefined ? {} : { cause: value.cause }),
    };
  return value;
}

let linesLost = 0;

function writeToStandardError(line: string): void {
  const bytes = Buffer.from(
    linesLost === 0 ? line : `{"level":"warn","text":"${linesLost} lines lost"}\n${line}`,
  );
  let written = 0;
  for (let attempt = 0; attempt < WRITE_ATTEMPTS_MAX && written < bytes.length; attempt++)
    try {
      written += writeSync(STANDARD_ERROR, bytes, written);
    } catch (error) {
      // EAGAIN: the pipe is full. Any other error: nobody is left to read; there is no place to say so.
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) break;
    }
  linesLost = written === 0 ? linesLost + 1 : 0;
}
