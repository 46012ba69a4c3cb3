import { describe } from "vitest";
import { incidentCases } from "./incidentCases.ts";
import { TARGETS } from "./targets.ts";

describe.concurrent.each(TARGETS)("%s", (target) => {
  incidentCases(target);
});
