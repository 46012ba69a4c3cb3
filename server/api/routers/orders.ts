import { z } from "zod";
import { readFills } from "../../store/read/fills.ts";
import { readOrders } from "../../store/read/orders.ts";
import { Name, Nothing, PageInput, TimeRange } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

const Side = z.enum(["buy", "sell"]);

export const orders = router({
  /** What works now, in flight and unknown included, from the engine. */
  open: procedure.input(Nothing).query(({ ctx }) => ctx.services.link.ask({ ask: "openOrders" })),

  list: procedure
    .input(
      z.strictObject({
        ...PageInput.shape,
        ...TimeRange.shape,
        account: Name.optional(),
        symbol: Name.optional(),
        side: Side.optional(),
        role: z.enum(["quote", "reduce", "hedge"]).optional(),
        status: Name.optional(),
        isFinal: z.boolean().optional(),
        clientId: Name.optional(),
      }),
    )
    .query(({ ctx, input }) => {
      const { limit, before, ...filter } = input;
      return readOrders(ctx.services.store, filter, { limit, before });
    }),

  fills: procedure
    .input(
      z.strictObject({
        ...PageInput.shape,
        ...TimeRange.shape,
        account: Name.optional(),
        symbol: Name.optional(),
        side: Side.optional(),
        liquidity: z.enum(["maker", "taker"]).optional(),
        clientId: Name.optional(),
      }),
    )
    .query(({ ctx, input }) => {
      const { limit, before, ...filter } = input;
      return readFills(ctx.services.store, filter, { limit, before });
    }),
});
