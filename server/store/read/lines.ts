/** Lines of a log topic after a cursor: what a stream that came back too late for the engine's ring has missed. */
import type { Cursor, LogTopic, LogTopicLines } from "../../contract/lines.ts";
import { compareCursors } from "../../contract/lines.ts";
import type { Store } from "../client.ts";
import { readCommandsAfter } from "./commands.ts";
import { readFillsAfter } from "./fills.ts";
import { readNoticesAfter } from "./notices.ts";
import { readOrdersAfter } from "./orders.ts";
import { readParameterVersionsAfter } from "./parameters.ts";
import { readTradingStatesAfter } from "./tradingStates.ts";

/**
 * Oldest first, at most `limit`: ask again after the last one until none come. Of an order only its newest line
 * is here. What the recorder has not written yet is missing at the end.
 */
export async function readLinesAfter<T extends LogTopic>(
  store: Store,
  topic: T,
  after: Cursor,
  limit: number,
): Promise<LogTopicLines[T][]> {
  const lines: readonly LogTopicLines[LogTopic][] = await READERS[topic](store, after, limit);
  return lines as LogTopicLines[T][];
}

const READERS: {
  readonly [T in LogTopic]: (store: Store, after: Cursor, limit: number) => Promise<LogTopicLines[T][]>;
} = {
  fills: readFillsAfter,
  orders: readOrdersAfter,
  alerts: readNoticesAfter,
  audit: readAuditAfter,
};

/** Three tables in one order: of each as many as may be among the first. */
async function readAuditAfter(store: Store, after: Cursor, limit: number): Promise<LogTopicLines["audit"][]> {
  const parts = await Promise.all([
    readCommandsAfter(store, after, limit),
    readParameterVersionsAfter(store, after, limit),
    readTradingStatesAfter(store, after, limit),
  ]);
  return parts
    .flat()
    .sort((a, b) => compareCursors(a.cursor, b.cursor))
    .slice(0, limit);
}
