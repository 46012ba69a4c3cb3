/** One client of the engine: what it has subscribed to, and what it is still to be sent once it reads again. */
import type { ServerFrame, StateTopic } from "../contract/link.ts";
import type { Cursor, LogTopic } from "../contract/lines.ts";
import { encodeFrame } from "../host/frame.ts";
import type { FrameConnection } from "../host/framedSocket.ts";
import type { LineRing } from "./lineRing.ts";

/** The desk, the system and every market of a large desk. */
const WATCHED_MAX = 128;

/** Lines in one frame: encoding them holds up the engine for a millisecond at most. */
const BATCH_LINES_MAX = 250;

export class Subscriber {
  readonly name: string;
  readonly #connection: FrameConnection;
  readonly #rings: ReadonlyMap<LogTopic, LineRing>;
  readonly #watched = new Set<string>();
  /** The latest value of each topic that could not be sent: one frame a topic, whatever the delay. */
  readonly #late = new Map<string, Uint8Array>();
  /** Position in the ring up to which lines have been sent. */
  readonly #followed = new Map<LogTopic, number>();

  constructor(name: string, connection: FrameConnection, rings: ReadonlyMap<LogTopic, LineRing>) {
    this.name = name;
    this.#connection = connection;
    this.#rings = rings;
  }

  watches(topic: StateTopic): boolean {
    return this.#watched.has(topic);
  }

  /** False when it watches too much. */
  watch(topic: StateTopic, value: unknown): boolean {
    if (!this.#watched.has(topic) && this.#watched.size >= WATCHED_MAX) return false;
    this.#watched.add(topic);
    if (value !== undefined)
      this.sendState(topic, encodeFrame({ type: "state", topic, value } satisfies ServerFrame));
    return true;
  }

  sendState(topic: StateTopic, frame: Uint8Array): void {
    if (this.#connection.isCongested) this.#late.set(topic, frame);
    else this.#connection.sendEncoded(frame);
  }

  /** From here on every line after the cursor; without one, whatever is kept. */
  follow(topic: LogTopic, after: Cursor | undefined): void {
    const ring = this.#ring(topic);
    if (after === undefined) this.#followed.set(topic, ring.start);
    else {
      if (!ring.reaches(after)) this.#send({ type: "resync", topic, oldest: ring.floor });
      this.#followed.set(topic, ring.positionAfter(after));
    }
    this.#catchUp(topic);
  }

  /** `encoded` is the frame of all lines from the position to the ring's end. */
  sendLines(topic: LogTopic, from: number, encoded: () => Uint8Array): void {
    const position = this.#followed.get(topic);
    if (position === undefined) return;
    if (position !== from || this.#connection.isCongested) return this.#catchUp(topic);
    this.#followed.set(topic, this.#ring(topic).end);
    this.#connection.sendEncoded(encoded());
  }

  unsubscribe(topic: string): void {
    this.#watched.delete(topic);
    this.#late.delete(topic);
    this.#followed.delete(topic as LogTopic);
  }

  /** The client has read everything: what waited goes out, states first. */
  drain(): void {
    for (const [topic, frame] of this.#late) {
      if (this.#connection.isCongested) return;
      this.#late.delete(topic);
      this.#connection.sendEncoded(frame);
    }
    for (const topic of this.#followed.keys()) this.#catchUp(topic);
  }

  /** Lines leave the ring only as fast as the client reads: what waits for it is the ring itself. */
  #catchUp(topic: LogTopic): void {
    const ring = this.#ring(topic);
    let position = this.#followed.get(topic) ?? ring.end;
    while (position < ring.end && this.#connection.isOpen && !this.#connection.isCongested) {
      let lines = ring.slice(position, BATCH_LINES_MAX);
      if (lines === undefined) {
        // So slow that the ring has overtaken it.
        this.#send({ type: "resync", topic, oldest: ring.floor });
        position = ring.start;
        lines = ring.slice(position, BATCH_LINES_MAX) ?? [];
      }
      position += lines.length;
      this.#followed.set(topic, position);
      this.#send({ type: "lines", topic, lines });
    }
  }

  #ring(topic: LogTopic): LineRing {
    const ring = this.#rings.get(topic);
    if (ring === undefined) throw new Error(`no ring of ${topic}`);
    return ring;
  }

  #send(frame: ServerFrame): void {
    this.#connection.send(frame);
  }
}
