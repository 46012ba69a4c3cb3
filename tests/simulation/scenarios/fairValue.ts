/** What is believed of venues and of volatility must change. */
import { expect } from "vitest";
import type { FAIR_VALUE_PARAMS } from "../../../server/contract/params/fairValue.ts";
import { ticksOf, wider, lower, higher, refuses, lastPlaceAtMs } from "../parameterChecks.ts";
import { walk, walkBps } from "../parameterDesk.ts";
import { after, flat, jump, lopsided, oneLeads, WARM_UP_S } from "../parameterPlays.ts";
import { SLOW, NO_JUMPS, type ScenariosOf } from "./scenario.ts";

export const FAIR_VALUE_SCENARIOS: ScenariosOf<typeof FAIR_VALUE_PARAMS> = {
  venueNoiseBps: {
    effect: "trusts the freshest venue less",
    values: [0.5, 20],
    given: NO_JUMPS,
    play: after(3, oneLeads),
    check: lower,
  },
  venueLagMs: {
    effect: "trusts the freshest venue less",
    values: [0, 5_000],
    given: NO_JUMPS,
    play: after(3, oneLeads),
    check: lower,
  },
  venuePrice: {
    effect: "quotes higher where a heavy bid has gone before a rise",
    values: ["mid", "micro-price"],
    given: NO_JUMPS,
    play: lopsided,
    check: higher,
  },
  venueWeights: {
    effect: "trusts a venue less that strays from the others",
    values: ["set", "estimated"],
    given: { ...NO_JUMPS, venueNoiseBps: 0.5 },
    play(desk) {
      // Long enough for the hundred distances that an estimate needs.
      desk.run(160, (venue, second) => walkBps(second) + (venue === 1 && second % 2 === 1 ? 3 : 0));
    },
  },
  basisHalfLifeMinutes: {
    effect: "takes longer to learn that the first venue stands higher",
    values: [0.1, 240],
    given: NO_JUMPS,
    play: after(10, (venue, second) => walkBps(second) + (venue === 0 ? 3 : 0)),
    check(first, second) {
      expect(ticksOf(second, "buy")).toBeLessThan(ticksOf(first, "buy"));
    },
  },
  channelSilenceMaxMs: {
    effect: "pulls the quotes of a silent venue",
    values: [120_000, 1_500],
    play: after(3, (venue, second) => (venue === 0 ? "silent" : walk(venue, second))),
    check: refuses("STALE_CHANNEL"),
  },
  quietBookZ: {
    effect: "pulls the quotes of a venue that fair value has left",
    values: [20, 1],
    given: NO_JUMPS,
    play: after(8, (venue, second) => (venue === 0 ? "quiet" : second - WARM_UP_S)),
    check: refuses("STALE_BOOK"),
  },
  volatilityPriorPct: { effect: "quotes wider", values: [20, 100], given: SLOW, play: flat, check: wider },
  jumpSigmas: {
    effect: "pulls quotes after a jump",
    values: [50, 3],
    play: after(2, jump),
    check: refuses("JUMP"),
  },
  jumpPauseMs: {
    effect: "stays out longer after a jump",
    values: [500, 5_000],
    play: after(8, jump),
    check(first, second) {
      expect(lastPlaceAtMs(second) - lastPlaceAtMs(first)).toBe(4_500);
    },
  },
};
