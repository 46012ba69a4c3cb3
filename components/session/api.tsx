"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchStreamLink, httpLink, splitLink, TRPCClientError } from "@trpc/client";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { useState, type ReactNode } from "react";
import superjson from "superjson";
import type { AppRouter } from "../../server/api/router.ts";
import { sessionHeaders, sessionKey } from "./key.ts";

const context = createTRPCContext<AppRouter>();
export const { useTRPC, useTRPCClient } = context;

/** Queries and commands. What is live comes over the stream; queries are for history and answers. */
export function ApiProvider({ children }: { readonly children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [trpcClient] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        splitLink({
          // A command never waits for a slow query of the same batch.
          condition: (operation) => operation.type === "mutation",
          true: httpLink(HTTP),
          // Each answer comes when it is there: the engine's do not wait for the database's.
          false: httpBatchStreamLink(HTTP),
        }),
      ],
    }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <context.TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </context.TRPCProvider>
    </QueryClientProvider>
  );
}

const HTTP = {
  url: "/api/trpc",
  transformer: superjson,
  headers: () => sessionHeaders(sessionKey()),
};

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: false,
        // A refusal stays one; only what may heal by itself is asked again.
        retry: (failures, error) => failures < 2 && !REFUSALS.has(errorCode(error) ?? ""),
      },
      mutations: { retry: false },
    },
  });
}

const REFUSALS: ReadonlySet<string> = new Set([
  "UNAUTHENTICATED",
  "FOREIGN_ORIGIN",
  "BAD_INPUT",
  "REFUSED",
  "VERSION_CONFLICT",
]);

/** The API's code of an error, such as DATABASE_DOWN; undefined where the server could not be reached. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof TRPCClientError)) return undefined;
  const data: unknown = error.data;
  if (typeof data !== "object" || data === null || !("code" in data)) return undefined;
  return typeof data.code === "string" ? data.code : undefined;
}
