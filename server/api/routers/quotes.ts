import { z } from "zod";
import type { MarketDetail, StateTopic } from "../../contract/link.ts";
import { ApiError } from "../errors.ts";
import { Name, Nothing } from "../inputs.ts";
import type { StateTopics } from "../stateTopics.ts";
import { procedure, router } from "../trpc.ts";

/** The engine pushes a market at once to whoever begins to watch it. */
const DETAIL_WAIT_MS = 2_000;

export const quotes = router({
  desk: procedure.input(Nothing).query(({ ctx }) => ctx.services.link.ask({ ask: "desk" })),

  /** The last hour of a market by the second, from the engine itself. */
  history: procedure
    .input(
      z.strictObject({
        market: Name,
        fromS: z.number().min(0).default(0),
        stepS: z.int().min(1).max(3_600).default(1),
      }),
    )
    .query(({ ctx, input }) => ctx.services.link.ask({ ask: "history", ...input })),

  /** What the estimators of a market know, and what every model would quote on it now. */
  estimates: procedure
    .input(z.strictObject({ market: Name }))
    .query(({ ctx, input }) => ctx.services.link.ask({ ask: "estimates", ...input })),

  /** Ladders and every quote's stages, now. */
  explain: procedure.input(z.strictObject({ market: Name })).query(async ({ ctx, input }) => {
    const { link, states } = ctx.services;
    const { markets } = await link.ask({ ask: "shape" });
    if (!markets.some(({ market }) => market === input.market))
      throw new ApiError("NOT_FOUND", `there is no market ${input.market} on this desk`);
    return (await firstValue(states, `market ${input.market}`)) as MarketDetail;
  }),
});

function firstValue(states: StateTopics, topic: StateTopic): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      // It may be called before `watch` has returned.
      queueMicrotask(() => end());
      act();
    };
    const timer = setTimeout(
      () => settle(() => reject(new ApiError("NO_ANSWER", "the engine did not show the market in time"))),
      DETAIL_WAIT_MS,
    );
    const end = states.watch(topic, ({ value }) => settle(() => resolve(value)));
  });
}
