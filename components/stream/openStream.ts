/** The stream over tRPC's server-sent events. */
import { createTRPCClient, httpSubscriptionLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "../../server/api/router.ts";
import type { StreamMessage } from "./protocol.ts";
import type { OpenStream } from "./source.ts";

export function streamOpener(origin: string): OpenStream {
  const client = createTRPCClient<AppRouter>({
    links: [httpSubscriptionLink({ url: `${origin}/api/trpc`, transformer: superjson })],
  });
  return (input, handlers) => {
    let wasOpen = false;
    const subscription = client.stream.live.subscribe(input, {
      onStarted: () => {
        wasOpen = true;
        handlers.opened();
      },
      onData: ({ data }: { readonly data: unknown }) => handlers.message(data as StreamMessage),
      onError: (error) => handlers.ended(isDenied(error.data) ? "denied" : "lost", error.message),
      onStopped: () => handlers.ended("lost", "the server ended the stream"),
      // The link would reconnect by itself, with the cursors of its start: opening it again is exact.
      onConnectionStateChange: (state) => {
        if (state.state === "connecting" && (wasOpen || state.error !== null))
          handlers.ended("lost", "the connection was cut");
      },
    });
    return () => subscription.unsubscribe();
  };
}

function isDenied(data: unknown): boolean {
  return typeof data === "object" && data !== null && "code" in data && data.code === "UNAUTHENTICATED";
}
