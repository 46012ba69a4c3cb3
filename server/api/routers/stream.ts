import { z } from "zod";
import { isLogTopic } from "../../contract/link.ts";
import { live, LIVE_TOPIC } from "../live.ts";
import { procedure, router } from "../trpc.ts";

/** Every market of a large desk and the rest. */
const TOPICS_MAX = 64;

const Topic = z.string().refine((topic) => isLogTopic(topic) || LIVE_TOPIC.test(topic), "is no topic");
const CursorText = z.string().regex(/^\d{1,9}\.\d{1,15}\.\d{1,9}$/, "is no cursor");

export const stream = router({
  /** Rounds of messages: state topics as they change, log topics without gap or repetition after the cursors. */
  live: procedure
    .input(
      z.strictObject({
        topics: z.array(Topic).min(1).max(TOPICS_MAX),
        cursors: z
          .strictObject({ fills: CursorText, orders: CursorText, alerts: CursorText, audit: CursorText })
          .partial()
          .default({}),
      }),
    )
    .subscription(({ ctx, input, signal }) =>
      live(ctx.services, input, { signal, isOver: ctx.session.isOver }),
    ),
});
