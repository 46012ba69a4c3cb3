/**
 * Every knob of the engine, from the lists in `params/`: type, bounds, default, unit, label, group, help, and where
 * it may be set. Form, tRPC input, stored row, command-line flag and the table in the docs derive from here.
 */
import { z } from "zod";
import { FAIR_VALUE_PARAMS } from "./params/fairValue.ts";
import { INVENTORY_PARAMS } from "./params/inventory.ts";
import { LIMIT_PARAMS } from "./params/limits.ts";
import { MODEL_PARAMS } from "./params/model.ts";
import { ORDER_PARAMS } from "./params/orders.ts";
import { SPREAD_PARAMS } from "./params/spread.ts";
import type { ParamLevel } from "./params/param.ts";

export const PARAMS = {
  ...MODEL_PARAMS,
  ...SPREAD_PARAMS,
  ...INVENTORY_PARAMS,
  ...LIMIT_PARAMS,
  ...FAIR_VALUE_PARAMS,
  ...ORDER_PARAMS,
} as const;

export type ParamName = keyof typeof PARAMS;
export const PARAM_NAMES = Object.keys(PARAMS) as readonly ParamName[];

type Shape = { [K in ParamName]: (typeof PARAMS)[K]["schema"] };
const shape = Object.fromEntries(PARAM_NAMES.map((name) => [name, PARAMS[name].schema])) as Shape;

/** A complete set of values, as resolved for one instrument. */
export const ParamValues = z.strictObject(shape);
export type ParamValues = z.infer<typeof ParamValues>;
export type ParamValue = ParamValues[ParamName];

/** Where a value is set: the desk, one account, one market, or one symbol at one account. */
export const ParamScope = z.discriminatedUnion("level", [
  z.strictObject({ level: z.literal("desk") }),
  z.strictObject({ level: z.literal("account"), account: z.string() }),
  z.strictObject({ level: z.literal("market"), market: z.string() }),
  z.strictObject({ level: z.literal("instrument"), account: z.string(), symbol: z.string() }),
]);
export type ParamScope = z.infer<typeof ParamScope>;

const ParamNameSchema = z.enum(PARAM_NAMES as [ParamName, ...ParamName[]]);

/** One value set at one scope. `value` absent takes the setting back, so that the wider scope shows through. */
export const ParameterChange = z
  .strictObject({
    scope: ParamScope,
    name: ParamNameSchema,
    value: z.union([z.number(), z.string(), z.boolean()]).optional(),
  })
  .superRefine((change, context) => {
    const { schema, meta } = PARAMS[change.name];
    if (!(meta.levels as readonly ParamLevel[]).includes(change.scope.level))
      context.addIssue({
        code: "custom",
        path: ["scope"],
        message: `${change.name} can be set at: ${meta.levels.join(", ")}`,
      });
    if (change.value === undefined) return;
    const parsed = schema.safeParse(change.value);
    if (parsed.success) return;
    for (const issue of parsed.error.issues)
      context.addIssue({ code: "custom", path: ["value"], message: `${change.name}: ${issue.message}` });
  });
export type ParameterChange = z.infer<typeof ParameterChange>;
