import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openEventStream } from "../../../server/api/eventStream.ts";
import type { LiveMessage } from "../../../server/api/live.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A stream that never has anything to say, and whether it was begun and ended. */
class SilentStream implements AsyncIterableIterator<readonly LiveMessage[]> {
  asked = 0;
  ended = false;
  #end: (last: IteratorReturnResult<undefined>) => void = () => undefined;
  [Symbol.asyncIterator] = (): this => this;
  next = (): Promise<IteratorResult<readonly LiveMessage[]>> =>
    new Promise((resolve) => (this.#end = resolve));
  return = async (): Promise<IteratorReturnResult<undefined>> => {
    const last = { done: true, value: undefined } as const;
    this.ended = true;
    this.#end(last);
    return last;
  };
}

function openWith(client: AbortSignal, onAsked: () => void = () => undefined) {
  const source = new SilentStream();
  const live = async () => {
    source.asked += 1;
    onAsked();
    return source;
  };
  const request = new Request("http://127.0.0.1/api/trpc/stream.live", { signal: client });
  const callerOf = () => ({ stream: { live } }) as never;
  const onDefect = (error: unknown): never => {
    throw error;
  };
  return { source, response: openEventStream(request, { callerOf, onDefect }) };
}

describe("a stream whose client goes before anybody reads it", () => {
  it("is not begun for one who has gone", async () => {
    const { source, response } = openWith(AbortSignal.abort());
    expect((await response).body).toBeNull();
    expect([source.asked, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it.each(["while it is opened", "after it was opened"])("leaves nothing behind %s", async (when) => {
    const client = new AbortController();
    const isEarly = when === "while it is opened";
    const { source, response } = openWith(client.signal, () => (isEarly ? client.abort() : undefined));
    await response;
    expect(vi.getTimerCount()).toBe(isEarly ? 0 : 1);
    client.abort();
    expect([source.ended, vi.getTimerCount()]).toEqual([true, 0]);
  });
});
