import { describe } from "vitest";
import { halfAmendedCases, halfCanceledCases } from "./partialCases.ts";
import {
  deadMansSwitchCases,
  limitAndClockCases,
  listingCases,
  noDeadMansSwitchCases,
  saidLimitCases,
  troubleCases,
} from "./troubleCases.ts";
import { longTroubleOnTheWireCases, troubleOnTheWireCases } from "./troubleWireCases.ts";
import { WIRE_TARGETS } from "./targets.ts";

describe.concurrent("in-process", () => {
  troubleCases("in-process");
  listingCases("in-process");
});

describe.concurrent.each(WIRE_TARGETS)("%s", (target) => {
  troubleCases(target);
  troubleOnTheWireCases(target);
  longTroubleOnTheWireCases(target);
  limitAndClockCases(target);
  listingCases(target);
});

describe.concurrent("requests that are done by half", () => {
  halfAmendedCases("binance");
  halfCanceledCases("okx");
});

describe.concurrent("a limit that the venue calls used up", () => {
  saidLimitCases("binance");
});

describe.concurrent("a desk that falls silent", () => {
  noDeadMansSwitchCases("in-process");
  noDeadMansSwitchCases("binance");
  deadMansSwitchCases("okx");
  deadMansSwitchCases("kraken");
});
