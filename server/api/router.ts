/** Everything that a browser can ask of the desk: one router per noun. */
import { config } from "./routers/config.ts";
import { killSwitch } from "./routers/killSwitch.ts";
import { orders } from "./routers/orders.ts";
import { pnl } from "./routers/pnl.ts";
import { positions } from "./routers/positions.ts";
import { quotes } from "./routers/quotes.ts";
import { stream } from "./routers/stream.ts";
import { system } from "./routers/system.ts";
import { venues } from "./routers/venues.ts";
import { router } from "./trpc.ts";

export const appRouter = router({
  config,
  positions,
  pnl,
  quotes,
  orders,
  venues,
  killSwitch,
  stream,
  system,
});

export type AppRouter = typeof appRouter;
