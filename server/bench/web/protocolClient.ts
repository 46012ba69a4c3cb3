/** A browser as the server sees it: signed in, reading the live stream, and fast enough to keep up. */
import { get, type IncomingMessage } from "node:http";
import type { DeskShape } from "../../contract/link.ts";
import { LOG_TOPICS } from "../../contract/lines.ts";
import { SESSION_KEY_HEADER } from "../../contract/session.ts";

export interface ProtocolClient {
  /** Server-sent events so far, pings included. */
  readonly events: number;
  /** Throws when the stream has ended by itself. */
  close(): void;
}

/** Every topic that there is: the bar's, and those of a Market page on each market. */
export function allTopics({ markets }: Pick<DeskShape, "markets">): string[] {
  return ["desk", "system", ...LOG_TOPICS, ...markets.map(({ market }) => `market ${market}`)];
}

/** Headers that show both halves of a session. */
export type SessionHeaders = Readonly<Record<string, string>>;

/** Trades a start link for a session. */
export async function signIn(startUrl: string): Promise<SessionHeaders> {
  const response = await fetch(startUrl, { redirect: "manual" });
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0];
  const key = response.headers.get(SESSION_KEY_HEADER);
  if (cookie === undefined || key === null) throw new Error(`the desk let nobody in: ${response.status}`);
  return { cookie, [SESSION_KEY_HEADER]: key };
}

/** Resolves with the first event. */
export async function openProtocolClient(options: {
  readonly origin: string;
  readonly session: SessionHeaders;
  readonly topics: readonly string[];
}): Promise<ProtocolClient> {
  const { origin, session, topics } = options;
  const url = new URL("/api/trpc/stream.live", origin);
  url.searchParams.set("input", JSON.stringify({ json: { topics } }));
  let events = 0;
  let ended: string | undefined;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers: { ...session, accept: "text/event-stream" } }, resolve).once("error", reject);
  });
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`the desk refused a stream: ${response.statusCode}`);
  }
  await new Promise<void>((resolve, reject) => {
    const fail = (text: string): void => {
      ended ??= text;
      reject(new Error(text));
    };
    let endsInNewline = false;
    response.on("data", (chunk: Buffer) => {
      events += countEvents(chunk, endsInNewline);
      endsInNewline = chunk.at(-1) === NEWLINE;
      if (events > 0) resolve();
    });
    response.once("error", (error) => fail(`a stream broke off: ${error.message}`));
    response.once("end", () => fail("the desk ended a stream"));
  });
  return {
    get events() {
      return events;
    },
    close() {
      const text = ended;
      ended = "closed";
      response.destroy();
      if (text !== undefined) throw new Error(text);
    },
  };
}

const NEWLINE = 10;

/** An event ends with an empty line; counted without making text of it. */
function countEvents(chunk: Buffer, afterNewline: boolean): number {
  let count = afterNewline && chunk[0] === NEWLINE ? 1 : 0;
  for (let at = chunk.indexOf("\n\n"); at >= 0; at = chunk.indexOf("\n\n", at + 2)) count++;
  return count;
}
