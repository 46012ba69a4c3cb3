import { z } from "zod";
import { StateScope } from "../../contract/commands.ts";
import { readLatch } from "../../link/latch.ts";
import { armDesk } from "../../link/stop.ts";
import { accepted, CommandHead } from "../command.ts";
import { ApiError } from "../errors.ts";
import { Nothing } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

/** A stop does not wait for a reason, and is not refused for a long one. */
const StopReason = z
  .string()
  .transform((text) => text.trim().slice(0, 500) || "stop pressed")
  .default("stop pressed");

export const killSwitch = router({
  /** What is latched on disk: it holds without engine and database. */
  state: procedure.input(Nothing).query(({ ctx }) => readLatch(ctx.services.home)),

  /** The id of the command is that of the receipt: pressed again it is the same stop. */
  stop: procedure
    .input(
      z.strictObject({
        commandId: z.uuid(),
        reason: StopReason,
        scope: StateScope.default({ level: "desk" }),
        state: z.enum(["KILLED", "DISARMED"]).default("KILLED"),
      }),
    )
    .mutation(({ ctx, input }) => {
      const { commandId: receiptId, ...stop } = input;
      return ctx.services.stops.press({ ...stop, receiptId, actor: ctx.session.actor });
    }),

  receipt: procedure.input(z.strictObject({ receiptId: z.uuid() })).query(({ ctx, input }) => {
    const receipt = ctx.services.stops.find(input.receiptId);
    if (receipt !== undefined) return receipt;
    throw new ApiError("NOT_FOUND", "this process knows no such receipt: the audit has every stop");
  }),

  /** Arms a scope; refused until its venues are reconciled and sealed. */
  arm: procedure
    .input(z.strictObject({ ...CommandHead.shape, scope: StateScope.default({ level: "desk" }) }))
    .mutation(async ({ ctx, input }) => {
      const { home, link } = ctx.services;
      accepted(await armDesk({ home, link, actor: ctx.session.actor, ...input }));
      return { armed: true };
    }),
});
