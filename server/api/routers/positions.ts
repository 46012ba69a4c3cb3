import { z } from "zod";
import { readBalances } from "../../store/read/balances.ts";
import { commandEngine, CommandHead } from "../command.ts";
import { Name, Nothing } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

/** Atoms travel as decimal text: JSON has no integers of that size. */
const Atoms = z
  .string()
  .regex(/^-?\d{1,40}$/, "must be a whole number of atoms")
  .transform((text) => BigInt(text));

export const positions = router({
  list: procedure.input(Nothing).query(async ({ ctx }) => {
    const { atUs, reportingAsset, markets } = await ctx.services.link.ask({ ask: "desk" });
    return {
      atUs,
      reportingAsset,
      markets: markets.map(({ market, base, fair, inventoryBase, limitBase, position, pnl }) => ({
        market,
        base,
        fair,
        inventoryBase,
        limitBase,
        position,
        pnl,
      })),
    };
  }),

  /** Balance and baseline per account and asset, as last recorded. */
  balances: procedure.input(Nothing).query(({ ctx }) => readBalances(ctx.services.store)),

  /** Trades the inventory of a market back to its baselines, with reducing orders through the gate. */
  flatten: procedure
    .input(
      z.strictObject({
        ...CommandHead.shape,
        market: Name,
        slippageMaxBps: z.number().positive().max(500),
      }),
    )
    .mutation(({ ctx, input }) => {
      const { market, slippageMaxBps } = input;
      return commandEngine(ctx, input, { type: "flatten", market, slippageMaxBps });
    }),

  setBaseline: procedure
    .input(
      z.strictObject({
        ...CommandHead.shape,
        account: Name,
        asset: Name,
        baselineAtoms: Atoms,
      }),
    )
    .mutation(({ ctx, input }) => {
      const { account, asset, baselineAtoms } = input;
      return commandEngine(ctx, input, { type: "setBaseline", account, asset, baselineAtoms });
    }),
});
