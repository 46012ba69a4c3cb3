import { z } from "zod";
import { readRecorderStatus } from "../../recorder/statusFile.ts";
import { readCommands } from "../../store/read/commands.ts";
import { readNotices } from "../../store/read/notices.ts";
import { readRecorderPosition } from "../../store/read/recorderPosition.ts";
import { readTradingStates } from "../../store/read/tradingStates.ts";
import { readUptime } from "../../store/read/uptime.ts";
import { ApiError, isStoreError } from "../errors.ts";
import { Nothing, PageInput, TimeRange } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

const UNWRITTEN_SIGN_OUT =
  "signed out, but the desk's disk refused to note it: a restart would let this browser in again. Make room on the disk, then sign in and out once more.";

const LoggedPage = z.strictObject({ ...PageInput.shape, ...TimeRange.shape });

export const system = router({
  /** Who asks, and until when. */
  session: procedure
    .input(Nothing)
    .query(({ ctx: { session } }) => ({ actor: session.actor, endsAtMs: session.endsAtMs })),

  /** Ends the session: streams end with it, and neither cookie nor key lets anybody in again. */
  signOut: procedure.input(Nothing).mutation(({ ctx: { services, session } }) => {
    try {
      session.end();
    } catch (error) {
      services.log.error("a sign-out could not be written down", { actor: session.actor, error });
      throw new ApiError("NOT_WRITTEN", UNWRITTEN_SIGN_OUT, error);
    }
    services.log.info("signed out", { actor: session.actor });
    return { signedOut: true };
  }),

  /** The engine's own health. */
  status: procedure.input(Nothing).query(({ ctx }) => ctx.services.link.ask({ ask: "system" })),

  alerts: procedure
    .input(
      z.strictObject({
        ...LoggedPage.shape,
        severity: z.enum(["info", "attention", "danger"]).optional(),
      }),
    )
    .query(({ ctx, input }) => {
      const { limit, before, ...filter } = input;
      return readNotices(ctx.services.store, filter, { limit, before });
    }),

  /** Every command with its outcome. */
  audit: procedure.input(LoggedPage).query(({ ctx, input }) => {
    const { limit, before, ...filter } = input;
    return readCommands(ctx.services.store, filter, { limit, before });
  }),

  states: procedure.input(LoggedPage).query(({ ctx, input }) => {
    const { limit, before, ...filter } = input;
    return readTradingStates(ctx.services.store, filter, { limit, before });
  }),

  /** Time with both sides live, per instrument. */
  uptime: procedure
    .input(z.strictObject({ fromUs: z.int().min(0), toUs: z.int().min(0) }))
    .query(({ ctx, input }) => readUptime(ctx.services.store, input)),

  /** Whether the past can be read, and how far it is written. Never an error: that is its answer. */
  database: procedure.input(Nothing).query(async ({ ctx }) => {
    const { store, home, nowMs } = ctx.services;
    const said = { recorder: readRecorderStatus(home), atMs: nowMs() };
    try {
      return {
        ...said,
        status: "up" as const,
        position: await readRecorderPosition(store),
        text: undefined,
      };
    } catch (error) {
      if (!isStoreError(error)) throw error;
      return { ...said, status: "down" as const, position: undefined, text: error.message };
    }
  }),
});
