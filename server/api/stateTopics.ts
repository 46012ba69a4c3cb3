/** State topics of the engine for the streams of this process: one message a value, however many want it. */
import type { EngineLink, StateTopic, StateTopics as Values } from "../contract/link.ts";
import { ApiError } from "./errors.ts";

/** The engine ends the connection of a client that watches more than 128; every browser shares ours. */
const WATCHED_MAX = 100;

export class StateMessage {
  readonly kind = "state";
  readonly topic: StateTopic;
  readonly value: unknown;

  #bytes: Uint8Array | undefined;

  constructor(topic: StateTopic, value: unknown) {
    this.topic = topic;
    this.value = value;
  }

  /** As an event of a stream, made once. A state is plain JSON: it has nothing that superjson would mark. */
  get bytes(): Uint8Array {
    const { kind, topic, value } = this;
    return (this.#bytes ??= Buffer.from(eventText({ json: { kind, topic, value } })));
  }
}

/** A server-sent event; one without a name is a message. */
export function eventText(data: unknown, event?: string): string {
  return `${event === undefined ? "" : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;
}

export class StateTopics {
  readonly #link: EngineLink;
  readonly #watchers = new Map<StateTopic, number>();
  readonly #messages = new WeakMap<object, StateMessage>();

  constructor(link: EngineLink) {
    this.#link = link;
  }

  /** The latest value of a connected engine at once, if there is one, and every one from here. Returns the end of it. */
  watch<T extends StateTopic>(topic: T, listener: (message: StateMessage) => void): () => void {
    const watchers = this.#watchers.get(topic) ?? 0;
    if (watchers === 0 && this.#watchers.size >= WATCHED_MAX)
      throw new ApiError("BAD_INPUT", `more than ${WATCHED_MAX} topics are watched: close some pages`);
    this.#watchers.set(topic, watchers + 1);
    const end = this.#link.watch(topic, (value) => listener(this.#messageOf(topic, value)));
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      end();
      const left = (this.#watchers.get(topic) ?? 1) - 1;
      if (left === 0) this.#watchers.delete(topic);
      else this.#watchers.set(topic, left);
    };
  }

  #messageOf<T extends StateTopic>(topic: T, value: Values[T]): StateMessage {
    const known = this.#messages.get(value);
    if (known !== undefined) return known;
    const message = new StateMessage(topic, value);
    this.#messages.set(value, message);
    return message;
  }
}
