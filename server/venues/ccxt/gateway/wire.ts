/**
 * How an order request reaches the venue: over the entry socket when it is open, else over REST. What may have arrived
 * is never sent a second time, except what does no harm twice: that goes both ways, and at once.
 */
import type { EntryRequest, RepeatableRequest, RestCall, SocketFrame } from "../exchanges/exchange.ts";
import type { CcxtInstance } from "./ccxt.ts";
import { callEndpoint } from "./ccxt.ts";
import { withDeadline } from "./deadline.ts";
import { isNoAnswer } from "./entrySocket.ts";
import type { EntrySocket, LateAnswer } from "./entrySocket.ts";
import { answerOf } from "./instance.ts";
import { NotSentError, SocketRefusal } from "./taxonomy.ts";

/** A cancel that is not answered on the socket by then goes over REST as well. */
const CANCEL_HEDGE_MS = 300;

/** So many requests in a row without an answer: the socket is given up, however open it looks. */
const UNANSWERED_MAX = 2;

export interface WireOptions {
  readonly socket: Pick<EntrySocket, "isOpen" | "request" | "drop">;
  /** The instance for orders over REST; undefined until the venue's listing is loaded. */
  readonly rest: () => CcxtInstance | undefined;
  readonly restWithinMs: number;
}

export interface Wire {
  /** Else all goes over REST. */
  readonly hasSocket: boolean;
  /** Once. Rejects as the socket or ccxt does; with a NotSentError when nothing was written. */
  send(request: EntryRequest, withinMs: number, late: (outcome: LateAnswer) => void): Promise<unknown>;
  /** Until there is a definite answer, by socket and REST. */
  insist(request: RepeatableRequest, withinMs: number): Promise<unknown>;
  call(call: RestCall, late?: (outcome: LateAnswer) => void): Promise<unknown>;
}

export function createWire({ socket, rest, restWithinMs }: WireOptions): Wire {
  let unanswered = 0;

  async function bySocket(
    frame: SocketFrame,
    withinMs: number,
    late: (outcome: LateAnswer) => void,
  ): Promise<unknown> {
    try {
      const answer = await socket.request(frame, withinMs, late);
      unanswered = 0;
      return answer;
    } catch (error) {
      if (!isNoAnswer(error)) unanswered = 0;
      else if (++unanswered >= UNANSWERED_MAX) {
        unanswered = 0;
        socket.drop();
      }
      throw error;
    }
  }

  function call({ endpoint, params }: RestCall, late?: (outcome: LateAnswer) => void): Promise<unknown> {
    const instance = rest();
    if (instance === undefined) return Promise.reject(new NotSentError("the venue's listing is not loaded"));
    return withDeadline(callEndpoint(instance, endpoint, params), restWithinMs, late);
  }

  return {
    get hasSocket() {
      return socket.isOpen;
    },
    call,
    async send(request, withinMs, late) {
      if (!socket.isOpen) return call(request.rest, late);
      try {
        return await bySocket(request.socket, withinMs, late);
      } catch (error) {
        if (error instanceof NotSentError) return call(request.rest, late);
        throw error;
      }
    },
    async insist({ socket: frame, rest: second }, withinMs) {
      if (frame === undefined || !socket.isOpen) return call(second);
      const first = bySocket(frame, withinMs, () => undefined);
      try {
        // Its own deadline is the longer one: an answer after the hedge left still counts.
        return await withDeadline(first, CANCEL_HEDGE_MS);
      } catch (error) {
        if (!isNoAnswer(error) && !(error instanceof NotSentError)) throw error;
        return firstAnswered(first, call(second));
      }
    },
  };
}

/** The first that the venue answers; when it answers neither, the error of the second, once both are over. */
function firstAnswered(first: Promise<unknown>, second: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const refused = (error: unknown): void => {
      if (isAnswer(error)) reject(error as Error);
    };
    first.then(resolve, refused);
    second.then(resolve, refused);
    void Promise.allSettled([first, second]).then(([, outcome]) => {
      if (outcome.status === "rejected") reject(outcome.reason as Error);
    });
  });
}

/** What a server says of itself, 5xx, is none. */
function isAnswer(error: unknown): boolean {
  return error instanceof SocketRefusal || (answerOf(error)?.status ?? SERVER_ERROR) < SERVER_ERROR;
}

const SERVER_ERROR = 500;
