"use client";

import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";
import type { LogTopic, LogTopicLines } from "../../server/contract/lines.ts";
import type { StateTopic, StateTopics, Topic } from "../../server/contract/link.ts";
import type { Connection } from "./protocol.ts";
import type { LiveEntry, LiveStore } from "./store.ts";
import { connectLive } from "./transport.ts";

const LiveContext = createContext<LiveStore | undefined>(undefined);

/** Gives the page its live values; `store` replaces the connection in examples and tests. */
export function LiveProvider({
  store,
  children,
}: {
  readonly store?: LiveStore;
  readonly children: ReactNode;
}) {
  const [connected, setConnected] = useState<LiveStore>();
  useEffect(() => {
    if (store !== undefined) return undefined;
    const live = connectLive();
    setConnected(live.store);
    return live.close;
  }, [store]);
  return <LiveContext value={store ?? connected}>{children}</LiveContext>;
}

/** The latest value of a state topic, or undefined until one has come. At most one change per frame. */
export function useLive<T extends StateTopic>(topic: T): LiveEntry<StateTopics[T]> | undefined {
  const store = useContext(LiveContext);
  return useSyncExternalStore(
    useTopic(store, topic),
    () => store?.state(topic),
    () => undefined,
  );
}

/** The latest lines of a log topic, oldest first, or undefined until it has said anything. */
export function useLines<T extends LogTopic>(topic: T): readonly LogTopicLines[T][] | undefined {
  const store = useContext(LiveContext);
  return useSyncExternalStore(
    useTopic(store, topic),
    () => store?.lines(topic),
    () => undefined,
  );
}

export function useConnection(): Connection {
  const store = useContext(LiveContext);
  const subscribe = useCallback((listener: () => void) => store?.onConnection(listener) ?? nothing, [store]);
  return useSyncExternalStore(
    subscribe,
    () => store?.connection() ?? NOT_YET,
    () => NOT_YET,
  );
}

const NOT_YET: Connection = { status: "connecting", sinceMs: 0 };
const nothing = (): void => undefined;

function useTopic(store: LiveStore | undefined, topic: Topic): (listener: () => void) => () => void {
  return useCallback((listener) => store?.subscribe(topic, listener) ?? nothing, [store, topic]);
}
