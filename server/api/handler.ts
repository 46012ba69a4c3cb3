/** The API as one function of a request, for the route and for tests. */
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { apiCodeOf } from "./errors.ts";
import { foreignness } from "./requestGuard.ts";
import { appRouter } from "./router.ts";
import type { Services } from "./services.ts";
import { readSession, renewal } from "./session.ts";

export const API_PATH = "/api/trpc";

/** A form of every parameter at every scope is a tenth of it. Browsers always say how much they send. */
const BODY_BYTES_MAX = 1_000_000;

/** A page that asks for every scope of a large desk at once stays below. */
const BATCH_MAX = 256;

export async function handleApi(request: Request, services: Services): Promise<Response> {
  const { sessionKey, nowMs, log } = services;
  if (Number(request.headers.get("content-length") ?? 0) > BODY_BYTES_MAX)
    return new Response("this is more than the desk reads", { status: 413 });
  return fetchRequestHandler({
    endpoint: API_PATH,
    req: request,
    router: appRouter,
    maxBatchSize: BATCH_MAX,
    createContext({ req: { headers }, resHeaders }) {
      const session = readSession(sessionKey, headers.get("cookie"), nowMs());
      // Before the procedures run: the head of a stream has left when they do.
      const renewed = session === undefined ? undefined : renewal(sessionKey, session, nowMs());
      if (renewed !== undefined && foreignness(headers) === undefined) resHeaders.set("set-cookie", renewed);
      return { services, headers, session };
    },
    onError({ error, path }) {
      if (apiCodeOf(error) === "DEFECT")
        log.error("a procedure failed", { path, error: error.cause ?? error });
    },
  });
}
