import { describe } from "vitest";
import { cancelNewCases, orderCases } from "./orderCases.ts";
import { WIRE_TARGETS } from "./targets.ts";
import { unknownCases, unknownWireCases } from "./unknownCases.ts";

describe.concurrent("in-process", () => {
  orderCases("in-process");
  cancelNewCases("in-process");
  unknownCases("in-process");
});

describe.concurrent.each(WIRE_TARGETS)("%s", (target) => {
  orderCases(target);
  unknownCases(target);
  unknownWireCases(target);
});
