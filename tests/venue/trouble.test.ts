import { describe } from "vitest";
import {
  deadMansSwitchCases,
  limitAndListingCases,
  noDeadMansSwitchCases,
  troubleCases,
} from "./troubleCases.ts";
import { longTroubleOnTheWireCases, troubleOnTheWireCases } from "./troubleWireCases.ts";
import { WIRE_TARGETS } from "./targets.ts";

describe.concurrent("in-process", () => {
  troubleCases("in-process");
});

describe.concurrent.each(WIRE_TARGETS)("%s", (target) => {
  troubleCases(target);
  troubleOnTheWireCases(target);
  longTroubleOnTheWireCases(target);
  limitAndListingCases(target);
});

describe.concurrent("a desk that falls silent", () => {
  noDeadMansSwitchCases("binance");
  deadMansSwitchCases("okx");
  deadMansSwitchCases("kraken");
});
