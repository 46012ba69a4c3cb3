/** The procedure that routers build on: it needs a session, and it refuses other origins. */
import { initTRPC } from "@trpc/server";
import superjson from "superjson";
import { ApiError, apiCodeOf, DEFECT_TEXT, toApiError } from "./errors.ts";
import { foreignness } from "./requestGuard.ts";
import type { Services } from "./services.ts";
import type { Session } from "./session.ts";
import { StateMessage } from "./stateTopics.ts";

export interface Context {
  readonly services: Services;
  readonly headers: Headers;
  readonly session: Session | undefined;
}

/** A stream says something at least this often, so that a dead connection is found on both sides. */
const PING_MS = 1_000;
const RECONNECT_AFTER_MS = 5_000;

/** States are plain JSON, large, and pushed ten times a second to every stream: they are sent as they are. */
const transformer = {
  serialize: (value: unknown): unknown =>
    value instanceof StateMessage ? { json: value } : superjson.serialize(value),
  deserialize: superjson.deserialize,
};

const t = initTRPC.context<Context>().create({
  transformer,
  sse: {
    ping: { enabled: true, intervalMs: PING_MS },
    client: { reconnectAfterInactivityMs: RECONNECT_AFTER_MS },
  },
  errorFormatter({ shape, error }) {
    const code = apiCodeOf(error);
    const { httpStatus, path } = shape.data;
    return {
      ...shape,
      message: code === "DEFECT" ? DEFECT_TEXT : shape.message,
      data: { code, httpStatus, path },
    };
  },
});

export const { router } = t;

/** Questions, commands and streams alike. The check comes before the input is looked at. */
export const procedure = t.procedure.use(async ({ ctx, next, type }) => {
  const foreign = foreignness(ctx.headers, type === "mutation");
  if (foreign !== undefined) throw new ApiError("FOREIGN_ORIGIN", foreign);
  const { session } = ctx;
  if (session === undefined)
    throw new ApiError(
      "UNAUTHENTICATED",
      "this browser is not signed in: npm run desk -- status --url prints an address that lets it in",
    );
  const result = await next({ ctx: { session } });
  if (!result.ok) throw toApiError(result.error);
  return result;
});
