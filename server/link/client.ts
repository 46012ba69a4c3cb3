/**
 * The other end of the link, for web, command line and tests: connects by itself whenever the engine is
 * there, and takes its subscriptions up again where they broke off.
 */
import { z } from "zod";
import type { Answers, CommandOutcome, EngineLink, Question } from "../contract/link.ts";
import { ClientFrame, LINK_PROTOCOL, type ServerFrame } from "../contract/link.ts";
import type { LogTopic } from "../contract/lines.ts";
import { readAddress } from "../host/addressFile.ts";
import { frameClient } from "../host/frameClient.ts";
import type { Log } from "../host/log.ts";
import { LinkError } from "./linkError.ts";
import { Mirror } from "./mirror.ts";
import { PENDING_MAX, PendingAnswers } from "./pendingAnswers.ts";

/** The engine acknowledges within milliseconds; an engine that hangs is to be known before a person gives up. */
const COMMAND_WAIT_MS = 10_000;
const QUESTION_WAIT_MS = 5_000;

export function connectLink({
  home,
  client,
  log,
}: {
  readonly home: string;
  /** Who connects, for the engine's log. */
  readonly client: string;
  readonly log?: Log;
}): EngineLink {
  let isConnected = false;
  let isClosed = false;
  let nextId = 1;
  let token = "";
  const commands = new PendingAnswers<string, CommandOutcome>(COMMAND_WAIT_MS);
  const questions = new PendingAnswers<number, unknown>(QUESTION_WAIT_MS);
  const connectionListeners = new Set<(connected: boolean) => void>();
  const watched = new Map<string, Watched>();
  // Once followed a topic stays so until the link closes: four rings at most.
  const mirrors = new Map<LogTopic, Mirror>();

  const frames = frameClient({
    address() {
      const address = readAddress(home, "engine");
      token = address?.token ?? "";
      return address;
    },
    onOpen(connection) {
      connection.send({ type: "hello", protocol: LINK_PROTOCOL, token, client } satisfies ClientFrame);
    },
    onFrame: (message) => receive(message as ServerFrame),
    onClose(reason) {
      if (reason.code !== "CLOSED" && reason.code !== "LOST")
        log?.warn("engine link dropped", { code: reason.code, detail: reason.text });
      for (const topic of watched.values()) topic.latest = undefined;
      setConnected(false);
      const error = (): LinkError =>
        new LinkError(
          "CLOSED",
          "the connection to the engine ended before it answered: look at the desk's state",
        );
      commands.rejectAll(error);
      questions.rejectAll(error);
    },
  });

  function setConnected(connected: boolean): void {
    if (isConnected === connected) return;
    isConnected = connected;
    for (const listener of connectionListeners) listener(connected);
  }

  function send(frame: ClientFrame): void {
    if (isConnected) frames.send(frame);
  }

  // The peer proved that it is this desk's engine by what only the owner of its home can read; its frames are taken as typed.
  function receive(frame: ServerFrame): void {
    switch (frame.type) {
      case "welcome":
        for (const mirror of mirrors.values()) if (mirror.resumeAfter.epoch > frame.epoch) mirror.startOver();
        // Before anybody hears of the connection: what they subscribe to then is theirs to send.
        for (const topic of watched.keys()) frames.send({ type: "subscribe", topic } satisfies ClientFrame);
        for (const [topic, { resumeAfter: after }] of mirrors)
          frames.send({ type: "subscribe", topic, after } satisfies ClientFrame);
        setConnected(true);
        return;
      case "refused":
        // Tried again with the address of then: an engine that has just started may have written a new one.
        log?.warn("the engine refused the link", { code: frame.code, detail: frame.text });
        return;
      case "acknowledge":
        return commands.resolve(frame.commandId, frame.outcome);
      case "answer":
        return questions.resolve(frame.id, frame.value);
      case "noAnswer":
        return questions.reject(frame.id, new LinkError("REFUSED", frame.text));
      case "state": {
        const topic = watched.get(frame.topic);
        if (topic === undefined) return;
        topic.latest = { value: frame.value };
        for (const listener of topic.listeners) listener(frame.value);
        return;
      }
      case "lines":
        return mirrors.get(frame.topic)?.lines(frame.lines);
      case "resync":
        return mirrors.get(frame.topic)?.resync(frame.oldest);
    }
  }

  function refuse(frame: ClientFrame, pending: number): LinkError | undefined {
    // The engine ends the connection of whoever breaks the protocol, and with it everybody's behind this link.
    const checked = ClientFrame.safeParse(frame);
    if (!checked.success)
      return new LinkError(
        "REFUSED",
        `not sent: ${z.prettifyError(checked.error).replace(/\s*\n\s*/g, " ")}`,
      );
    if (pending >= PENDING_MAX)
      return new LinkError("OVERLOADED", `${pending} requests to the engine wait for an answer: slow down`);
    if (isClosed) return new LinkError("CLOSED", "this link has been closed");
    if (isConnected) return undefined;
    return new LinkError("NOT_CONNECTED", "the engine is not reachable: see npm run desk -- status");
  }

  return {
    get connected() {
      return isConnected;
    },
    command(input) {
      const frame = { type: "command", ...input } as const;
      const refusal = refuse(frame, commands.size);
      if (refusal !== undefined) return Promise.reject(refusal);
      const outcome = commands.wait(
        input.commandId,
        () => new LinkError("TIMED_OUT", "the engine did not acknowledge in time: look at the desk's state"),
      );
      send(frame);
      return outcome;
    },
    ask<Q extends Question>(question: Q): Promise<Answers[Q["ask"]]> {
      const id = nextId++;
      const frame = { type: "question", id, question } as const;
      const refusal = refuse(frame, questions.size);
      if (refusal !== undefined) return Promise.reject(refusal);
      const answer = questions.wait(
        id,
        () => new LinkError("TIMED_OUT", "the engine did not answer in time"),
      );
      send(frame);
      return answer as Promise<Answers[Q["ask"]]>;
    },
    watch(topic, listener) {
      const entry = watched.get(topic) ?? { listeners: new Set(), latest: undefined };
      const own = (value: unknown): void => listener(value as Parameters<typeof listener>[0]);
      if (!watched.has(topic)) {
        watched.set(topic, entry);
        send({ type: "subscribe", topic });
      }
      entry.listeners.add(own);
      if (entry.latest !== undefined) own(entry.latest.value);
      return () => {
        if (!entry.listeners.delete(own) || entry.listeners.size > 0) return;
        watched.delete(topic);
        send({ type: "unsubscribe", topic });
      };
    },
    follow(topic, after, listener) {
      let mirror = mirrors.get(topic);
      if (mirror === undefined) {
        mirror = new Mirror();
        mirrors.set(topic, mirror);
        send({ type: "subscribe", topic, after: mirror.resumeAfter });
      }
      return mirror.follow(after, listener);
    },
    onConnection(listener) {
      connectionListeners.add(listener);
      listener(isConnected);
      return () => {
        connectionListeners.delete(listener);
      };
    },
    close() {
      isClosed = true;
      frames.close();
    },
  };
}

/** Resolves with true once the link is connected, with false when it is not within the time. */
export function untilConnected(link: EngineLink, waitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(false), waitMs);
    const unlisten: (() => void)[] = [];
    const settle = (connected: boolean): void => {
      clearTimeout(timer);
      for (const end of unlisten) end();
      resolve(connected);
    };
    // A connected link tells so at once; a listener that is told more often settles nothing anew.
    unlisten.push(link.onConnection((connected) => (connected ? settle(true) : undefined)));
    if (link.connected) settle(true);
  });
}

interface Watched {
  readonly listeners: Set<(value: unknown) => void>;
  /** Of this connection: what an engine said that is gone is not the latest. */
  latest: { readonly value: unknown } | undefined;
}
