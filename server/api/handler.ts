/** The API as one function of a request, for the route and for tests. */
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { apiCodeOf } from "./errors.ts";
import { openEventStream } from "./eventStream.ts";
import { appRouter } from "./router.ts";
import type { Services } from "./services.ts";
import type { Context } from "./trpc.ts";

export const API_PATH = "/api/trpc";
const STREAM_PATH = `${API_PATH}/stream.live`;

/** A form of every parameter at every scope is a tenth of it. Browsers always say how much they send. */
const BODY_BYTES_MAX = 1_000_000;

/** A page that asks for every scope of a large desk at once stays below. */
const BATCH_MAX = 256;

export async function handleApi(request: Request, services: Services): Promise<Response> {
  const { sessions, log } = services;
  const contextOf = ({ headers }: Request): Context => ({ services, headers, shown: sessions.find(headers) });
  const onDefect = (error: unknown, path: string | undefined): void =>
    log.error("a procedure failed", { path, error });
  if (Number(request.headers.get("content-length") ?? 0) > BODY_BYTES_MAX)
    return new Response("this is more than the desk reads", { status: 413 });
  if (request.method === "GET" && new URL(request.url).pathname === STREAM_PATH)
    return openEventStream(request, {
      callerOf: (signal) => appRouter.createCaller(contextOf(request), { signal }),
      onDefect: (error) => onDefect(error, "stream.live"),
    });
  return fetchRequestHandler({
    endpoint: API_PATH,
    req: request,
    router: appRouter,
    maxBatchSize: BATCH_MAX,
    createContext: ({ req }) => contextOf(req),
    onError({ error, path }) {
      if (apiCodeOf(error) === "DEFECT") onDefect(error.cause ?? error, path);
    },
  });
}
