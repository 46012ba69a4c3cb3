/**
 * The engine's end of the link. It runs in the engine's thread: a value is encoded once for all clients,
 * and a client that does not read gets the latest state and the lines it missed when it reads again, or
 * loses its connection; it never makes the engine wait.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { CommandOutcome, Question, StateTopic } from "../contract/link.ts";
import { ClientFrame, isLogTopic, LINK_PROTOCOL, type ServerFrame } from "../contract/link.ts";
import { topicOf, type Line } from "../contract/lines.ts";
import { UserError } from "../contract/errors.ts";
import { encodeFrame, FRAME_BYTES_MAX } from "../host/frame.ts";
import type { ConnectionHandlers, FrameConnection } from "../host/framedSocket.ts";
import { frameServer } from "../host/frameServer.ts";
import type { Log } from "../host/log.ts";
import { createLineRings, type LineRings } from "./lineRing.ts";
import { Subscriber } from "./subscriber.ts";

/** A connection that does not say who it is within this time is none of ours. */
const HELLO_WAIT_MS = 2_000;
/** Token, protocol and a name are some hundred bytes; a stranger has no memory of ours to fill. */
const HELLO_BYTES_MAX = 4_096;

export interface CommandInput {
  readonly commandId: string;
  readonly actor: string;
  readonly reason: string;
  readonly command: Extract<ClientFrame, { type: "command" }>["command"];
}

export interface LinkServerOptions {
  readonly token: string;
  readonly welcome: { readonly epoch: number; readonly profile: string };
  /** A rejection leaves the client without an answer: its connection ends, and the command may have happened. */
  readonly onCommand: (command: CommandInput) => Promise<CommandOutcome>;
  /** Throws a UserError where there is no answer. */
  readonly onQuestion: (question: Question) => unknown;
  /** What a new watcher gets at once, if there is anything. */
  readonly current: (topic: StateTopic) => unknown;
  readonly log: Log;
}

export interface LinkServer {
  /** Resolves with the port. */
  listen(port?: number): Promise<number>;
  /** The caller keeps to `STATE_PERIOD_MS`. */
  publishState(topic: StateTopic, value: unknown): void;
  hasWatchers(topic: StateTopic): boolean;
  /** Lines in the order of their cursors, all topics mixed; those of no topic are left out. */
  publishLines(lines: readonly Line[]): void;
  /** Before anything is published: what an earlier run told. */
  seedLines(lines: LineRings): void;
  clients(): number;
  close(): Promise<void>;
}

export function createLinkServer(options: LinkServerOptions): LinkServer {
  const { log } = options;
  const rings = new Map(createLineRings(undefined));
  const clients = new Set<Subscriber>();
  const server = frameServer({ onConnection });

  function onConnection(connection: FrameConnection): ConnectionHandlers {
    let client: Subscriber | undefined;
    connection.frameBytesMax = HELLO_BYTES_MAX;
    const hello = setTimeout(() => connection.close("said no hello"), HELLO_WAIT_MS);
    const refuse = (code: "TOKEN" | "PROTOCOL" | "FRAME", text: string): void => {
      log.warn("link client refused", { code, detail: text, client: client?.name });
      connection.send({ type: "refused", code, text } satisfies ServerFrame);
      connection.close(text);
    };
    return {
      frame(message) {
        const parsed = ClientFrame.safeParse(message);
        if (!parsed.success) return refuse("FRAME", "this frame is not part of the protocol");
        const frame = parsed.data;
        if (client !== undefined) return serve(client, connection, frame, refuse);
        if (frame.type !== "hello") return refuse("FRAME", "the first frame is a hello");
        if (frame.protocol !== LINK_PROTOCOL)
          return refuse("PROTOCOL", `this engine speaks protocol ${LINK_PROTOCOL}: restart the client`);
        if (!isSameSecret(frame.token, options.token))
          return refuse("TOKEN", "the token is not this engine's");
        clearTimeout(hello);
        connection.frameBytesMax = FRAME_BYTES_MAX;
        client = new Subscriber(frame.client, connection, rings);
        clients.add(client);
        connection.send({ type: "welcome", ...options.welcome } satisfies ServerFrame);
      },
      drain: () => client?.drain(),
      close(reason) {
        clearTimeout(hello);
        if (client === undefined) return;
        clients.delete(client);
        if (reason.code === "OVERLOADED" || reason.code === "FRAME")
          log.warn("link client dropped", { client: client.name, code: reason.code, detail: reason.text });
      },
    };
  }

  function serve(
    client: Subscriber,
    connection: FrameConnection,
    frame: ClientFrame,
    refuse: (code: "FRAME", text: string) => void,
  ): void {
    switch (frame.type) {
      case "hello":
        return refuse("FRAME", "a second hello");
      case "command": {
        const { commandId, actor, reason, command } = frame;
        void options.onCommand({ commandId, actor, reason, command }).then(
          (outcome) =>
            connection.send({
              type: "acknowledge",
              commandId: frame.commandId,
              outcome,
            } satisfies ServerFrame),
          (error: unknown) => {
            log.error("a command was left without an answer", { commandId, error });
            connection.close("a command was left without an answer");
          },
        );
        return;
      }
      case "question":
        connection.send(answer(frame.id, frame.question));
        return;
      case "subscribe":
        if (isLogTopic(frame.topic)) client.follow(frame.topic, frame.after);
        else if (!isStateTopic(frame.topic)) refuse("FRAME", "there is no such topic");
        else if (!client.watch(frame.topic, options.current(frame.topic)))
          refuse("FRAME", "more topics than a client may watch");
        return;
      case "unsubscribe":
        client.unsubscribe(frame.topic);
        return;
    }
  }

  /** A defect in a view is told to the one who asked; it is no reason to stop the desk. */
  function answer(id: number, question: Question): ServerFrame {
    try {
      return { type: "answer", id, value: options.onQuestion(question) };
    } catch (error) {
      if (error instanceof UserError) return { type: "noAnswer", id, code: "REFUSED", text: error.message };
      log.error("a question failed", { question, error });
      return { type: "noAnswer", id, code: "DEFECT", text: "the engine failed to answer: see its log" };
    }
  }

  return {
    listen: (port) => server.listen(port),
    publishState(topic, value) {
      let frame: Uint8Array | undefined;
      for (const client of clients) {
        if (!client.watches(topic)) continue;
        frame ??= encodeFrame({ type: "state", topic, value } satisfies ServerFrame);
        client.sendState(topic, frame);
      }
    },
    hasWatchers(topic) {
      for (const client of clients) if (client.watches(topic)) return true;
      return false;
    },
    publishLines(lines) {
      for (const [topic, ring] of rings) {
        const own = lines.filter((line) => topicOf(line) === topic);
        if (own.length === 0) continue;
        const from = ring.end;
        ring.append(own);
        let frame: Uint8Array | undefined;
        const encoded = () =>
          (frame ??= encodeFrame({ type: "lines", topic, lines: own } satisfies ServerFrame));
        for (const client of clients) client.sendLines(topic, from, encoded);
      }
    },
    seedLines(lines) {
      for (const [topic, ring] of lines) rings.set(topic, ring);
    },
    clients: () => clients.size,
    close: () => server.close(),
  };
}

function isStateTopic(topic: string): topic is StateTopic {
  return topic === "desk" || topic === "system" || /^market .{1,64}$/.test(topic);
}

/** In a time that says nothing about where they differ. */
function isSameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
