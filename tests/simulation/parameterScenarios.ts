/** One scenario per parameter: a parameter without one does not compile. */
import type { ParamName, ParamValues } from "../../server/contract/params.ts";
import { FAIR_VALUE_SCENARIOS } from "./scenarios/fairValue.ts";
import { INVENTORY_SCENARIOS } from "./scenarios/inventory.ts";
import { LIMIT_SCENARIOS } from "./scenarios/limits.ts";
import { MODEL_SCENARIOS } from "./scenarios/model.ts";
import { ORDER_SCENARIOS } from "./scenarios/orders.ts";
import { SPREAD_SCENARIOS } from "./scenarios/spread.ts";
import type { Scenario } from "./scenarios/scenario.ts";

export const SCENARIOS: { readonly [N in ParamName]: Scenario<ParamValues[N]> } = {
  ...MODEL_SCENARIOS,
  ...SPREAD_SCENARIOS,
  ...INVENTORY_SCENARIOS,
  ...LIMIT_SCENARIOS,
  ...FAIR_VALUE_SCENARIOS,
  ...ORDER_SCENARIOS,
};
