import { z } from "zod";
import { StateScope } from "../../contract/commands.ts";
import { commandEngine, CommandHead } from "../command.ts";
import { Nothing } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

export const venues = router({
  list: procedure.input(Nothing).query(async ({ ctx }) => {
    const { link } = ctx.services;
    const [shape, desk] = await Promise.all([link.ask({ ask: "shape" }), link.ask({ ask: "desk" })]);
    return desk.accounts.map((account) => ({
      ...account,
      venue: shape.accounts.find((one) => one.account === account.account)?.venue,
      instruments: shape.instruments.filter((one) => one.account === account.account),
    }));
  }),

  /** Pauses, restricts or releases a scope. A stop has a button of its own, and so has arming. */
  setState: procedure
    .input(
      z.strictObject({
        ...CommandHead.shape,
        scope: StateScope,
        state: z.enum(["ACTIVE", "REDUCE_ONLY", "PAUSED"]),
      }),
    )
    .mutation(({ ctx, input }) => {
      const { scope, state } = input;
      return commandEngine(ctx, input, { type: "setTradingState", scope, state });
    }),
});
