/** What is asked of orders must change. */
import { expect } from "vitest";
import type { ORDER_PARAMS } from "../../../server/contract/params/orders.ts";
import { amendsLess, firstQueryAtMs } from "../parameterChecks.ts";
import { flat, WARM_UP_S } from "../parameterPlays.ts";
import type { ScenariosOf } from "./scenario.ts";

export const ORDER_SCENARIOS: ScenariosOf<typeof ORDER_PARAMS> = {
  requoteToleranceK: { effect: "amends less often", values: [0, 2], play: flat, check: amendsLess },
  quoteLifeMinMs: { effect: "amends less often", values: [0, 5_000], play: flat, check: amendsLess },
  unknownAfterMs: {
    effect: "asks sooner for an order without an answer",
    values: [2_000, 250],
    play(desk) {
      desk.deaf = true;
      desk.run(WARM_UP_S);
    },
    check(first, second) {
      expect(firstQueryAtMs(first) - firstQueryAtMs(second)).toBe(1_750);
    },
  },
};
