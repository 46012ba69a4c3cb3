/** The procedure that routers build on: it needs a session, and it refuses other origins. */
import { initTRPC } from "@trpc/server";
import superjson from "superjson";
import { ApiError, apiCodeOf, DEFECT_TEXT, toApiError } from "./errors.ts";
import { foreignness } from "./requestGuard.ts";
import type { Services } from "./services.ts";
import type { Shown } from "./sessions.ts";

export interface Context {
  readonly services: Services;
  readonly headers: Headers;
  readonly shown: Shown;
}

const t = initTRPC.context<Context>().create({
  transformer: superjson,
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

const WHY_NOT = {
  none: "this browser is not signed in, or its session has ended",
  keyless: "this page has no key of its own to the browser's session",
} as const;
const WAY_IN = "npm run desk -- status --url prints an address that lets it in";

/** Questions, commands and streams alike. The check comes before the input is looked at. */
export const procedure = t.procedure.use(async ({ ctx, next, type }) => {
  const foreign = foreignness(ctx.headers, type === "mutation");
  if (foreign !== undefined) throw new ApiError("FOREIGN_ORIGIN", foreign);
  const { shown } = ctx;
  if (shown.status !== "open") throw new ApiError("UNAUTHENTICATED", `${WHY_NOT[shown.status]}: ${WAY_IN}`);
  const result = await next({ ctx: { session: shown.session } });
  if (!result.ok) throw toApiError(result.error);
  return result;
});
