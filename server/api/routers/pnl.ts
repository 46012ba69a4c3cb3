import { z } from "zod";
import { readEquitySeries, readMarketSeries, SERIES_POINTS_MAX } from "../../store/read/pnl.ts";
import { Name, Nothing } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

const Range = z
  .strictObject({
    fromUs: z.int().min(0),
    toUs: z.int().min(0),
    points: z.int().min(1).max(SERIES_POINTS_MAX).default(500),
    market: Name.optional(),
  })
  .refine(({ fromUs, toUs }) => fromUs < toUs, "the range must end after it begins");

export const pnl = router({
  /** Since midnight UTC of the engine's day, and since the desk began, by part. */
  day: procedure.input(Nothing).query(async ({ ctx }) => {
    const { atUs, reportingAsset, pnl: total, day } = await ctx.services.link.ask({ ask: "desk" });
    return { atUs, reportingAsset, total, day };
  }),

  /** Recorded samples, of the desk or of one market. */
  series: procedure.input(Range).query(async ({ ctx, input }) => {
    const { store } = ctx.services;
    const { market, ...range } = input;
    if (market === undefined) return { desk: await readEquitySeries(store, range), market: [] };
    return { desk: [], market: await readMarketSeries(store, market, range) };
  }),
});
